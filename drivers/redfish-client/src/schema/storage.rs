//! `Storage`, `SimpleStorage`, `Drive` and `Volume`.

use super::{
    status::{IndicatorLed, Status},
    view,
};
use crate::{
    Result,
    document::{Document, Field},
    resource_path::ResourcePath,
    wire_enum::wire_enum,
};

view! {
    /// View of a `Storage` subsystem: controllers with their drives and volumes.
    Storage
}

impl Storage {
    /// `Name`.
    pub fn name(&self) -> Result<Option<&str>> {
        self.document().field("Name").text()
    }

    /// `Drives`.
    pub fn drives(&self) -> Result<Vec<ResourcePath>> {
        self.document().field("Drives").links()
    }

    /// `Volumes`.
    pub fn volumes(&self) -> Result<Option<ResourcePath>> {
        self.document().field("Volumes").link()
    }

    /// `StorageControllers`, embedded.
    pub fn controllers(&self) -> Result<Vec<Controller>> {
        self.document()
            .field("StorageControllers")
            .items()?
            .iter()
            .map(Controller::of)
            .collect()
    }
}

impl Storage {
    /// Whether the first controller says that it can do no RAID at all. Most say nothing.
    pub fn refuses_raid(&self) -> Result<bool> {
        let controllers = self.document().field("StorageControllers").items()?;
        let Some(first) = controllers.first() else {
            return Ok(false);
        };
        let types = first.field("SupportedRAIDTypes");
        Ok(types.is_present() && types.items()?.is_empty())
    }
}

wire_enum! {
    /// `@Redfish.OperationApplyTime`.
    ApplyTime {
        /// At once.
        Immediate = "Immediate",
        /// While the machine starts next.
        OnReset = "OnReset",
        /// At the start of the maintenance window.
        AtMaintenanceWindowStart = "AtMaintenanceWindowStart",
        /// In the maintenance window, with the next start.
        InMaintenanceWindowOnReset = "InMaintenanceWindowOnReset",
    }
}

/// The best time at which a collection lets its members be changed: at once, or else with the next
/// start. `None` if the BMC lets one choose neither.
pub fn apply_time(volumes: &Document) -> Result<Option<ApplyTime>> {
    let supported = volumes
        .field("@Redfish.OperationApplyTimeSupport")
        .field("SupportedValues")
        .texts()?;
    let known: Vec<ApplyTime> = supported
        .into_iter()
        .filter_map(ApplyTime::from_wire)
        .collect();
    Ok([ApplyTime::Immediate, ApplyTime::OnReset]
        .into_iter()
        .find(|time| known.contains(time)))
}

/// One of the `StorageControllers` of a [`Storage`].
#[derive(Debug, Clone, PartialEq)]
pub struct Controller {
    /// `MemberId`.
    pub member_id: Option<String>,
    /// `Name`.
    pub name: Option<String>,
    /// `SupportedRAIDTypes`.
    pub raid_types: Vec<String>,
    /// `SupportedControllerProtocols`.
    pub protocols: Vec<String>,
    /// `SupportedDeviceProtocols`.
    pub device_protocols: Vec<String>,
    /// `SpeedGbps`.
    pub speed_gbps: Option<f64>,
    /// `Status`, if it has one.
    pub status: Option<Status>,
}

impl Controller {
    fn of(field: &Field<'_>) -> Result<Self> {
        let texts = |name| {
            Ok::<_, crate::Error>(
                field
                    .field(name)
                    .texts()?
                    .into_iter()
                    .map(str::to_owned)
                    .collect(),
            )
        };
        Ok(Controller {
            member_id: field.field("MemberId").scalar_text()?,
            name: field.field("Name").text()?.map(str::to_owned),
            raid_types: texts("SupportedRAIDTypes")?,
            protocols: texts("SupportedControllerProtocols")?,
            device_protocols: texts("SupportedDeviceProtocols")?,
            speed_gbps: field.field("SpeedGbps").number()?,
            status: match field.field("Status").is_present() {
                true => Some(Status::of(field)?),
                false => None,
            },
        })
    }
}

view! {
    /// View of a `Drive`.
    Drive
}

impl Drive {
    /// `Name`.
    pub fn name(&self) -> Result<Option<&str>> {
        self.document().field("Name").text()
    }

    /// `Model`.
    pub fn model(&self) -> Result<Option<&str>> {
        self.document().field("Model").text()
    }

    /// `SerialNumber`.
    pub fn serial_number(&self) -> Result<Option<&str>> {
        self.document().field("SerialNumber").text()
    }

    /// `CapacityBytes`.
    pub fn capacity_bytes(&self) -> Result<Option<i64>> {
        self.document().field("CapacityBytes").integer()
    }

    /// `MediaType`, for example `HDD` or `SSD`.
    pub fn media_type(&self) -> Result<Option<&str>> {
        self.document().field("MediaType").text()
    }

    /// `Protocol`, for example `SAS` or `NVMe`.
    pub fn protocol(&self) -> Result<Option<&str>> {
        self.document().field("Protocol").text()
    }

    /// `IndicatorLED`.
    pub fn indicator_led(&self) -> Result<Option<IndicatorLed>> {
        self.document()
            .field("IndicatorLED")
            .known(IndicatorLed::from_wire)
    }

    /// `Links.Volumes`: the volumes that use it.
    pub fn volumes(&self) -> Result<Vec<ResourcePath>> {
        self.document().field("Links").field("Volumes").links()
    }

    /// `Status`.
    pub fn status(&self) -> Result<Status> {
        Status::of(&self.document().root())
    }
}

view! {
    /// View of a `Volume`.
    Volume
}

impl Volume {
    /// `Name`.
    pub fn name(&self) -> Result<Option<&str>> {
        self.document().field("Name").text()
    }

    /// `CapacityBytes`.
    pub fn capacity_bytes(&self) -> Result<Option<i64>> {
        self.document().field("CapacityBytes").integer()
    }

    /// `RAIDType`, for example `RAID1`.
    pub fn raid_type(&self) -> Result<Option<&str>> {
        self.document().field("RAIDType").text()
    }

    /// `VolumeType`, its older name, for example `Mirrored`.
    pub fn volume_type(&self) -> Result<Option<&str>> {
        self.document().field("VolumeType").text()
    }

    /// `Identifiers[].DurableName`.
    pub fn durable_names(&self) -> Result<Vec<&str>> {
        let identifiers = self.document().field("Identifiers").items()?;
        identifiers
            .iter()
            .filter_map(|identifier| identifier.field("DurableName").text().transpose())
            .collect()
    }

    /// `Links.Drives`.
    pub fn drives(&self) -> Result<Vec<ResourcePath>> {
        self.document().field("Links").field("Drives").links()
    }
}

view! {
    /// View of `SimpleStorage`: an older form, with its devices embedded.
    SimpleStorage
}

/// One of the `Devices` of a [`SimpleStorage`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimpleDevice {
    /// `Name`.
    pub name: Option<String>,
    /// `Model`.
    pub model: Option<String>,
    /// `CapacityBytes`.
    pub capacity_bytes: Option<i64>,
    /// `Status`.
    pub status: Status,
}

impl SimpleStorage {
    /// `Devices`.
    pub fn devices(&self) -> Result<Vec<SimpleDevice>> {
        let device = |field: &Field<'_>| {
            Ok(SimpleDevice {
                name: field.field("Name").text()?.map(str::to_owned),
                model: field.field("Model").text()?.map(str::to_owned),
                capacity_bytes: field.field("CapacityBytes").integer()?,
                status: Status::of(field)?,
            })
        };
        self.document()
            .field("Devices")
            .items()?
            .iter()
            .map(device)
            .collect()
    }
}
