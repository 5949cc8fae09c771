//! Chassis.

use diesel::prelude::*;
use schemas_model::Chassis;
use schemas_model::ids::{ChassisId, Uuid};

use super::crud::crud;
use super::one;
use crate::Database;
use crate::column::Moment;
use crate::error::{DbError, DbResult, Resource};
use crate::page::{Page, Paged, paged};
use crate::rows::ChassisRow;
use crate::rows::listed::Listed;
use crate::tables::{chassis, nodes};
use crate::unique::Unique;

const LIST: Paged = Paged {
    table: "chassis",
    columns: ChassisRow::COLUMNS,
    marker: "uuid",
    resource: Resource::Chassis,
};

crud! {
    Chassis, ChassisId: ChassisRow of chassis, Resource::Chassis;
    insert chassis_insert, by_id chassis_by_id, by_uuid chassis_by_uuid, save chassis_save_changes;
    taken taken
}

/// The only unique column is the UUID.
fn taken(chassis: &Chassis, _: Unique) -> Option<String> {
    Some(chassis.uuid.to_string())
}

impl Database {
    /// Saves changes, and the time, even when nothing changed: the reference updates the row with
    /// its version whatever else there is (Ironic 39.0.0, observed; chassis only).
    ///
    /// # Errors
    /// [`DbError::NotFound`](crate::DbError::NotFound),
    /// [`DbError::Duplicate`](crate::DbError::Duplicate).
    pub async fn chassis_save(&self, before: &Chassis, after: &mut Chassis) -> DbResult<()> {
        self.chassis_save_changes(before, after).await?;
        if after.updated_at != before.updated_at {
            return Ok(());
        }
        let (id, now) = (before.id, self.now());
        self.write(move |connection| {
            diesel::update(chassis::table.find(id.0))
                .set(chassis::updated_at.eq(Moment(now)))
                .execute(connection)
                .map_err(DbError::from)
        })
        .await?;
        after.updated_at = Some(now);
        Ok(())
    }

    /// A page of the chassis.
    ///
    /// # Errors
    /// [`DbError::InvalidSortKey`]; [`DbError::NotFound`] for a marker that is none.
    pub async fn chassis_list(&self, page: &Page) -> DbResult<Vec<Chassis>> {
        let page = page.clone();
        self.read(move |connection| {
            let clauses = page.clauses(connection, &LIST)?;
            let listed = Listed::<ChassisRow>::of(&page.shown);
            let query = chassis::table.into_boxed().select(listed);
            listed
                .load(connection, paged!(query, clauses))?
                .map(|row| row?.into_model())
                .collect()
        })
        .await
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
                    .get_result(connection),
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
