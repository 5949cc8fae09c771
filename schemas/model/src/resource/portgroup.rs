//! A group of ports that act as one.

use crate::ids::{NodeId, PortgroupId, Uuid};
use crate::json::Object;
use crate::time::Timestamp;

/// A group of ports that act as one. Every column of its table.
#[derive(Clone, Debug, PartialEq)]
#[allow(
    missing_docs,
    reason = "the fields are Ironic's, documented by its API reference"
)]
pub struct Portgroup {
    pub id: PortgroupId,
    pub uuid: Uuid,
    pub name: Option<String>,
    pub node_id: Option<NodeId>,
    pub address: Option<String>,
    pub mode: Option<String>,
    pub standalone_ports_supported: bool,
    pub properties: Object,
    pub extra: Object,
    pub internal_info: Object,
    pub physical_network: Option<String>,
    pub category: Option<String>,
    pub dynamic_portgroup: bool,
    pub created_at: Option<Timestamp>,
    pub updated_at: Option<Timestamp>,
}
