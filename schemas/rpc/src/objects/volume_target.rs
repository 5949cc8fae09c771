//! VolumeTarget on the wire (1.1).

use schemas_model::VolumeTarget;
use schemas_model::ids::{Uuid, VolumeTargetId};

use super::row::row;
use super::{Object, Row};
use crate::version::Version;

impl Object for VolumeTarget {
    const NAME: &'static str = "VolumeTarget";
    const VERSION: Version = Version::one(1);
    const ROWS: &'static [Row<Self>] = &[
        row!("id", id),
        row!("uuid", uuid),
        row!("node_id", node_id),
        row!("volume_type", volume_type),
        row!("properties", properties),
        row!("boot_index", boot_index),
        row!("volume_id", volume_id),
        row!("extra", extra),
        row!("created_at", created_at),
        row!("updated_at", updated_at),
    ];

    fn blank() -> Self {
        VolumeTarget {
            id: VolumeTargetId(0),
            uuid: Uuid::from_stored(String::new()),
            node_id: None,
            volume_type: String::new(),
            volume_id: String::new(),
            boot_index: 0,
            properties: Default::default(),
            extra: Default::default(),
            created_at: None,
            updated_at: None,
        }
    }
}
