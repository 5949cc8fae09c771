//! What an inspection found in a node.

use crate::ids::NodeId;
use crate::json::Object;
use crate::time::Timestamp;

/// Inspection data. Every column of its table but the number.
#[derive(Clone, Debug, PartialEq)]
#[allow(
    missing_docs,
    reason = "the fields are Ironic's, documented by its API reference"
)]
pub struct NodeInventory {
    pub node_id: NodeId,
    pub inventory_data: Object,
    pub plugin_data: Object,
    pub created_at: Option<Timestamp>,
    pub updated_at: Option<Timestamp>,
}
