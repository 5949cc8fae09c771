//! A network port of a node.

use crate::ids::{NodeId, PortId, PortgroupId, Uuid};
use crate::json::Object;
use crate::time::Timestamp;

/// A network port of a node. Every column of its table.
#[derive(Clone, Debug, PartialEq)]
#[allow(
    missing_docs,
    reason = "the fields are Ironic's, documented by its API reference"
)]
pub struct Port {
    pub id: PortId,
    pub uuid: Uuid,
    pub node_id: Option<NodeId>,
    pub address: String,
    pub portgroup_id: Option<PortgroupId>,
    pub pxe_enabled: bool,
    pub local_link_connection: Object,
    pub extra: Object,
    pub internal_info: Object,
    pub physical_network: Option<String>,
    /// Null in ports whose flag was taken away; counts as false.
    pub is_smartnic: Option<bool>,
    pub name: Option<String>,
    pub description: Option<String>,
    pub vendor: Option<String>,
    pub category: Option<String>,
    pub available_for_dynamic_portgroup: bool,
    pub created_at: Option<Timestamp>,
    pub updated_at: Option<Timestamp>,
}
