//! What inspection found in a node.

use diesel::prelude::*;
use schemas_model::NodeInventory;
use schemas_model::ids::NodeId;

use super::one;
use crate::Database;
use crate::error::{DbError, DbResult, Resource};
use crate::rows::NodeInventoryRow;
use crate::tables::node_inventory;

impl Database {
    /// Stores the inventory of a node in place of any older one.
    pub async fn node_inventory_put(&self, inventory: &NodeInventory) -> DbResult<NodeInventory> {
        let mut created = inventory.clone();
        created.created_at = Some(self.now());
        created.updated_at = None;
        let row = NodeInventoryRow::from_model(&created);
        self.transaction(move |connection| {
            diesel::delete(node_inventory::table.filter(node_inventory::node_id.eq(row.node_id)))
                .execute(connection)?;
            diesel::insert_into(node_inventory::table)
                .values(&row)
                .execute(connection)?;
            Ok(())
        })
        .await?;
        Ok(created)
    }

    /// The newest inventory of a node; databases of older releases can hold several.
    ///
    /// # Errors
    /// [`DbError::NotFound`].
    pub async fn node_inventory(&self, node: NodeId) -> DbResult<NodeInventory> {
        self.look_up(move |connection| {
            let found = node_inventory::table
                .filter(node_inventory::node_id.eq(node.0))
                .order((node_inventory::created_at.desc(), node_inventory::id.desc()))
                .select(NodeInventoryRow::as_select())
                .get_result(connection);
            one(found, Resource::NodeInventory, node)?.into_model()
        })
        .await
    }

    /// Deletes the inventories of a node.
    ///
    /// # Errors
    /// [`DbError::NotFound`] when there is none.
    pub async fn node_inventory_destroy(&self, node: NodeId) -> DbResult<()> {
        self.write(move |connection| {
            let count =
                diesel::delete(node_inventory::table.filter(node_inventory::node_id.eq(node.0)))
                    .execute(connection)?;
            if count == 0 {
                return Err(DbError::not_found(Resource::NodeInventory, node));
            }
            Ok(())
        })
        .await
    }
}
