//! Rows of `bios_settings`; the key is node and name, there is no number.

use schemas_model::BiosSetting;
use schemas_model::ids::NodeId;

use super::direct::from_columns;
use super::listed::listed_row;
use super::version;
use crate::column::{JsonArray, Moment};
use crate::error::DbResult;
use crate::tables::bios_settings;

/// A row of `bios_settings`.
#[derive(
    Clone, Debug, diesel::Queryable, diesel::Selectable, diesel::Insertable, diesel::AsChangeset,
)]
#[diesel(table_name = bios_settings, primary_key(node_id, name))]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
pub(crate) struct BiosSettingRow {
    pub(crate) node_id: i32,
    pub(crate) name: String,
    pub(crate) value: Option<String>,
    pub(crate) attribute_type: Option<String>,
    pub(crate) allowable_values: Option<JsonArray>,
    pub(crate) lower_bound: Option<i64>,
    pub(crate) max_length: Option<i32>,
    pub(crate) min_length: Option<i32>,
    pub(crate) read_only: Option<bool>,
    pub(crate) reset_required: Option<bool>,
    pub(crate) unique: Option<bool>,
    pub(crate) upper_bound: Option<i64>,
    pub(crate) version: Option<String>,
    pub(crate) created_at: Option<Moment>,
    pub(crate) updated_at: Option<Moment>,
}

from_columns! {
    BiosSettingRow of bios_settings {
        node_id: i32,
        name: String,
        value: Option<String>,
        attribute_type: Option<String>,
        allowable_values: Option<JsonArray>,
        lower_bound: Option<i64>,
        max_length: Option<i32>,
        min_length: Option<i32>,
        read_only: Option<bool>,
        reset_required: Option<bool>,
        unique: Option<bool>,
        upper_bound: Option<i64>,
        version: Option<String>,
        created_at: Option<Moment>,
        updated_at: Option<Moment>,
    } groups {} end {}
}
listed_row! {
    BiosSettingRow of bios_settings {
        node_id,
        name,
        value,
        attribute_type,
        allowable_values,
        lower_bound,
        max_length,
        min_length,
        read_only,
        reset_required,
        unique,
        upper_bound,
        version,
        created_at,
        updated_at,
    }
}

impl BiosSettingRow {
    /// The object version that is written (Ironic 39.0.0).
    pub(crate) const VERSION: &'static str = "1.2";

    /// The setting.
    pub(crate) fn into_model(self) -> DbResult<BiosSetting> {
        let BiosSettingRow {
            node_id,
            name,
            value,
            attribute_type,
            allowable_values,
            lower_bound,
            max_length,
            min_length,
            read_only,
            reset_required,
            unique,
            upper_bound,
            version,
            created_at,
            updated_at,
        } = self;
        version::check("bios_settings", version.as_deref(), Self::VERSION)?;
        Ok(BiosSetting {
            node_id: NodeId(node_id),
            name,
            value,
            attribute_type,
            allowable_values: JsonArray::texts(allowable_values),
            lower_bound,
            upper_bound,
            min_length,
            max_length,
            read_only,
            reset_required,
            unique,
            created_at: created_at.map(|m| m.0),
            updated_at: updated_at.map(|m| m.0),
        })
    }

    /// The row of a setting.
    pub(crate) fn from_model(model: &BiosSetting) -> Self {
        let BiosSetting {
            node_id,
            name,
            value,
            attribute_type,
            allowable_values,
            lower_bound,
            upper_bound,
            min_length,
            max_length,
            read_only,
            reset_required,
            unique,
            created_at,
            updated_at,
        } = model.clone();
        BiosSettingRow {
            node_id: node_id.0,
            name,
            value,
            attribute_type,
            allowable_values: Some(JsonArray::of_texts(&allowable_values)),
            lower_bound,
            max_length,
            min_length,
            read_only,
            reset_required,
            unique,
            upper_bound,
            version: Some(Self::VERSION.to_owned()),
            created_at: Moment::from_domain(created_at),
            updated_at: Moment::from_domain(updated_at),
        }
    }
}
