//! Creating and deleting nodes.

use diesel::prelude::*;
use schemas_model::Node;
use schemas_model::ids::NodeId;

use super::lookup::NodeIdent;
use crate::Database;
use crate::column::Moment;
use crate::connection::AnyConnection;
use crate::error::{DbError, DbResult, Resource};
use crate::rows::NodeRow;
use crate::store::one;
use crate::tables::{
    allocations, bios_settings, firmware_information, node_history, node_inventory, node_tags,
    node_traits, nodes, portgroups, ports, volume_connectors, volume_targets,
};
use crate::unique::Unique;

impl Database {
    /// Creates a node and returns it with its number and its time of creation. Traits are set
    /// apart, with [`Database::node_traits_set`].
    ///
    /// # Errors
    /// [`DbError::Duplicate`] of [`Unique::NodeUuid`], [`Unique::NodeName`] or
    /// [`Unique::NodeInstance`].
    pub async fn node_insert(&self, node: &Node) -> DbResult<Node> {
        let mut created = node.clone();
        created.created_at = Some(self.now());
        created.updated_at = None;
        created.traits = Vec::new();
        let row = NodeRow::from_model(&created);
        let about = created.clone();
        let id = self
            .transaction(move |connection| {
                diesel::insert_into(nodes::table)
                    .values(&row)
                    .execute(connection)
                    .map_err(|error| duplicate(error.into(), &about))?;
                connection.last_insert_id()
            })
            .await?;
        created.id = NodeId(id);
        Ok(created)
    }

    /// Deletes a node and everything that is its own, in one transaction. Its allocation, if it
    /// has one, goes with it.
    ///
    /// # Errors
    /// [`DbError::NotFound`].
    pub async fn node_destroy(&self, ident: impl Into<NodeIdent>) -> DbResult<()> {
        let ident = ident.into();
        self.transaction(move |connection| destroy(connection, &ident))
            .await
    }
}

/// Says which value of the node was taken.
pub(super) fn duplicate(error: DbError, node: &Node) -> DbError {
    error.about(|unique| match unique {
        Unique::NodeUuid => Some(node.uuid.to_string()),
        Unique::NodeName => node.name.clone(),
        Unique::NodeInstance => node.instance_uuid.clone(),
        _ => None,
    })
}

fn destroy(connection: &mut AnyConnection, ident: &NodeIdent) -> DbResult<()> {
    let id = number(connection, ident)?;
    // Let go of the allocation first: it is deleted below, and the node refers to it.
    diesel::update(nodes::table.find(id))
        .set((
            nodes::allocation_id.eq(None::<i32>),
            nodes::updated_at.eq(Moment(schemas_model::time::now())),
        ))
        .execute(connection)?;
    macro_rules! delete_from {
        ($($table:ident),+ $(,)?) => {$(
            diesel::delete($table::table.filter($table::node_id.eq(id))).execute(connection)?;
        )+};
    }
    delete_from!(
        ports,
        portgroups,
        node_tags,
        node_traits,
        volume_connectors,
        volume_targets,
        bios_settings,
        allocations,
        node_history,
        node_inventory,
        firmware_information,
    );
    diesel::delete(nodes::table.find(id)).execute(connection)?;
    Ok(())
}

/// The number of a node.
pub(crate) fn number(connection: &mut AnyConnection, ident: &NodeIdent) -> DbResult<i32> {
    let ids = || nodes::table.select(nodes::id);
    let found: QueryResult<i32> = match ident {
        NodeIdent::Id(id) => ids().filter(nodes::id.eq(id.0)).get_result(connection),
        NodeIdent::Uuid(uuid) => ids()
            .filter(nodes::uuid.eq(uuid.as_str()))
            .get_result(connection),
        NodeIdent::Name(name) => ids().filter(nodes::name.eq(name)).get_result(connection),
        NodeIdent::Instance(instance) => ids()
            .filter(nodes::instance_uuid.eq(instance))
            .get_result(connection),
    };
    one(found, Resource::Node, ident)
}
