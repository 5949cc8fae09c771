//! VolumeConnector on the wire (1.1).

use schemas_model::VolumeConnector;
use schemas_model::ids::{Uuid, VolumeConnectorId};

use super::row::row;
use super::{Object, Row};
use crate::version::Version;

impl Object for VolumeConnector {
    const NAME: &'static str = "VolumeConnector";
    const VERSION: Version = Version::one(1);
    const ROWS: &'static [Row<Self>] = &[
        row!("id", id),
        row!("uuid", uuid),
        row!("node_id", node_id),
        row!("type", r#type),
        row!("connector_id", connector_id),
        row!("extra", extra),
        row!("created_at", created_at),
        row!("updated_at", updated_at),
    ];

    fn blank() -> Self {
        VolumeConnector {
            id: VolumeConnectorId(0),
            uuid: Uuid::from_stored(String::new()),
            node_id: None,
            r#type: String::new(),
            connector_id: String::new(),
            extra: Default::default(),
            created_at: None,
            updated_at: None,
        }
    }
}
