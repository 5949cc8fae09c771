//! A remote volume of a node.

use crate::ids::{NodeId, Uuid, VolumeTargetId};
use crate::json::Object;
use crate::time::Timestamp;

/// A remote volume of a node. Every column of its table.
#[derive(Clone, Debug, PartialEq)]
#[allow(
    missing_docs,
    reason = "the fields are Ironic's, documented by its API reference"
)]
pub struct VolumeTarget {
    pub id: VolumeTargetId,
    pub uuid: Uuid,
    pub node_id: Option<NodeId>,
    pub volume_type: String,
    pub volume_id: String,
    pub boot_index: i32,
    pub properties: Object,
    pub extra: Object,
    pub created_at: Option<Timestamp>,
    pub updated_at: Option<Timestamp>,
}
