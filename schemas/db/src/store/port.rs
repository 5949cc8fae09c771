//! Ports.

use diesel::prelude::*;
use schemas_model::Port;
use schemas_model::ids::{NodeId, PortId, PortgroupId, Uuid};

use super::crud::crud;
use super::one;
use crate::Database;
use crate::connection::{AnyConnection, MultiBackend};
use crate::error::{DbError, DbResult, Resource};
use crate::page::{Page, Paged, paged};
use crate::rows::PortRow;
use crate::rows::listed::Listed;
use crate::tables::{nodes, ports};
use crate::unique::Unique;

const LIST: Paged = Paged {
    table: "ports",
    columns: PortRow::COLUMNS,
    marker: "uuid",
    resource: Resource::Port,
};

/// What a port is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PortIdent {
    /// By number.
    Id(PortId),
    /// By UUID.
    Uuid(Uuid),
    /// By MAC address, in lower case as stored.
    Address(String),
    /// By name.
    Name(String),
}

impl std::fmt::Display for PortIdent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            PortIdent::Id(id) => id.fmt(f),
            PortIdent::Uuid(uuid) => uuid.fmt(f),
            PortIdent::Address(text) | PortIdent::Name(text) => f.write_str(text),
        }
    }
}

/// Which ports: all conditions that are given must hold.
#[derive(Clone, Debug, Default)]
pub struct PortFilter {
    /// Of this node.
    pub node_id: Option<NodeId>,
    /// Of one of these nodes.
    pub node_id_in: Option<Vec<NodeId>>,
    /// In this port group.
    pub portgroup_id: Option<PortgroupId>,
    /// With this MAC address.
    pub address: Option<String>,
    /// Of nodes with this owner.
    pub owner: Option<String>,
    /// Of nodes with this owner or lessee.
    pub project: Option<String>,
    /// Of nodes in one of these shards.
    pub shard_in: Option<Vec<String>>,
    /// Of nodes in one of these conductor groups; an empty list is no condition.
    pub conductor_group_in: Option<Vec<String>>,
    /// Part of the description; `%` and `_` are wildcards.
    pub description_contains: Option<String>,
}

impl PortFilter {
    /// The ports of a node.
    pub fn of_node(id: NodeId) -> Self {
        PortFilter {
            node_id: Some(id),
            ..Self::default()
        }
    }

    fn query(&self) -> ports::BoxedQuery<'static, MultiBackend> {
        let mut query = ports::table.into_boxed();
        if let Some(node) = self.node_id {
            query = query.filter(ports::node_id.eq(node.0));
        }
        if let Some(nodes) = &self.node_id_in {
            let ids: Vec<i32> = nodes.iter().map(|id| id.0).collect();
            query = query.filter(ports::node_id.eq_any(ids));
        }
        if let Some(portgroup) = self.portgroup_id {
            query = query.filter(ports::portgroup_id.eq(portgroup.0));
        }
        if let Some(address) = &self.address {
            query = query.filter(ports::address.eq(address.clone()));
        }
        if let Some(owner) = &self.owner {
            let theirs = nodes::table
                .filter(nodes::owner.eq(owner.clone()))
                .select(nodes::id.nullable());
            query = query.filter(ports::node_id.eq_any(theirs));
        }
        if let Some(project) = &self.project {
            let theirs = nodes::table
                .filter(
                    nodes::owner
                        .eq(project.clone())
                        .or(nodes::lessee.eq(project.clone())),
                )
                .select(nodes::id.nullable());
            query = query.filter(ports::node_id.eq_any(theirs));
        }
        if let Some(shards) = &self.shard_in {
            let inside = nodes::table
                .filter(nodes::shard.eq_any(shards.clone()))
                .select(nodes::id.nullable());
            query = query.filter(ports::node_id.eq_any(inside));
        }
        if let Some(groups) = self.conductor_group_in.as_ref().filter(|g| !g.is_empty()) {
            let inside = nodes::table
                .filter(nodes::conductor_group.eq_any(groups.clone()))
                .select(nodes::id.nullable());
            query = query.filter(ports::node_id.eq_any(inside));
        }
        if let Some(part) = &self.description_contains {
            query = query.filter(ports::description.like(format!("%{part}%")));
        }
        query
    }
}

crud! {
    Port, PortId: PortRow of ports, Resource::Port;
    insert port_insert, by_id port_by_id, by_uuid port_by_uuid, save port_save;
    taken taken
}

fn taken(port: &Port, unique: Unique) -> Option<String> {
    match unique {
        Unique::PortAddress => Some(port.address.clone()),
        Unique::PortName => port.name.clone(),
        _ => Some(port.uuid.to_string()),
    }
}

impl Database {
    /// One port.
    ///
    /// # Errors
    /// [`DbError::NotFound`].
    pub async fn port(&self, ident: PortIdent) -> DbResult<Port> {
        self.look_up(move |connection| find(connection, &ident))
            .await
    }

    /// One port by MAC address.
    ///
    /// # Errors
    /// [`DbError::NotFound`].
    pub async fn port_by_address(&self, address: &str) -> DbResult<Port> {
        self.port(PortIdent::Address(address.to_owned())).await
    }

    /// One port by name.
    ///
    /// # Errors
    /// [`DbError::NotFound`].
    pub async fn port_by_name(&self, name: &str) -> DbResult<Port> {
        self.port(PortIdent::Name(name.to_owned())).await
    }

    /// A page of the ports that a filter lets through.
    ///
    /// # Errors
    /// [`DbError::InvalidSortKey`]; [`DbError::NotFound`] for a marker that is none.
    pub async fn port_list(&self, filter: &PortFilter, page: &Page) -> DbResult<Vec<Port>> {
        let (filter, page) = (filter.clone(), page.clone());
        self.read(move |connection| {
            let clauses = page.clauses(connection, &LIST)?;
            let listed = Listed::<PortRow>::of(&page.shown);
            let query = filter.query().select(listed);
            listed
                .load(connection, paged!(query, clauses))?
                .map(|row| row?.into_model())
                .collect()
        })
        .await
    }

    /// Deletes a port.
    ///
    /// # Errors
    /// [`DbError::NotFound`].
    pub async fn port_destroy(&self, uuid: &Uuid) -> DbResult<()> {
        let uuid = uuid.clone();
        self.write(move |connection| {
            let count = diesel::delete(ports::table.filter(ports::uuid.eq(uuid.as_str())))
                .execute(connection)?;
            if count == 0 {
                return Err(DbError::not_found(Resource::Port, &uuid));
            }
            Ok(())
        })
        .await
    }
}

fn find(connection: &mut AnyConnection, ident: &PortIdent) -> DbResult<Port> {
    let all = || ports::table.select(PortRow::as_select());
    let found: QueryResult<PortRow> = match ident {
        PortIdent::Id(id) => all().filter(ports::id.eq(id.0)).get_result(connection),
        PortIdent::Uuid(uuid) => all()
            .filter(ports::uuid.eq(uuid.as_str()))
            .get_result(connection),
        PortIdent::Address(address) => all()
            .filter(ports::address.eq(address))
            .get_result(connection),
        PortIdent::Name(name) => all().filter(ports::name.eq(name)).get_result(connection),
    };
    one(found, Resource::Port, ident)?.into_model()
}
