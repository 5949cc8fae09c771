//! Allocations, and how one gets its node.

use diesel::prelude::*;
use schemas_model::ids::{AllocationId, ConductorId, NodeId, Uuid};
use schemas_model::{Allocation, AllocationState, Object};
use serde_json::Value;

use super::crud::crud;
use super::one;
use crate::Database;
use crate::column::{JsonObject, Moment};
use crate::error::{DbError, DbResult, Resource};
use crate::page::{Page, Paged, paged};
use crate::rows::AllocationRow;
use crate::rows::listed::Listed;
use crate::tables::{allocations, nodes};
use crate::unique::Unique;

const LIST: Paged = Paged {
    table: "allocations",
    columns: AllocationRow::COLUMNS,
    marker: "uuid",
    resource: Resource::Allocation,
};

/// Which allocations: all conditions that are given must hold.
#[derive(Clone, Debug, Default)]
pub struct AllocationFilter {
    /// In this state.
    pub state: Option<AllocationState>,
    /// For this resource class.
    pub resource_class: Option<String>,
    /// With this node.
    pub node_id: Option<NodeId>,
    /// Of this conductor.
    pub conductor_affinity: Option<ConductorId>,
    /// Of this owner.
    pub owner: Option<String>,
}

crud! {
    Allocation, AllocationId: AllocationRow of allocations, Resource::Allocation;
    insert allocation_insert, by_id allocation_by_id, by_uuid allocation_by_uuid, save allocation_save;
    taken taken
}

fn taken(allocation: &Allocation, unique: Unique) -> Option<String> {
    match unique {
        Unique::AllocationName => allocation.name.clone(),
        _ => Some(allocation.uuid.to_string()),
    }
}

impl Database {
    /// One allocation by name.
    ///
    /// # Errors
    /// [`DbError::NotFound`].
    pub async fn allocation_by_name(&self, name: &str) -> DbResult<Allocation> {
        let name = name.to_owned();
        self.look_up(move |connection| {
            let found = allocations::table
                .filter(allocations::name.eq(&name))
                .select(AllocationRow::as_select())
                .get_result(connection);
            one(found, Resource::Allocation, &name)?.into_model()
        })
        .await
    }

    /// One allocation by UUID or name.
    ///
    /// # Errors
    /// [`DbError::NotFound`].
    pub async fn allocation_by_ident(&self, ident: &str) -> DbResult<Allocation> {
        match Uuid::parse(ident) {
            Ok(uuid) => self.allocation_by_uuid(&uuid).await,
            Err(_) => self.allocation_by_name(ident).await,
        }
    }

    /// A page of the allocations that a filter lets through.
    ///
    /// # Errors
    /// [`DbError::InvalidSortKey`]; [`DbError::NotFound`] for a marker that is none.
    pub async fn allocation_list(
        &self,
        filter: &AllocationFilter,
        page: &Page,
    ) -> DbResult<Vec<Allocation>> {
        let (filter, page) = (filter.clone(), page.clone());
        self.read(move |connection| {
            let clauses = page.clauses(connection, &LIST)?;
            let listed = Listed::<AllocationRow>::of(&page.shown);
            let mut query = allocations::table.into_boxed().select(listed);
            if let Some(state) = filter.state {
                query = query.filter(allocations::state.eq(state.as_str()));
            }
            if let Some(class) = &filter.resource_class {
                query = query.filter(allocations::resource_class.eq(class.clone()));
            }
            if let Some(node) = filter.node_id {
                query = query.filter(allocations::node_id.eq(node.0));
            }
            if let Some(conductor) = filter.conductor_affinity {
                query = query.filter(allocations::conductor_affinity.eq(conductor.0));
            }
            if let Some(owner) = &filter.owner {
                query = query.filter(allocations::owner.eq(owner.clone()));
            }
            listed
                .load(connection, paged!(query, clauses))?
                .map(|row| row?.into_model())
                .collect()
        })
        .await
    }

    /// Gives a node to an allocation, in one transaction: `after` is written, and the node gets
    /// the allocation, its UUID as the instance, and its traits into `instance_info`. The caller
    /// has set `node_id` in `after`.
    ///
    /// # Errors
    /// [`DbError::NodeAssociated`] when another instance is on the node; nothing is written then.
    /// [`DbError::Duplicate`] when the UUID is the instance of another node;
    /// [`DbError::NotFound`] of the allocation or the node.
    pub async fn allocation_associate(
        &self,
        before: &Allocation,
        after: &mut Allocation,
    ) -> DbResult<()> {
        let Some(node) = after.node_id else {
            return Err(DbError::Internal("an association without a node".into()));
        };
        let now = self.now();
        let changes = AllocationRow::changes(
            &AllocationRow::from_model(before),
            AllocationRow::from_model(after),
        )
        .stamped(now);
        let allocation = after.clone();
        self.transaction(move |connection| {
            let id = allocation.id.0;
            let uuid = allocation.uuid.as_str();
            // The condition and the change are one statement: of two allocations one wins.
            let count = diesel::update(
                nodes::table.filter(nodes::id.eq(node.0)).filter(
                    nodes::instance_uuid
                        .is_null()
                        .or(nodes::instance_uuid.eq(uuid)),
                ),
            )
            .set((
                nodes::allocation_id.eq(id),
                nodes::instance_uuid.eq(uuid),
                nodes::updated_at.eq(Moment(now)),
            ))
            .execute(connection)
            .map_err(|error| DbError::from(error).about(|_| Some(uuid.to_owned())))?;
            let (node_uuid, instance, info): (Option<String>, Option<String>, Option<JsonObject>) =
                one(
                    nodes::table
                        .find(node.0)
                        .select((nodes::uuid, nodes::instance_uuid, nodes::instance_info))
                        .get_result(connection),
                    Resource::Node,
                    node,
                )?;
            if count == 0 {
                return Err(DbError::NodeAssociated {
                    node: node_uuid.unwrap_or_default(),
                    instance: instance.unwrap_or_default(),
                });
            }
            let mut info: Object = JsonObject::or_empty(info);
            let traits: Vec<Value> = allocation.traits.iter().cloned().map(Value::from).collect();
            info.set("traits", traits);
            diesel::update(nodes::table.find(node.0))
                .set(nodes::instance_info.eq(JsonObject(info)))
                .execute(connection)?;
            let count = diesel::update(allocations::table.find(id))
                .set(&changes)
                .execute(connection)
                .map_err(|error| DbError::from(error).about(|unique| taken(&allocation, unique)))?;
            if count == 0 {
                return Err(DbError::not_found(Resource::Allocation, uuid));
            }
            Ok(())
        })
        .await?;
        after.updated_at = Some(now);
        Ok(())
    }

    /// Moves an allocation from one conductor to another, if it is still the first one's.
    /// Returns whether it was.
    ///
    /// # Errors
    /// [`DbError::NotFound`].
    pub async fn allocation_take_over(
        &self,
        id: AllocationId,
        from: Option<ConductorId>,
        to: ConductorId,
    ) -> DbResult<bool> {
        let now = Moment(self.now());
        self.transaction(move |connection| {
            let values = (
                allocations::conductor_affinity.eq(to.0),
                allocations::updated_at.eq(now),
            );
            let this = allocations::table.filter(allocations::id.eq(id.0));
            let count = match from {
                Some(from) => {
                    diesel::update(this.filter(allocations::conductor_affinity.eq(from.0)))
                        .set(values)
                        .execute(connection)?
                }
                None => diesel::update(this.filter(allocations::conductor_affinity.is_null()))
                    .set(values)
                    .execute(connection)?,
            };
            let there: i64 = this.count().get_result(connection)?;
            if there == 0 {
                return Err(DbError::not_found(Resource::Allocation, id));
            }
            Ok(count == 1)
        })
        .await
    }

    /// Deletes an allocation; its node is free again.
    ///
    /// # Errors
    /// [`DbError::NotFound`].
    pub async fn allocation_destroy(&self, id: AllocationId) -> DbResult<()> {
        let now = Moment(self.now());
        self.transaction(move |connection| {
            diesel::update(nodes::table.filter(nodes::allocation_id.eq(id.0)))
                .set((
                    nodes::allocation_id.eq(None::<i32>),
                    nodes::instance_uuid.eq(None::<String>),
                    nodes::updated_at.eq(now),
                ))
                .execute(connection)?;
            let count = diesel::delete(allocations::table.find(id.0)).execute(connection)?;
            if count == 0 {
                return Err(DbError::not_found(Resource::Allocation, id));
            }
            Ok(())
        })
        .await
    }
}
