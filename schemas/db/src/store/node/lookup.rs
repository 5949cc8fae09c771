//! Reading nodes.

use std::collections::HashMap;

use diesel::prelude::*;
use schemas_model::Node;
use schemas_model::ids::{AllocationId, ChassisId, ConductorId, NodeId, Uuid};

use super::filter::NodeFilter;
use crate::Database;
use crate::connection::AnyConnection;
use crate::error::{DbError, DbResult, Resource};
use crate::page::{Page, Paged, paged};
use crate::rows::direct::Wanted;
use crate::rows::listed::load;
use crate::rows::{NodeRow, NodeSelection};
use crate::store::one;
use crate::tables::{allocations, chassis, conductors, node_traits, nodes, ports};

/// How nodes are paged.
pub(super) const LIST: Paged = Paged {
    table: "nodes",
    columns: NodeRow::COLUMNS,
    marker: "uuid",
    resource: Resource::Node,
};

/// Parameters that one statement may have; MariaDB and PostgreSQL stop at 65535, SQLite at 32766.
const BATCH: usize = 10_000;

/// What a node is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NodeIdent {
    /// By number.
    Id(NodeId),
    /// By UUID.
    Uuid(Uuid),
    /// By name.
    Name(String),
    /// By the instance on it.
    Instance(String),
}

impl NodeIdent {
    /// A UUID if the text is UUID-like, else a name.
    pub fn parse(text: &str) -> Self {
        match Uuid::parse(text) {
            Ok(uuid) => NodeIdent::Uuid(uuid),
            Err(_) => NodeIdent::Name(text.to_owned()),
        }
    }
}

impl From<NodeId> for NodeIdent {
    fn from(id: NodeId) -> Self {
        NodeIdent::Id(id)
    }
}

impl From<&Uuid> for NodeIdent {
    fn from(uuid: &Uuid) -> Self {
        NodeIdent::Uuid(uuid.clone())
    }
}

impl std::fmt::Display for NodeIdent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            NodeIdent::Id(id) => id.fmt(f),
            NodeIdent::Uuid(uuid) => uuid.fmt(f),
            NodeIdent::Name(text) | NodeIdent::Instance(text) => f.write_str(text),
        }
    }
}

impl Database {
    /// One node, with its traits.
    ///
    /// # Errors
    /// [`DbError::NotFound`]; of [`Resource::Instance`] when it was looked for by instance.
    pub async fn node(&self, ident: impl Into<NodeIdent>) -> DbResult<Node> {
        let ident = ident.into();
        self.look_up(move |connection| find(connection, &ident))
            .await
    }

    /// One node by number.
    pub async fn node_by_id(&self, id: NodeId) -> DbResult<Node> {
        self.node(id).await
    }

    /// One node by UUID.
    pub async fn node_by_uuid(&self, uuid: &Uuid) -> DbResult<Node> {
        self.node(uuid).await
    }

    /// One node by name.
    pub async fn node_by_name(&self, name: &str) -> DbResult<Node> {
        self.node(NodeIdent::Name(name.to_owned())).await
    }

    /// One node by UUID or name.
    pub async fn node_by_ident(&self, ident: &str) -> DbResult<Node> {
        self.node(NodeIdent::parse(ident)).await
    }

    /// The node that an instance is on.
    pub async fn node_by_instance_uuid(&self, instance: &str) -> DbResult<Node> {
        self.node(NodeIdent::Instance(instance.to_owned())).await
    }

    /// The one node that has ports with any of these addresses.
    ///
    /// # Errors
    /// [`DbError::NotFound`] when there is none, [`DbError::AmbiguousLookup`] when several have.
    pub async fn node_by_port_addresses(&self, addresses: &[String]) -> DbResult<Node> {
        let addresses = addresses.to_vec();
        self.look_up(move |connection| {
            let mut ids: Vec<i32> = ports::table
                .filter(ports::address.eq_any(addresses.clone()))
                .filter(ports::node_id.is_not_null())
                .select(ports::node_id.assume_not_null())
                .load(connection)?;
            ids.sort_unstable();
            ids.dedup();
            match ids.as_slice() {
                [id] => find(connection, &NodeIdent::Id(NodeId(*id))),
                [] => Err(DbError::not_found(
                    Resource::Node,
                    format!("with port addresses {}", addresses.join(", ")),
                )),
                _ => Err(DbError::AmbiguousLookup {
                    addresses: addresses.join(", "),
                }),
            }
        })
        .await
    }

    /// The nodes that a filter lets through, a page of them, with their traits. Two statements,
    /// however many nodes there are.
    ///
    /// # Errors
    /// [`DbError::InvalidSortKey`]; [`DbError::NotFound`] for a marker or a chassis that is none.
    pub async fn node_list(&self, filter: &NodeFilter, page: &Page) -> DbResult<Vec<Node>> {
        let (filter, page, now) = (filter.clone(), page.clone(), self.now());
        self.read(move |connection| {
            let query = filter.query(connection, now)?;
            let clauses = page.clauses(connection, &LIST)?;
            // Row by row: a page of rows and the same page of nodes would be twice the memory.
            let query = paged!(query.select(NodeSelection), clauses);
            let mut nodes = load::<NodeRow, _, _>(connection, query, Wanted::ALL)?
                .map(|row| row?.into_model())
                .collect::<DbResult<Vec<Node>>>()?;
            load_traits(connection, &mut nodes)?;
            Ok(nodes)
        })
        .await
    }

    /// How many nodes a filter lets through.
    pub async fn node_count(&self, filter: &NodeFilter) -> DbResult<u64> {
        let (filter, now) = (filter.clone(), self.now());
        self.read(move |connection| {
            let count: i64 = filter
                .query(connection, now)?
                .count()
                .get_result(connection)?;
            Ok(u64::try_from(count).unwrap_or_default())
        })
        .await
    }

    /// UUIDs of chassis by number; unknown numbers are absent.
    pub async fn chassis_uuids(
        &self,
        ids: impl IntoIterator<Item = ChassisId>,
    ) -> DbResult<HashMap<ChassisId, Uuid>> {
        let ids = distinct(ids.into_iter().map(|id| id.0));
        self.look_up_each(ids.len(), move |connection| {
            let mut found = HashMap::with_capacity(ids.len());
            for batch in ids.chunks(BATCH) {
                let rows: Vec<(i32, Option<String>)> = chassis::table
                    .filter(chassis::id.eq_any(batch.to_vec()))
                    .select((chassis::id, chassis::uuid))
                    .load(connection)?;
                found.extend(
                    rows.into_iter()
                        .map(|(id, uuid)| (ChassisId(id), stored_uuid(uuid))),
                );
            }
            Ok(found)
        })
        .await
    }

    /// UUIDs of allocations by number; unknown numbers are absent.
    pub async fn allocation_uuids(
        &self,
        ids: impl IntoIterator<Item = AllocationId>,
    ) -> DbResult<HashMap<AllocationId, Uuid>> {
        let ids = distinct(ids.into_iter().map(|id| id.0));
        self.look_up_each(ids.len(), move |connection| {
            let mut found = HashMap::with_capacity(ids.len());
            for batch in ids.chunks(BATCH) {
                let rows: Vec<(i32, String)> = allocations::table
                    .filter(allocations::id.eq_any(batch.to_vec()))
                    .select((allocations::id, allocations::uuid))
                    .load(connection)?;
                found.extend(
                    rows.into_iter()
                        .map(|(id, uuid)| (AllocationId(id), Uuid::from_stored(uuid))),
                );
            }
            Ok(found)
        })
        .await
    }

    /// UUIDs of nodes by number; unknown numbers are absent.
    pub async fn node_uuids(
        &self,
        ids: impl IntoIterator<Item = NodeId>,
    ) -> DbResult<HashMap<NodeId, Uuid>> {
        let ids = distinct(ids.into_iter().map(|id| id.0));
        self.look_up_each(ids.len(), move |connection| {
            let mut found = HashMap::with_capacity(ids.len());
            for batch in ids.chunks(BATCH) {
                let rows: Vec<(i32, Option<String>)> = nodes::table
                    .filter(nodes::id.eq_any(batch.to_vec()))
                    .select((nodes::id, nodes::uuid))
                    .load(connection)?;
                found.extend(
                    rows.into_iter()
                        .map(|(id, uuid)| (NodeId(id), stored_uuid(uuid))),
                );
            }
            Ok(found)
        })
        .await
    }

    /// Host names of conductors by number; unknown numbers are absent.
    pub async fn conductor_hostnames(
        &self,
        ids: impl IntoIterator<Item = ConductorId>,
    ) -> DbResult<HashMap<ConductorId, String>> {
        let ids = distinct(ids.into_iter().map(|id| id.0));
        self.look_up_each(ids.len(), move |connection| {
            let rows: Vec<(i32, String)> = conductors::table
                .filter(conductors::id.eq_any(ids.clone()))
                .select((conductors::id, conductors::hostname))
                .load(connection)?;
            Ok(rows
                .into_iter()
                .map(|(id, hostname)| (ConductorId(id), hostname))
                .collect())
        })
        .await
    }
}

fn distinct(ids: impl Iterator<Item = i32>) -> Vec<i32> {
    let mut ids: Vec<i32> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn stored_uuid(uuid: Option<String>) -> Uuid {
    Uuid::from_stored(uuid.unwrap_or_default())
}

/// One node, with its traits.
pub(crate) fn find(connection: &mut AnyConnection, ident: &NodeIdent) -> DbResult<Node> {
    let all = || nodes::table.select(NodeSelection);
    let (found, resource): (QueryResult<NodeRow>, _) = match ident {
        NodeIdent::Id(id) => (
            all().filter(nodes::id.eq(id.0)).get_result(connection),
            Resource::Node,
        ),
        NodeIdent::Uuid(uuid) => (
            all()
                .filter(nodes::uuid.eq(uuid.as_str()))
                .get_result(connection),
            Resource::Node,
        ),
        NodeIdent::Name(name) => (
            all().filter(nodes::name.eq(name)).get_result(connection),
            Resource::Node,
        ),
        NodeIdent::Instance(instance) => (
            all()
                .filter(nodes::instance_uuid.eq(instance))
                .get_result(connection),
            Resource::Instance,
        ),
    };
    let mut node = one(found, resource, ident)?.into_model()?;
    node.traits = node_traits::table
        .filter(node_traits::node_id.eq(node.id.0))
        .order(node_traits::trait_.asc())
        .select(node_traits::trait_)
        .load(connection)?;
    Ok(node)
}

/// The traits of many nodes at once.
fn load_traits(connection: &mut AnyConnection, nodes: &mut [Node]) -> DbResult<()> {
    let mut traits: HashMap<i32, Vec<String>> = HashMap::new();
    let ids: Vec<i32> = nodes.iter().map(|node| node.id.0).collect();
    let rows = || {
        node_traits::table
            .order(node_traits::trait_.asc())
            .select((node_traits::node_id, node_traits::trait_))
    };
    let mut keep = |rows: Vec<(i32, String)>| {
        for (node, name) in rows {
            traits.entry(node).or_default().push(name);
        }
    };
    match (ids.iter().min(), ids.iter().max()) {
        // A page of neighbours: two parameters instead of one for each.
        (Some(first), Some(last)) if is_dense(*first, *last, ids.len()) => keep(
            rows()
                .filter(node_traits::node_id.ge(*first))
                .filter(node_traits::node_id.le(*last))
                .load(connection)?,
        ),
        _ => {
            for batch in ids.chunks(BATCH) {
                keep(
                    rows()
                        .filter(node_traits::node_id.eq_any(batch.to_vec()))
                        .load(connection)?,
                );
            }
        }
    }
    if !traits.is_empty() {
        for node in nodes {
            node.traits = traits.remove(&node.id.0).unwrap_or_default();
        }
    }
    Ok(())
}

/// Whether so many numbers fill at least half of the range they are in.
fn is_dense(first: i32, last: i32, count: usize) -> bool {
    let range = i64::from(last) - i64::from(first) + 1;
    usize::try_from(range).is_ok_and(|range| range <= count.saturating_mul(2))
}
