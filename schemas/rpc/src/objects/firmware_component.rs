//! FirmwareComponent on the wire (1.2).

use schemas_model::FirmwareComponent;
use schemas_model::ids::NodeId;

use super::row::{beside, row};
use super::{Object, Row};
use crate::version::Version;

impl Object for FirmwareComponent {
    const NAME: &'static str = "FirmwareComponent";
    const VERSION: Version = Version::one(2);
    const ROWS: &'static [Row<Self>] = &[
        beside!("id", since 0),
        row!("node_id", node_id),
        row!("component", component),
        row!("initial_version", initial_version),
        row!("current_version", current_version),
        row!("last_version_flashed", last_version_flashed),
        row!("vendor", vendor, since 2),
        row!("model", model, since 2),
        row!("serial_number", serial_number, since 2),
        row!("created_at", created_at),
        row!("updated_at", updated_at),
    ];

    fn blank() -> Self {
        FirmwareComponent {
            node_id: NodeId(0),
            component: String::new(),
            initial_version: String::new(),
            current_version: None,
            last_version_flashed: None,
            vendor: None,
            model: None,
            serial_number: None,
            created_at: None,
            updated_at: None,
        }
    }
}
