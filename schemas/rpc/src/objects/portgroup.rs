//! Portgroup on the wire (1.9).

use schemas_model::Portgroup;
use schemas_model::ids::{PortgroupId, Uuid};

use super::row::{beside, row};
use super::{Object, Row};
use crate::version::Version;

impl Object for Portgroup {
    const NAME: &'static str = "Portgroup";
    const VERSION: Version = Version::one(9);
    const ROWS: &'static [Row<Self>] = &[
        row!("id", id),
        row!("uuid", uuid),
        row!("name", name),
        row!("node_id", node_id),
        beside!("node_uuid", since 5),
        row!("address", address),
        row!("extra", extra),
        row!("internal_info", internal_info, since 1),
        row!("standalone_ports_supported", standalone_ports_supported, since 2),
        row!("mode", mode, since 3),
        row!("properties", properties, since 3),
        row!("physical_network", physical_network, since 7),
        row!("category", category, since 8),
        row!("dynamic_portgroup", dynamic_portgroup, since 9),
        row!("created_at", created_at),
        row!("updated_at", updated_at),
    ];

    fn blank() -> Self {
        Portgroup {
            id: PortgroupId(0),
            uuid: Uuid::from_stored(String::new()),
            name: None,
            node_id: None,
            address: None,
            mode: None,
            standalone_ports_supported: true,
            properties: Default::default(),
            extra: Default::default(),
            internal_info: Default::default(),
            physical_network: None,
            category: None,
            dynamic_portgroup: false,
            created_at: None,
            updated_at: None,
        }
    }
}
