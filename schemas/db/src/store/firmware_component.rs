//! Firmware components of nodes.

use diesel::prelude::*;
use schemas_model::FirmwareComponent;
use schemas_model::ids::NodeId;

use super::one;
use crate::Database;
use crate::error::{DbResult, Resource};
use crate::page::Shown;
use crate::rows::FirmwareComponentRow;
use crate::rows::listed::Listed;
use crate::tables::firmware_information;

impl Database {
    /// The components of a node, in the order in which they were found.
    pub async fn firmware_component_list(&self, node: NodeId) -> DbResult<Vec<FirmwareComponent>> {
        self.look_up(move |connection| {
            let listed = Listed::<FirmwareComponentRow>::of(&Shown::Everything);
            let query = firmware_information::table
                .filter(firmware_information::node_id.eq(node.0))
                .select(listed);
            let rows = listed.load(connection, query)?;
            let mut rows = rows.collect::<DbResult<Vec<_>>>()?;
            // SQLite would copy all the rows for that.
            rows.sort_unstable_by_key(|row| row.id);
            rows.into_iter()
                .map(FirmwareComponentRow::into_model)
                .collect()
        })
        .await
    }

    /// One component of a node.
    ///
    /// # Errors
    /// [`DbError::NotFound`](crate::DbError::NotFound).
    pub async fn firmware_component(
        &self,
        node: NodeId,
        component: &str,
    ) -> DbResult<FirmwareComponent> {
        let component = component.to_owned();
        self.look_up(move |connection| {
            let found = firmware_information::table
                .filter(firmware_information::node_id.eq(node.0))
                .filter(firmware_information::component.eq(&component))
                .select(FirmwareComponentRow::as_select())
                .get_result(connection);
            one(found, Resource::FirmwareComponent, &component)?.into_model()
        })
        .await
    }

    /// Stores a component: adds it, or writes what differs. The `initial_version` of a known
    /// component stays; its `last_version_flashed` follows a `current_version` that has changed.
    /// Returns whether anything was written.
    pub async fn firmware_component_put(&self, component: &FirmwareComponent) -> DbResult<bool> {
        let (mut given, now) = (component.clone(), self.now());
        given.created_at = Some(now);
        given.updated_at = None;
        self.transaction(move |connection| {
            let stored: Option<FirmwareComponentRow> = firmware_information::table
                .filter(firmware_information::node_id.eq(given.node_id.0))
                .filter(firmware_information::component.eq(&given.component))
                .select(FirmwareComponentRow::as_select())
                .get_result(connection)
                .optional()?;
            let row = FirmwareComponentRow::from_model(&given);
            let Some(stored) = stored else {
                diesel::insert_into(firmware_information::table)
                    .values(&row)
                    .execute(connection)?;
                return Ok(true);
            };
            let mut changes = FirmwareComponentRow::changes(&stored, row);
            changes.initial_version = None;
            changes.last_version_flashed = changes.current_version.clone();
            if changes.is_empty() {
                return Ok(false);
            }
            diesel::update(firmware_information::table.find(stored.id))
                .set(&changes.stamped(now))
                .execute(connection)?;
            Ok(true)
        })
        .await
    }
}
