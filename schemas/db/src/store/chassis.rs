//! Chassis.

use diesel::prelude::*;
use schemas_model::Chassis;
use schemas_model::ids::{ChassisId, Uuid};

use super::one;
use crate::Database;
use crate::error::{DbError, DbResult, Resource};
use crate::page::{Page, Paged, paged};
use crate::rows::ChassisRow;
use crate::tables::{chassis, nodes};

const LIST: Paged = Paged {
    table: "chassis",
    columns: ChassisRow::COLUMNS,
    marker: "uuid",
    resource: Resource::Chassis,
};

impl Database {
    /// Creates a chassis and returns it with its number and its time of creation.
    ///
    /// # Errors
    /// [`DbError::Duplicate`] of the UUID.
    pub async fn chassis_insert(&self, chassis: &Chassis) -> DbResult<Chassis> {
        let mut created = chassis.clone();
        created.created_at = Some(self.now());
        created.updated_at = None;
        let row = ChassisRow::from_chassis(&created);
        let id = self
            .transaction(move |connection| {
                diesel::insert_into(chassis::table)
                    .values(&row)
                    .execute(connection)
                    .map_err(|error| DbError::from(error).about(|_| row.uuid.clone()))?;
                connection.last_insert_id()
            })
            .await?;
        created.id = ChassisId(id);
        Ok(created)
    }

    /// One chassis by UUID.
    ///
    /// # Errors
    /// [`DbError::NotFound`].
    pub async fn chassis_by_uuid(&self, uuid: &Uuid) -> DbResult<Chassis> {
        let uuid = uuid.clone();
        self.read(move |connection| {
            let found = chassis::table
                .filter(chassis::uuid.eq(uuid.as_str()))
                .select(ChassisRow::as_select())
                .first(connection);
            one(found, Resource::Chassis, &uuid)?.into_chassis()
        })
        .await
    }

    /// One chassis by number.
    ///
    /// # Errors
    /// [`DbError::NotFound`].
    pub async fn chassis_by_id(&self, id: ChassisId) -> DbResult<Chassis> {
        self.read(move |connection| {
            let found = chassis::table
                .find(id.0)
                .select(ChassisRow::as_select())
                .first(connection);
            one(found, Resource::Chassis, id)?.into_chassis()
        })
        .await
    }

    /// A page of the chassis.
    ///
    /// # Errors
    /// [`DbError::InvalidSortKey`]; [`DbError::NotFound`] for a marker that is none.
    pub async fn chassis_list(&self, page: &Page) -> DbResult<Vec<Chassis>> {
        let page = page.clone();
        self.read(move |connection| {
            let clauses = page.clauses(connection, &LIST)?;
            let query = chassis::table.into_boxed().select(ChassisRow::as_select());
            let rows: Vec<ChassisRow> = paged!(query, clauses).load(connection)?;
            rows.into_iter().map(ChassisRow::into_chassis).collect()
        })
        .await
    }

    /// Writes the columns in which `after` differs from `before`.
    ///
    /// # Errors
    /// [`DbError::NotFound`].
    pub async fn chassis_save(&self, before: &Chassis, after: &mut Chassis) -> DbResult<()> {
        let changes = ChassisRow::changes(
            &ChassisRow::from_chassis(before),
            ChassisRow::from_chassis(after),
        );
        if changes.is_empty() {
            return Ok(());
        }
        let now = self.now();
        let (id, changes) = (before.id, changes.stamped(now));
        self.write(move |connection| {
            let count = diesel::update(chassis::table.find(id.0))
                .set(&changes)
                .execute(connection)?;
            if count == 0 {
                return Err(DbError::not_found(Resource::Chassis, id));
            }
            Ok(())
        })
        .await?;
        after.updated_at = Some(now);
        Ok(())
    }

    /// Deletes an empty chassis.
    ///
    /// # Errors
    /// [`DbError::NotEmpty`] while nodes are in it, [`DbError::NotFound`].
    pub async fn chassis_destroy(&self, uuid: &Uuid) -> DbResult<()> {
        let uuid = uuid.clone();
        self.transaction(move |connection| {
            let id: i32 = one(
                chassis::table
                    .filter(chassis::uuid.eq(uuid.as_str()))
                    .select(chassis::id)
                    .first(connection),
                Resource::Chassis,
                &uuid,
            )?;
            let inside: i64 = nodes::table
                .filter(nodes::chassis_id.eq(id))
                .count()
                .get_result(connection)?;
            if inside > 0 {
                return Err(DbError::NotEmpty {
                    resource: Resource::Chassis,
                    ident: uuid.to_string(),
                });
            }
            diesel::delete(chassis::table.find(id)).execute(connection)?;
            Ok(())
        })
        .await
    }
}
