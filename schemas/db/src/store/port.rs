//! Ports.

use diesel::prelude::*;
use schemas_model::Port;
use schemas_model::ids::{NodeId, PortId, PortgroupId, Uuid};

use super::one;
use crate::Database;
use crate::connection::{AnyConnection, MultiBackend};
use crate::error::{DbError, DbResult, Resource};
use crate::page::{Page, Paged, paged};
use crate::rows::PortRow;
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

impl Database {
    /// Creates a port and returns it with its number and its time of creation.
    ///
    /// # Errors
    /// [`DbError::Duplicate`] of [`Unique::PortUuid`], [`Unique::PortAddress`] or
    /// [`Unique::PortName`].
    pub async fn port_insert(&self, port: &Port) -> DbResult<Port> {
        let mut created = port.clone();
        created.created_at = Some(self.now());
        created.updated_at = None;
        let (row, about) = (PortRow::from_port(&created), created.clone());
        let id = self
            .transaction(move |connection| {
                diesel::insert_into(ports::table)
                    .values(&row)
                    .execute(connection)
                    .map_err(|error| duplicate(error.into(), &about))?;
                connection.last_insert_id()
            })
            .await?;
        created.id = PortId(id);
        Ok(created)
    }

    /// One port.
    ///
    /// # Errors
    /// [`DbError::NotFound`].
    pub async fn port(&self, ident: PortIdent) -> DbResult<Port> {
        self.read(move |connection| find(connection, &ident)).await
    }

    /// One port by number.
    ///
    /// # Errors
    /// [`DbError::NotFound`].
    pub async fn port_by_id(&self, id: PortId) -> DbResult<Port> {
        self.port(PortIdent::Id(id)).await
    }

    /// One port by UUID.
    ///
    /// # Errors
    /// [`DbError::NotFound`].
    pub async fn port_by_uuid(&self, uuid: &Uuid) -> DbResult<Port> {
        self.port(PortIdent::Uuid(uuid.clone())).await
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
            let query = filter.query().select(PortRow::as_select());
            let rows: Vec<PortRow> = paged!(query, clauses).load(connection)?;
            rows.into_iter().map(PortRow::into_port).collect()
        })
        .await
    }

    /// Writes the columns in which `after` differs from `before`.
    ///
    /// # Errors
    /// [`DbError::NotFound`], [`DbError::Duplicate`] of the address or the name.
    pub async fn port_save(&self, before: &Port, after: &mut Port) -> DbResult<()> {
        let changes = PortRow::changes(&PortRow::from_port(before), PortRow::from_port(after));
        if changes.is_empty() {
            return Ok(());
        }
        let now = self.now();
        let (id, changes, about) = (before.id, changes.stamped(now), after.clone());
        self.write(move |connection| {
            let count = diesel::update(ports::table.find(id.0))
                .set(&changes)
                .execute(connection)
                .map_err(|error| duplicate(error.into(), &about))?;
            if count == 0 {
                return Err(DbError::not_found(Resource::Port, &about.uuid));
            }
            Ok(())
        })
        .await?;
        after.updated_at = Some(now);
        Ok(())
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
        PortIdent::Id(id) => all().filter(ports::id.eq(id.0)).first(connection),
        PortIdent::Uuid(uuid) => all()
            .filter(ports::uuid.eq(uuid.as_str()))
            .first(connection),
        PortIdent::Address(address) => all().filter(ports::address.eq(address)).first(connection),
        PortIdent::Name(name) => all().filter(ports::name.eq(name)).first(connection),
    };
    one(found, Resource::Port, ident)?.into_port()
}

/// Says which value of the port was taken.
fn duplicate(error: DbError, port: &Port) -> DbError {
    error.about(|unique| match unique {
        Unique::PortUuid => Some(port.uuid.to_string()),
        Unique::PortAddress => Some(port.address.clone()),
        Unique::PortName => port.name.clone(),
        _ => None,
    })
}
