//! Rows of `conductors` and `conductor_hardware_interfaces`.

use schemas_model::ids::ConductorId;
use schemas_model::{Conductor, ConductorInterface};

use super::version;
use crate::column::{JsonArray, Moment};
use crate::error::{DbError, DbResult};
use crate::tables::{conductor_hardware_interfaces, conductors};

/// A row of `conductors`.
#[derive(Clone, Debug, diesel::Queryable, diesel::Selectable, diesel::Insertable)]
#[diesel(table_name = conductors)]
#[diesel(treat_none_as_default_value = false)]
pub(crate) struct ConductorRow {
    #[diesel(skip_insertion)]
    pub(crate) id: i32,
    pub(crate) hostname: String,
    pub(crate) drivers: Option<JsonArray>,
    pub(crate) online: Option<bool>,
    pub(crate) conductor_group: String,
    pub(crate) version: Option<String>,
    pub(crate) created_at: Option<Moment>,
    pub(crate) updated_at: Option<Moment>,
}

impl ConductorRow {
    /// The object version that is written (Ironic 39.0.0).
    pub(crate) const VERSION: &'static str = "1.6";

    /// Every column by name.
    pub(crate) const COLUMNS: &'static [&'static [&'static str]] = &[&[
        "id",
        "hostname",
        "drivers",
        "online",
        "conductor_group",
        "version",
        "created_at",
        "updated_at",
    ]];

    /// The conductor.
    pub(crate) fn into_model(self) -> DbResult<Conductor> {
        let ConductorRow {
            id,
            hostname,
            drivers,
            online,
            conductor_group,
            version,
            created_at,
            updated_at,
        } = self;
        version::check("conductors", version.as_deref(), Self::VERSION)?;
        Ok(Conductor {
            id: ConductorId(id),
            hostname,
            drivers: JsonArray::texts(drivers),
            online: online.unwrap_or_default(),
            conductor_group,
            created_at: created_at.map(|m| m.0),
            updated_at: updated_at.map(|m| m.0),
        })
    }
}

/// A row of `conductor_hardware_interfaces`. Its `version` is always NULL.
#[derive(Clone, Debug, diesel::Queryable, diesel::Selectable, diesel::Insertable)]
#[diesel(table_name = conductor_hardware_interfaces)]
#[diesel(treat_none_as_default_value = false)]
pub(crate) struct ConductorInterfaceRow {
    pub(crate) conductor_id: i32,
    pub(crate) hardware_type: String,
    pub(crate) interface_type: String,
    pub(crate) interface_name: String,
    pub(crate) default: bool,
    pub(crate) created_at: Option<Moment>,
}

impl ConductorInterfaceRow {
    /// The interface.
    pub(crate) fn into_interface(self) -> DbResult<ConductorInterface> {
        let ConductorInterfaceRow {
            conductor_id,
            hardware_type,
            interface_type,
            interface_name,
            default,
            created_at: _,
        } = self;
        Ok(ConductorInterface {
            conductor_id: ConductorId(conductor_id),
            hardware_type,
            kind: interface_type.parse().map_err(DbError::corrupt(
                "conductor_hardware_interfaces",
                "interface_type",
            ))?,
            name: interface_name,
            default,
        })
    }

    /// The row of an interface.
    pub(crate) fn from_interface(interface: &ConductorInterface, now: Moment) -> Self {
        let ConductorInterface {
            conductor_id,
            hardware_type,
            kind,
            name,
            default,
        } = interface.clone();
        ConductorInterfaceRow {
            conductor_id: conductor_id.0,
            hardware_type,
            interface_type: kind.to_string(),
            interface_name: name,
            default,
            created_at: Some(now),
        }
    }
}
