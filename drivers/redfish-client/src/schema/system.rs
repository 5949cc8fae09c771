//! `ComputerSystem`: the machine.

use serde_json::Value;

use super::{
    boot::BootOverride,
    status::{IndicatorLed, PowerState, Status},
    view,
};
use crate::{Result, resource_path::ResourcePath};

/// The action that changes the power state.
pub const RESET: &str = "#ComputerSystem.Reset";

/// Where the PCIe devices of a system are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PcieDevices {
    /// These are they.
    Listed(Vec<ResourcePath>),
    /// In this collection.
    In(ResourcePath),
}

view! {
    /// View of a `ComputerSystem`.
    ComputerSystem
}

impl ComputerSystem {
    fn text(&self, name: &str) -> Result<Option<&str>> {
        self.document().field(name).text()
    }

    /// `UUID`.
    pub fn uuid(&self) -> Result<Option<&str>> {
        self.text("UUID")
    }

    /// `Manufacturer`.
    pub fn manufacturer(&self) -> Result<Option<&str>> {
        self.text("Manufacturer")
    }

    /// `Model`.
    pub fn model(&self) -> Result<Option<&str>> {
        self.text("Model")
    }

    /// `SerialNumber`.
    pub fn serial_number(&self) -> Result<Option<&str>> {
        self.text("SerialNumber")
    }

    /// `SKU`.
    pub fn sku(&self) -> Result<Option<&str>> {
        self.text("SKU")
    }

    /// `BiosVersion`.
    pub fn bios_version(&self) -> Result<Option<&str>> {
        self.text("BiosVersion")
    }

    /// `PowerState`; `None` also for states that the schema doesn't know.
    pub fn power_state(&self) -> Result<Option<PowerState>> {
        self.document()
            .field("PowerState")
            .known(PowerState::from_wire)
    }

    /// `IndicatorLED`.
    pub fn indicator_led(&self) -> Result<Option<IndicatorLed>> {
        self.document()
            .field("IndicatorLED")
            .known(IndicatorLed::from_wire)
    }

    /// `Status`.
    pub fn status(&self) -> Result<Status> {
        Status::of(&self.document().root())
    }

    /// `BootProgress.LastState`, for example `OSRunning`; absent on BMCs older than schema 1.13.
    pub fn boot_progress(&self) -> Result<Option<&str>> {
        self.document()
            .field("BootProgress")
            .field("LastState")
            .text()
    }

    /// `Boot`.
    pub fn boot(&self) -> Result<BootOverride> {
        BootOverride::of(&self.document().field("Boot"))
    }

    /// `@Redfish.Settings`: where changes for the next boot are to be made.
    pub fn settings(&self) -> Result<Option<ResourcePath>> {
        self.document()
            .field("@Redfish.Settings")
            .field("SettingsObject")
            .link()
    }

    /// `MemorySummary.TotalSystemMemoryGiB`.
    pub fn memory_gib(&self) -> Result<Option<f64>> {
        self.document()
            .field("MemorySummary")
            .field("TotalSystemMemoryGiB")
            .number()
    }

    /// A sub-resource such as `Bios`, `SecureBoot`, `Processors`, `Storage` or `VirtualMedia`.
    pub fn link(&self, name: &str) -> Result<Option<ResourcePath>> {
        self.document().field(name).link()
    }

    /// The same, needed.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Missing`].
    pub fn require(&self, name: &str) -> Result<ResourcePath> {
        self.link(name)?
            .ok_or_else(|| self.document().missing(name))
    }

    /// `PCIeDevices`: a list of links, or a link to a collection as some BMCs have it.
    pub fn pcie_devices(&self) -> Result<PcieDevices> {
        let devices = self.document().field("PCIeDevices");
        if devices.value().is_some_and(Value::is_array) {
            return devices.links().map(PcieDevices::Listed);
        }
        Ok(devices
            .link()?
            .map_or_else(|| PcieDevices::Listed(Vec::new()), PcieDevices::In))
    }

    /// `Links.Chassis`.
    pub fn chassis(&self) -> Result<Vec<ResourcePath>> {
        self.document().field("Links").field("Chassis").links()
    }

    /// `Links.ManagedBy`, or `Links.Managers` as some BMCs call it.
    pub fn managers(&self) -> Result<Vec<ResourcePath>> {
        let links = self.document().field("Links");
        let managers = links.field("ManagedBy");
        match managers.is_present() {
            true => managers.links(),
            false => links.field("Managers").links(),
        }
    }
}
