//! How a node reaches remote volumes (an initiator name, a WWN, an IP, a MAC).

use crate::ids::{NodeId, Uuid, VolumeConnectorId};
use crate::json::Object;
use crate::time::Timestamp;

/// How a node reaches remote volumes (an initiator name, a WWN, an IP, a MAC). Every column of its table.
#[derive(Clone, Debug, PartialEq)]
#[allow(
    missing_docs,
    reason = "the fields are Ironic's, documented by its API reference"
)]
pub struct VolumeConnector {
    pub id: VolumeConnectorId,
    pub uuid: Uuid,
    pub node_id: Option<NodeId>,
    pub r#type: String,
    pub connector_id: String,
    pub extra: Object,
    pub created_at: Option<Timestamp>,
    pub updated_at: Option<Timestamp>,
}
