//! Port on the wire (1.16).

use schemas_model::Port;
use schemas_model::ids::{PortId, Uuid};

use super::row::{beside, row};
use super::{Object, Row};
use crate::version::Version;

impl Object for Port {
    const NAME: &'static str = "Port";
    const VERSION: Version = Version::one(16);
    const ROWS: &'static [Row<Self>] = &[
        row!("id", id),
        row!("uuid", uuid),
        row!("node_id", node_id),
        beside!("node_uuid", since 11),
        row!("address", address),
        row!("extra", extra),
        row!("local_link_connection", local_link_connection, since 5),
        row!("portgroup_id", portgroup_id, since 5),
        row!("pxe_enabled", pxe_enabled, since 5),
        row!("internal_info", internal_info, since 6),
        row!("physical_network", physical_network, since 7),
        row!("is_smartnic", is_smartnic, since 9),
        row!("name", name, since 10),
        row!("description", description, since 12),
        row!("vendor", vendor, since 13),
        row!("category", category, since 15),
        row!("available_for_dynamic_portgroup", available_for_dynamic_portgroup, since 16),
        row!("created_at", created_at),
        row!("updated_at", updated_at),
    ];

    fn blank() -> Self {
        Port {
            id: PortId(0),
            uuid: Uuid::from_stored(String::new()),
            node_id: None,
            address: String::new(),
            portgroup_id: None,
            pxe_enabled: true,
            local_link_connection: Default::default(),
            extra: Default::default(),
            internal_info: Default::default(),
            physical_network: None,
            is_smartnic: Some(false),
            name: None,
            description: None,
            vendor: None,
            category: None,
            available_for_dynamic_portgroup: true,
            created_at: None,
            updated_at: None,
        }
    }
}
