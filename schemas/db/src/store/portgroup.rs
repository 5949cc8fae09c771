//! Port groups.

use diesel::prelude::*;
use schemas_model::Portgroup;
use schemas_model::ids::{NodeId, PortgroupId, Uuid};

use super::crud::crud;
use super::one;
use crate::Database;
use crate::connection::MultiBackend;
use crate::error::{DbError, DbResult, Resource};
use crate::page::{Page, Paged, paged};
use crate::rows::PortgroupRow;
use crate::rows::listed::Listed;
use crate::tables::{nodes, portgroups, ports};
use crate::unique::Unique;

const LIST: Paged = Paged {
    table: "portgroups",
    columns: PortgroupRow::COLUMNS,
    marker: "uuid",
    resource: Resource::Portgroup,
};

/// Which port groups: all conditions that are given must hold.
#[derive(Clone, Debug, Default)]
pub struct PortgroupFilter {
    /// Of this node.
    pub node_id: Option<NodeId>,
    /// With this MAC address.
    pub address: Option<String>,
    /// Of nodes with this owner or lessee.
    pub project: Option<String>,
    /// Of nodes in one of these shards.
    pub shard_in: Option<Vec<String>>,
    /// Of nodes in one of these conductor groups; an empty list is no condition.
    pub conductor_group_in: Option<Vec<String>>,
}

impl PortgroupFilter {
    fn query(&self) -> portgroups::BoxedQuery<'static, MultiBackend> {
        let mut query = portgroups::table.into_boxed();
        if let Some(node) = self.node_id {
            query = query.filter(portgroups::node_id.eq(node.0));
        }
        if let Some(address) = &self.address {
            query = query.filter(portgroups::address.eq(address.clone()));
        }
        if let Some(project) = &self.project {
            let theirs = nodes::table
                .filter(
                    nodes::owner
                        .eq(project.clone())
                        .or(nodes::lessee.eq(project.clone())),
                )
                .select(nodes::id.nullable());
            query = query.filter(portgroups::node_id.eq_any(theirs));
        }
        if let Some(shards) = &self.shard_in {
            let inside = nodes::table
                .filter(nodes::shard.eq_any(shards.clone()))
                .select(nodes::id.nullable());
            query = query.filter(portgroups::node_id.eq_any(inside));
        }
        if let Some(groups) = self.conductor_group_in.as_ref().filter(|g| !g.is_empty()) {
            let inside = nodes::table
                .filter(nodes::conductor_group.eq_any(groups.clone()))
                .select(nodes::id.nullable());
            query = query.filter(portgroups::node_id.eq_any(inside));
        }
        query
    }
}

crud! {
    Portgroup, PortgroupId: PortgroupRow of portgroups, Resource::Portgroup;
    insert portgroup_insert, by_id portgroup_by_id, by_uuid portgroup_by_uuid, save portgroup_save;
    taken taken
}

fn taken(portgroup: &Portgroup, unique: Unique) -> Option<String> {
    match unique {
        Unique::PortgroupAddress => portgroup.address.clone(),
        Unique::PortgroupName => portgroup.name.clone(),
        _ => Some(portgroup.uuid.to_string()),
    }
}

impl Database {
    /// One port group by name.
    ///
    /// # Errors
    /// [`DbError::NotFound`].
    pub async fn portgroup_by_name(&self, name: &str) -> DbResult<Portgroup> {
        let name = name.to_owned();
        self.look_up(move |connection| {
            let found = portgroups::table
                .filter(portgroups::name.eq(&name))
                .select(PortgroupRow::as_select())
                .get_result(connection);
            one(found, Resource::Portgroup, &name)?.into_model()
        })
        .await
    }

    /// One port group by UUID or name.
    ///
    /// # Errors
    /// [`DbError::NotFound`].
    pub async fn portgroup_by_ident(&self, ident: &str) -> DbResult<Portgroup> {
        match Uuid::parse(ident) {
            Ok(uuid) => self.portgroup_by_uuid(&uuid).await,
            Err(_) => self.portgroup_by_name(ident).await,
        }
    }

    /// A page of the port groups that a filter lets through.
    ///
    /// # Errors
    /// [`DbError::InvalidSortKey`]; [`DbError::NotFound`] for a marker that is none.
    pub async fn portgroup_list(
        &self,
        filter: &PortgroupFilter,
        page: &Page,
    ) -> DbResult<Vec<Portgroup>> {
        let (filter, page) = (filter.clone(), page.clone());
        self.read(move |connection| {
            let clauses = page.clauses(connection, &LIST)?;
            let listed = Listed::<PortgroupRow>::of(&page.shown);
            let query = filter.query().select(listed);
            listed
                .load(connection, paged!(query, clauses))?
                .map(|row| row?.into_model())
                .collect()
        })
        .await
    }

    /// UUIDs of port groups by number; unknown numbers are absent.
    pub async fn portgroup_uuids(
        &self,
        ids: impl IntoIterator<Item = PortgroupId>,
    ) -> DbResult<std::collections::HashMap<PortgroupId, Uuid>> {
        let mut ids: Vec<i32> = ids.into_iter().map(|id| id.0).collect();
        ids.sort_unstable();
        ids.dedup();
        self.look_up_each(ids.len(), move |connection| {
            let rows: Vec<(i32, Option<String>)> = portgroups::table
                .filter(portgroups::id.eq_any(ids.clone()))
                .select((portgroups::id, portgroups::uuid))
                .load(connection)?;
            Ok(rows
                .into_iter()
                .map(|(id, uuid)| (PortgroupId(id), Uuid::from_stored(uuid.unwrap_or_default())))
                .collect())
        })
        .await
    }

    /// Deletes an empty port group.
    ///
    /// # Errors
    /// [`DbError::NotEmpty`] while ports are in it, [`DbError::NotFound`].
    pub async fn portgroup_destroy(&self, uuid: &Uuid) -> DbResult<()> {
        let uuid = uuid.clone();
        self.transaction(move |connection| {
            let id: i32 = one(
                portgroups::table
                    .filter(portgroups::uuid.eq(uuid.as_str()))
                    .select(portgroups::id)
                    .get_result(connection),
                Resource::Portgroup,
                &uuid,
            )?;
            let inside: i64 = ports::table
                .filter(ports::portgroup_id.eq(id))
                .count()
                .get_result(connection)?;
            if inside > 0 {
                return Err(DbError::NotEmpty {
                    resource: Resource::Portgroup,
                    ident: uuid.to_string(),
                });
            }
            diesel::delete(portgroups::table.find(id)).execute(connection)?;
            Ok(())
        })
        .await
    }
}
