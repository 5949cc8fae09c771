//! Rows of `node_inventory`.

use schemas_model::NodeInventory;
use schemas_model::ids::NodeId;

use super::record::record;
use super::version;
use crate::column::{JsonObject, Moment};
use crate::error::DbResult;

const TABLE: &str = "node_inventory";

record! {
    /// A row of `node_inventory`.
    NodeInventoryRow of node_inventory ("1.1") {
        inventory_data: Option<JsonObject>,
        plugin_data: Option<JsonObject>,
        node_id: Option<i32>,
    }
}

impl NodeInventoryRow {
    /// The node inventory.
    pub(crate) fn into_model(self) -> DbResult<NodeInventory> {
        let NodeInventoryRow {
            id: _,
            inventory_data,
            plugin_data,
            node_id,
            version,
            created_at,
            updated_at,
        } = self;
        version::check(TABLE, version.as_deref(), Self::VERSION)?;
        Ok(NodeInventory {
            node_id: NodeId(node_id.unwrap_or_default()),
            inventory_data: JsonObject::or_empty(inventory_data),
            plugin_data: JsonObject::or_empty(plugin_data),
            created_at: created_at.map(|m| m.0),
            updated_at: updated_at.map(|m| m.0),
        })
    }

    /// The row of a node inventory.
    pub(crate) fn from_model(model: &NodeInventory) -> Self {
        let NodeInventory {
            node_id,
            inventory_data,
            plugin_data,
            created_at,
            updated_at,
        } = model.clone();
        NodeInventoryRow {
            id: 0,
            node_id: Some(node_id.0),
            inventory_data: Some(inventory_data.into()),
            plugin_data: Some(plugin_data.into()),
            version: Some(Self::VERSION.to_owned()),
            created_at: Moment::from_domain(created_at),
            updated_at: Moment::from_domain(updated_at),
        }
    }
}
