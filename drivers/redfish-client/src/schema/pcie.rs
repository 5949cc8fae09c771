//! `PCIeDevice` and `PCIeFunction`: cards and what is on the board.

use super::view;
use crate::{Result, resource_path::ResourcePath};

view! {
    /// View of a `PCIeDevice`.
    PcieDevice
}

impl PcieDevice {
    /// `PCIeFunctions`: the collection of its functions. Older schemas have none.
    pub fn functions(&self) -> Result<Option<ResourcePath>> {
        self.document().field("PCIeFunctions").link()
    }
}

view! {
    /// View of a `PCIeFunction`.
    PcieFunction
}

impl PcieFunction {
    fn text(&self, name: &str) -> Result<Option<&str>> {
        self.document().field(name).text()
    }

    /// `DeviceClass`, for example `NetworkController`.
    pub fn device_class(&self) -> Result<Option<&str>> {
        self.text("DeviceClass")
    }

    /// `DeviceId`, in hexadecimal digits after `0x`; so are the other ids.
    pub fn device_id(&self) -> Result<Option<&str>> {
        self.text("DeviceId")
    }

    /// `VendorId`.
    pub fn vendor_id(&self) -> Result<Option<&str>> {
        self.text("VendorId")
    }

    /// `SubsystemId`.
    pub fn subsystem_id(&self) -> Result<Option<&str>> {
        self.text("SubsystemId")
    }

    /// `SubsystemVendorId`.
    pub fn subsystem_vendor_id(&self) -> Result<Option<&str>> {
        self.text("SubsystemVendorId")
    }

    /// `RevisionId`.
    pub fn revision_id(&self) -> Result<Option<&str>> {
        self.text("RevisionId")
    }
}
