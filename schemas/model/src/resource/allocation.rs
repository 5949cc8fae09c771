//! An allocation: a request for a node, and the node found for it.

use crate::ids::{AllocationId, ConductorId, NodeId, Uuid};
use crate::json::Object;
use crate::time::Timestamp;
use crate::wire_enum::wire_enum;

wire_enum! {
    /// Where an allocation stands.
    pub enum AllocationState("allocation state") {
        /// A node is being looked for.
        Allocating = "allocating",
        /// A node was found and taken.
        Active = "active",
        /// None could be taken; see `last_error`.
        Error = "error",
    }
}

/// A request for a node. Every column of its table.
#[derive(Clone, Debug, PartialEq)]
#[allow(
    missing_docs,
    reason = "the fields are Ironic's, documented by its API reference"
)]
pub struct Allocation {
    pub id: AllocationId,
    pub uuid: Uuid,
    pub name: Option<String>,
    pub node_id: Option<NodeId>,
    pub state: AllocationState,
    pub owner: Option<String>,
    pub last_error: Option<String>,
    pub resource_class: Option<String>,
    pub traits: Vec<String>,
    pub candidate_nodes: Vec<String>,
    pub extra: Object,
    pub conductor_affinity: Option<ConductorId>,
    pub created_at: Option<Timestamp>,
    pub updated_at: Option<Timestamp>,
}
