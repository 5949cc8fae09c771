//! One entry of a node's history.

use crate::ids::{NodeId, Uuid};
use crate::time::Timestamp;

/// What happened to a node. Every column of its table but the number.
#[derive(Clone, Debug, PartialEq)]
#[allow(
    missing_docs,
    reason = "the fields are Ironic's, documented by its API reference"
)]
pub struct NodeHistory {
    pub uuid: Uuid,
    pub node_id: NodeId,
    pub conductor: Option<String>,
    pub event_type: Option<String>,
    pub severity: Option<String>,
    pub event: Option<String>,
    pub user: Option<String>,
    pub project: Option<String>,
    pub state: Option<String>,
    pub target_provision_state: Option<String>,
    pub duration_seconds: Option<i32>,
    pub created_at: Option<Timestamp>,
    pub updated_at: Option<Timestamp>,
}
