//! Firmware settings of nodes.

use std::collections::HashMap;

use diesel::prelude::*;
use schemas_model::BiosSetting;
use schemas_model::ids::NodeId;

use super::one;
use crate::Database;
use crate::column::Moment;
use crate::error::{DbError, DbResult, Resource};
use crate::page::Shown;
use crate::rows::BiosSettingRow;
use crate::rows::listed::Listed;
use crate::tables::bios_settings;

/// What storing freshly read settings did, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BiosSync {
    /// New.
    pub created: Vec<String>,
    /// With another value.
    pub updated: Vec<String>,
    /// No longer there.
    pub deleted: Vec<String>,
    /// As before.
    pub unchanged: Vec<String>,
}

impl Database {
    /// The settings of a node, by name.
    pub async fn bios_setting_list(
        &self,
        node: NodeId,
        shown: Shown,
    ) -> DbResult<Vec<BiosSetting>> {
        self.look_up(move |connection| {
            let listed = Listed::<BiosSettingRow>::of(&shown);
            let query = bios_settings::table
                .filter(bios_settings::node_id.eq(node.0))
                .order(bios_settings::name.asc())
                .select(listed);
            listed
                .load(connection, query)?
                .map(|row| row?.into_model())
                .collect()
        })
        .await
    }

    /// One setting of a node.
    ///
    /// # Errors
    /// [`DbError::NotFound`].
    pub async fn bios_setting(&self, node: NodeId, name: &str) -> DbResult<BiosSetting> {
        let name = name.to_owned();
        self.look_up(move |connection| {
            let found = bios_settings::table
                .find((node.0, &name))
                .select(BiosSettingRow::as_select())
                .get_result(connection);
            one(found, Resource::BiosSetting, &name)?.into_model()
        })
        .await
    }

    /// Makes the stored settings of a node those given: in one transaction new ones are added,
    /// those with another value rewritten, missing ones deleted.
    pub async fn bios_setting_sync(
        &self,
        node: NodeId,
        settings: &[BiosSetting],
    ) -> DbResult<BiosSync> {
        let now = Moment(self.now());
        let rows: Vec<BiosSettingRow> = settings
            .iter()
            .map(|setting| BiosSettingRow {
                node_id: node.0,
                created_at: Some(now),
                updated_at: None,
                ..BiosSettingRow::from_model(setting)
            })
            .collect();
        self.transaction(move |connection| {
            let stored: Vec<BiosSettingRow> = bios_settings::table
                .filter(bios_settings::node_id.eq(node.0))
                .select(BiosSettingRow::as_select())
                .load(connection)?;
            let mut stored: HashMap<String, BiosSettingRow> = stored
                .into_iter()
                .map(|row| (row.name.clone(), row))
                .collect();
            let mut sync = BiosSync::default();
            for row in &rows {
                match stored.remove(&row.name) {
                    None => {
                        diesel::insert_into(bios_settings::table)
                            .values(row)
                            .execute(connection)?;
                        sync.created.push(row.name.clone());
                    }
                    Some(old) if old.value != row.value => {
                        let row = BiosSettingRow {
                            created_at: old.created_at,
                            updated_at: Some(now),
                            ..row.clone()
                        };
                        diesel::update(bios_settings::table.find((node.0, &row.name)))
                            .set(&row)
                            .execute(connection)?;
                        sync.updated.push(row.name);
                    }
                    Some(_) => sync.unchanged.push(row.name.clone()),
                }
            }
            sync.deleted = stored.into_keys().collect();
            sync.deleted.sort_unstable();
            diesel::delete(
                bios_settings::table
                    .filter(bios_settings::node_id.eq(node.0))
                    .filter(bios_settings::name.eq_any(sync.deleted.clone())),
            )
            .execute(connection)?;
            Ok(sync)
        })
        .await
    }

    /// Deletes settings of a node by name.
    ///
    /// # Errors
    /// [`DbError::NotFound`] with the names that were not there; the others are not deleted then.
    pub async fn bios_setting_destroy(&self, node: NodeId, names: &[String]) -> DbResult<()> {
        let names = names.to_vec();
        self.transaction(move |connection| {
            let mut missing = Vec::new();
            for name in &names {
                let count = diesel::delete(bios_settings::table.find((node.0, name)))
                    .execute(connection)?;
                if count == 0 {
                    missing.push(name.as_str());
                }
            }
            if missing.is_empty() {
                Ok(())
            } else {
                Err(DbError::not_found(
                    Resource::BiosSetting,
                    missing.join(", "),
                ))
            }
        })
        .await
    }
}
