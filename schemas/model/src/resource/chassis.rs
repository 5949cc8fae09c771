//! A group of nodes, usually an enclosure.

use crate::ids::{ChassisId, Uuid};
use crate::json::Object;
use crate::time::Timestamp;

/// A group of nodes, usually an enclosure. Every column of its table.
#[derive(Clone, Debug, PartialEq)]
#[allow(
    missing_docs,
    reason = "the fields are Ironic's, documented by its API reference"
)]
pub struct Chassis {
    pub id: ChassisId,
    pub uuid: Uuid,
    pub description: Option<String>,
    pub extra: Object,
    pub created_at: Option<Timestamp>,
    pub updated_at: Option<Timestamp>,
}
