//! An inspection rule: conditions over inspection data, and actions on the node.

use crate::ids::{InspectionRuleId, Uuid};
use crate::json::Array;
use crate::time::Timestamp;

/// A rule. Every column of its table.
#[derive(Clone, Debug, PartialEq)]
#[allow(
    missing_docs,
    reason = "the fields are Ironic's, documented by its API reference"
)]
pub struct InspectionRule {
    pub id: InspectionRuleId,
    pub uuid: Uuid,
    pub priority: i32,
    pub description: Option<String>,
    pub scope: Option<String>,
    pub sensitive: bool,
    pub phase: Option<String>,
    pub conditions: Array,
    pub actions: Array,
    pub created_at: Option<Timestamp>,
    pub updated_at: Option<Timestamp>,
}
