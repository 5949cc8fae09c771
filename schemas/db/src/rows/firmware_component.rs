//! Rows of `firmware_information`.

use schemas_model::FirmwareComponent;
use schemas_model::ids::NodeId;

use super::record::record;
use super::version;
use crate::column::Moment;
use crate::error::DbResult;

const TABLE: &str = "firmware_information";

record! {
    /// A row of `firmware_information`.
    FirmwareComponentRow, FirmwareComponentChanges of firmware_information ("1.2") {
        node_id: i32,
        component: String,
        initial_version: String,
        current_version: Option<String>,
        last_version_flashed: Option<String>,
        vendor: Option<String>,
        model: Option<String>,
        serial_number: Option<String>,
    }
}

impl FirmwareComponentRow {
    /// The firmware component.
    pub(crate) fn into_model(self) -> DbResult<FirmwareComponent> {
        let FirmwareComponentRow {
            id: _,
            node_id,
            component,
            initial_version,
            current_version,
            last_version_flashed,
            vendor,
            model,
            serial_number,
            version,
            created_at,
            updated_at,
        } = self;
        version::check(TABLE, version.as_deref(), Self::VERSION)?;
        Ok(FirmwareComponent {
            node_id: NodeId(node_id),
            component,
            initial_version,
            current_version,
            last_version_flashed,
            vendor,
            model,
            serial_number,
            created_at: created_at.map(|m| m.0),
            updated_at: updated_at.map(|m| m.0),
        })
    }

    /// The row of a firmware component.
    pub(crate) fn from_model(model: &FirmwareComponent) -> Self {
        let FirmwareComponent {
            node_id,
            component,
            initial_version,
            current_version,
            last_version_flashed,
            vendor,
            model,
            serial_number,
            created_at,
            updated_at,
        } = model.clone();
        FirmwareComponentRow {
            id: 0,
            node_id: node_id.0,
            component,
            initial_version,
            current_version,
            last_version_flashed,
            vendor,
            model,
            serial_number,
            version: Some(Self::VERSION.to_owned()),
            created_at: Moment::from_domain(created_at),
            updated_at: Moment::from_domain(updated_at),
        }
    }
}
