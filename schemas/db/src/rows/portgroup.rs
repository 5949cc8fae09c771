//! Rows of `portgroups`.

use schemas_model::Portgroup;
use schemas_model::ids::{NodeId, PortgroupId, Uuid};

use super::record::record;
use super::version;
use crate::column::{JsonObject, Moment};
use crate::error::DbResult;

const TABLE: &str = "portgroups";

record! {
    /// A row of `portgroups`.
    PortgroupRow, PortgroupChanges of portgroups ("1.9") {
        uuid: Option<String>,
        name: Option<String>,
        node_id: Option<i32>,
        address: Option<String>,
        extra: Option<JsonObject>,
        internal_info: Option<JsonObject>,
        standalone_ports_supported: Option<bool>,
        mode: Option<String>,
        properties: Option<JsonObject>,
        physical_network: Option<String>,
        category: Option<String>,
        dynamic_portgroup: Option<bool>,
    }
}

impl PortgroupRow {
    /// The portgroup.
    pub(crate) fn into_model(self) -> DbResult<Portgroup> {
        let PortgroupRow {
            id,
            uuid,
            name,
            node_id,
            address,
            extra,
            internal_info,
            standalone_ports_supported,
            mode,
            properties,
            physical_network,
            category,
            dynamic_portgroup,
            version,
            created_at,
            updated_at,
        } = self;
        version::check(TABLE, version.as_deref(), Self::VERSION)?;
        Ok(Portgroup {
            id: PortgroupId(id),
            uuid: Uuid::from_stored(uuid.unwrap_or_default()),
            name,
            node_id: node_id.map(NodeId),
            address,
            mode,
            standalone_ports_supported: standalone_ports_supported.unwrap_or(true),
            properties: JsonObject::or_empty(properties),
            extra: JsonObject::or_empty(extra),
            internal_info: JsonObject::or_empty(internal_info),
            physical_network,
            category,
            dynamic_portgroup: dynamic_portgroup.unwrap_or_default(),
            created_at: created_at.map(|m| m.0),
            updated_at: updated_at.map(|m| m.0),
        })
    }

    /// The row of a portgroup.
    pub(crate) fn from_model(model: &Portgroup) -> Self {
        let Portgroup {
            id,
            uuid,
            name,
            node_id,
            address,
            mode,
            standalone_ports_supported,
            properties,
            extra,
            internal_info,
            physical_network,
            category,
            dynamic_portgroup,
            created_at,
            updated_at,
        } = model.clone();
        PortgroupRow {
            id: id.0,
            uuid: Some(uuid.to_string()),
            name,
            node_id: node_id.map(|id| id.0),
            address,
            mode,
            standalone_ports_supported: Some(standalone_ports_supported),
            properties: Some(properties.into()),
            extra: Some(extra.into()),
            internal_info: Some(internal_info.into()),
            physical_network,
            category,
            dynamic_portgroup: Some(dynamic_portgroup),
            version: Some(Self::VERSION.to_owned()),
            created_at: Moment::from_domain(created_at),
            updated_at: Moment::from_domain(updated_at),
        }
    }
}
