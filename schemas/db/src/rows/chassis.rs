//! Rows of `chassis`.

use schemas_model::Chassis;
use schemas_model::ids::{ChassisId, Uuid};

use super::record::record;
use super::version;
use crate::column::{JsonObject, Moment};
use crate::error::DbResult;

record! {
    /// A row of `chassis`.
    ChassisRow, ChassisChanges of chassis ("1.4") {
        uuid: Option<String>,
        extra: Option<JsonObject>,
        description: Option<String>,
    }
}

impl ChassisRow {
    /// The chassis.
    pub(crate) fn into_model(self) -> DbResult<Chassis> {
        let ChassisRow {
            id,
            uuid,
            extra,
            description,
            version,
            created_at,
            updated_at,
        } = self;
        version::check("chassis", version.as_deref(), Self::VERSION)?;
        Ok(Chassis {
            id: ChassisId(id),
            uuid: Uuid::from_stored(uuid.unwrap_or_default()),
            description,
            extra: JsonObject::or_empty(extra),
            created_at: created_at.map(|m| m.0),
            updated_at: updated_at.map(|m| m.0),
        })
    }

    /// The row of a chassis.
    pub(crate) fn from_model(chassis: &Chassis) -> Self {
        let Chassis {
            id,
            uuid,
            description,
            extra,
            created_at,
            updated_at,
        } = chassis.clone();
        ChassisRow {
            id: id.0,
            uuid: Some(uuid.to_string()),
            extra: Some(extra.into()),
            description,
            version: Some(Self::VERSION.to_owned()),
            created_at: Moment::from_domain(created_at),
            updated_at: Moment::from_domain(updated_at),
        }
    }
}
