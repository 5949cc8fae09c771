//! Rows of `volume_targets`.

use schemas_model::VolumeTarget;
use schemas_model::ids::{NodeId, Uuid, VolumeTargetId};

use super::record::record;
use super::version;
use crate::column::{JsonObject, Moment};
use crate::error::DbResult;

const TABLE: &str = "volume_targets";

record! {
    /// A row of `volume_targets`.
    VolumeTargetRow, VolumeTargetChanges of volume_targets ("1.1") {
        uuid: Option<String>,
        node_id: Option<i32>,
        volume_type: Option<String>,
        properties: Option<JsonObject>,
        boot_index: Option<i32>,
        volume_id: Option<String>,
        extra: Option<JsonObject>,
    }
}

impl VolumeTargetRow {
    /// The volume target.
    pub(crate) fn into_model(self) -> DbResult<VolumeTarget> {
        let VolumeTargetRow {
            id,
            uuid,
            node_id,
            volume_type,
            properties,
            boot_index,
            volume_id,
            extra,
            version,
            created_at,
            updated_at,
        } = self;
        version::check(TABLE, version.as_deref(), Self::VERSION)?;
        Ok(VolumeTarget {
            id: VolumeTargetId(id),
            uuid: Uuid::from_stored(uuid.unwrap_or_default()),
            node_id: node_id.map(NodeId),
            volume_type: volume_type.unwrap_or_default(),
            volume_id: volume_id.unwrap_or_default(),
            boot_index: boot_index.unwrap_or_default(),
            properties: JsonObject::or_empty(properties),
            extra: JsonObject::or_empty(extra),
            created_at: created_at.map(|m| m.0),
            updated_at: updated_at.map(|m| m.0),
        })
    }

    /// The row of a volume target.
    pub(crate) fn from_model(model: &VolumeTarget) -> Self {
        let VolumeTarget {
            id,
            uuid,
            node_id,
            volume_type,
            volume_id,
            boot_index,
            properties,
            extra,
            created_at,
            updated_at,
        } = model.clone();
        VolumeTargetRow {
            id: id.0,
            uuid: Some(uuid.to_string()),
            node_id: node_id.map(|id| id.0),
            volume_type: Some(volume_type),
            volume_id: Some(volume_id),
            boot_index: Some(boot_index),
            properties: Some(properties.into()),
            extra: Some(extra.into()),
            version: Some(Self::VERSION.to_owned()),
            created_at: Moment::from_domain(created_at),
            updated_at: Moment::from_domain(updated_at),
        }
    }
}
