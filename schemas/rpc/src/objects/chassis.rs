//! Chassis on the wire (1.4).

use schemas_model::Chassis;
use schemas_model::ids::{ChassisId, Uuid};

use super::row::row;
use super::{Object, Row};
use crate::version::Version;

impl Object for Chassis {
    const NAME: &'static str = "Chassis";
    const VERSION: Version = Version::one(4);
    const ROWS: &'static [Row<Self>] = &[
        row!("id", id),
        row!("uuid", uuid),
        row!("extra", extra),
        row!("description", description),
        row!("created_at", created_at),
        row!("updated_at", updated_at),
    ];

    fn blank() -> Self {
        Chassis {
            id: ChassisId(0),
            uuid: Uuid::from_stored(String::new()),
            description: None,
            extra: Default::default(),
            created_at: None,
            updated_at: None,
        }
    }
}
