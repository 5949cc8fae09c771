//! Rows of `ports`.

use schemas_model::Port;
use schemas_model::ids::{NodeId, PortId, PortgroupId, Uuid};

use super::record::record;
use super::version;
use crate::column::{JsonObject, Moment};
use crate::error::DbResult;

record! {
    /// A row of `ports`.
    PortRow, PortChanges of ports ("1.16") {
        uuid: Option<String>,
        address: Option<String>,
        node_id: Option<i32>,
        extra: Option<JsonObject>,
        local_link_connection: Option<JsonObject>,
        portgroup_id: Option<i32>,
        pxe_enabled: Option<bool>,
        internal_info: Option<JsonObject>,
        physical_network: Option<String>,
        is_smartnic: Option<bool>,
        name: Option<String>,
        description: Option<String>,
        vendor: Option<String>,
        category: Option<String>,
        available_for_dynamic_portgroup: bool,
    }
}

impl PortRow {
    /// The port.
    pub(crate) fn into_model(self) -> DbResult<Port> {
        let PortRow {
            id,
            uuid,
            address,
            node_id,
            extra,
            local_link_connection,
            portgroup_id,
            pxe_enabled,
            internal_info,
            physical_network,
            is_smartnic,
            name,
            description,
            vendor,
            category,
            available_for_dynamic_portgroup,
            version,
            created_at,
            updated_at,
        } = self;
        version::check("ports", version.as_deref(), Self::VERSION)?;
        Ok(Port {
            id: PortId(id),
            uuid: Uuid::from_stored(uuid.unwrap_or_default()),
            node_id: node_id.map(NodeId),
            address: address.unwrap_or_default(),
            portgroup_id: portgroup_id.map(PortgroupId),
            pxe_enabled: pxe_enabled.unwrap_or(true),
            local_link_connection: JsonObject::or_empty(local_link_connection),
            extra: JsonObject::or_empty(extra),
            internal_info: JsonObject::or_empty(internal_info),
            physical_network,
            is_smartnic,
            name,
            description,
            vendor,
            category,
            available_for_dynamic_portgroup,
            created_at: created_at.map(|m| m.0),
            updated_at: updated_at.map(|m| m.0),
        })
    }

    /// The row of a port.
    pub(crate) fn from_model(port: &Port) -> Self {
        let Port {
            id,
            uuid,
            node_id,
            address,
            portgroup_id,
            pxe_enabled,
            local_link_connection,
            extra,
            internal_info,
            physical_network,
            is_smartnic,
            name,
            description,
            vendor,
            category,
            available_for_dynamic_portgroup,
            created_at,
            updated_at,
        } = port.clone();
        PortRow {
            id: id.0,
            uuid: Some(uuid.to_string()),
            address: Some(address),
            node_id: node_id.map(|id| id.0),
            extra: Some(extra.into()),
            local_link_connection: Some(local_link_connection.into()),
            portgroup_id: portgroup_id.map(|id| id.0),
            pxe_enabled: Some(pxe_enabled),
            internal_info: Some(internal_info.into()),
            physical_network,
            is_smartnic,
            name,
            description,
            vendor,
            category,
            available_for_dynamic_portgroup,
            version: Some(Self::VERSION.to_owned()),
            created_at: Moment::from_domain(created_at),
            updated_at: Moment::from_domain(updated_at),
        }
    }
}
