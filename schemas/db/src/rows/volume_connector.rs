//! Rows of `volume_connectors`.

use schemas_model::VolumeConnector;
use schemas_model::ids::{NodeId, Uuid, VolumeConnectorId};

use super::record::record;
use super::version;
use crate::column::{JsonObject, Moment};
use crate::error::DbResult;

const TABLE: &str = "volume_connectors";

record! {
    /// A row of `volume_connectors`.
    VolumeConnectorRow, VolumeConnectorChanges of volume_connectors ("1.1") {
        uuid: Option<String>,
        node_id: Option<i32>,
        type_: Option<String>,
        connector_id: Option<String>,
        extra: Option<JsonObject>,
    }
}

impl VolumeConnectorRow {
    /// The volume connector.
    pub(crate) fn into_model(self) -> DbResult<VolumeConnector> {
        let VolumeConnectorRow {
            id,
            uuid,
            node_id,
            type_,
            connector_id,
            extra,
            version,
            created_at,
            updated_at,
        } = self;
        version::check(TABLE, version.as_deref(), Self::VERSION)?;
        Ok(VolumeConnector {
            id: VolumeConnectorId(id),
            uuid: Uuid::from_stored(uuid.unwrap_or_default()),
            node_id: node_id.map(NodeId),
            r#type: type_.unwrap_or_default(),
            connector_id: connector_id.unwrap_or_default(),
            extra: JsonObject::or_empty(extra),
            created_at: created_at.map(|m| m.0),
            updated_at: updated_at.map(|m| m.0),
        })
    }

    /// The row of a volume connector.
    pub(crate) fn from_model(model: &VolumeConnector) -> Self {
        let VolumeConnector {
            id,
            uuid,
            node_id,
            r#type: type_,
            connector_id,
            extra,
            created_at,
            updated_at,
        } = model.clone();
        VolumeConnectorRow {
            id: id.0,
            uuid: Some(uuid.to_string()),
            node_id: node_id.map(|id| id.0),
            type_: Some(type_),
            connector_id: Some(connector_id),
            extra: Some(extra.into()),
            version: Some(Self::VERSION.to_owned()),
            created_at: Moment::from_domain(created_at),
            updated_at: Moment::from_domain(updated_at),
        }
    }
}
