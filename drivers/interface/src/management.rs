//! Boot devices and modes, sensors, indicators, NMI, virtual media.

use std::collections::BTreeMap;

use async_trait::async_trait;
use schemas_model::boot::{BootDevice, BootMode};
use schemas_model::health::Health;
use schemas_model::{Fault, Object};

use crate::{Interface, Task, unsupported};

/// What a machine will boot from next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CurrentBootDevice {
    /// The device; absent when the BMC does not say.
    pub device: Option<BootDevice>,
    /// Whether it holds for all boots; absent when the BMC does not say.
    pub persistent: Option<bool>,
}

/// An indicator (LED) of a component.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct IndicatorInfo {
    /// Whether it can only be read.
    pub readonly: bool,
    /// The states it can take: `on`, `off`, `blinking`, `unknown`.
    pub states: Vec<String>,
}

/// Indicators by component (`system`, `chassis`, `drive`, ...) and id.
pub type Indicators = BTreeMap<String, BTreeMap<String, IndicatorInfo>>;

/// Management of a machine through its BMC.
#[async_trait]
pub trait Management: Interface {
    /// Boot devices this machine can be told to use.
    ///
    /// # Errors
    /// When the BMC has to be asked and can't be.
    async fn supported_boot_devices(&self, task: &mut dyn Task) -> Result<Vec<BootDevice>, Fault>;

    /// Tells the machine what to boot from, next time or from now on.
    ///
    /// # Errors
    /// `InvalidParameterValue` for a device not supported, or the BMC's refusal.
    async fn set_boot_device(
        &self,
        task: &mut dyn Task,
        device: BootDevice,
        persistent: bool,
    ) -> Result<(), Fault>;

    /// What it will boot from.
    ///
    /// # Errors
    /// When the BMC can't be asked.
    async fn boot_device(&self, task: &mut dyn Task) -> Result<CurrentBootDevice, Fault>;

    /// Sensor readings, grouped by sensor type, then by sensor (Ironic's shape).
    ///
    /// # Errors
    /// `FailedToGetSensorData`, `FailedToParseSensorData`.
    async fn sensors_data(&self, task: &mut dyn Task) -> Result<Object, Fault>;

    /// Boot modes the machine knows.
    ///
    /// # Errors
    /// Unsupported by default.
    async fn supported_boot_modes(&self, task: &mut dyn Task) -> Result<Vec<BootMode>, Fault> {
        Err(unsupported(self, task, "get_supported_boot_modes"))
    }

    /// The boot mode in use.
    ///
    /// # Errors
    /// Unsupported by default.
    async fn boot_mode(&self, task: &mut dyn Task) -> Result<Option<BootMode>, Fault> {
        Err(unsupported(self, task, "get_boot_mode"))
    }

    /// Changes the boot mode.
    ///
    /// # Errors
    /// Unsupported by default.
    async fn set_boot_mode(&self, task: &mut dyn Task, mode: BootMode) -> Result<(), Fault> {
        let _ = mode;
        Err(unsupported(self, task, "set_boot_mode"))
    }

    /// Whether secure boot is on.
    ///
    /// # Errors
    /// Unsupported by default.
    async fn secure_boot(&self, task: &mut dyn Task) -> Result<Option<bool>, Fault> {
        Err(unsupported(self, task, "get_secure_boot_state"))
    }

    /// Switches secure boot.
    ///
    /// # Errors
    /// Unsupported by default.
    async fn set_secure_boot(&self, task: &mut dyn Task, on: bool) -> Result<(), Fault> {
        let _ = on;
        Err(unsupported(self, task, "set_secure_boot_state"))
    }

    /// What the BMC thinks of the machine; `None` when it does not say.
    ///
    /// # Errors
    /// When the BMC can't be asked.
    async fn health(&self, task: &mut dyn Task) -> Result<Option<Health>, Fault> {
        let _ = task;
        Ok(None)
    }

    /// Sends a non-maskable interrupt.
    ///
    /// # Errors
    /// Unsupported by default.
    async fn inject_nmi(&self, task: &mut dyn Task) -> Result<(), Fault> {
        Err(unsupported(self, task, "inject_nmi"))
    }

    /// The indicators of one component, or of all.
    ///
    /// # Errors
    /// Unsupported by default.
    async fn supported_indicators(
        &self,
        task: &mut dyn Task,
        component: Option<&str>,
    ) -> Result<Indicators, Fault> {
        let _ = component;
        Err(unsupported(self, task, "get_supported_indicators"))
    }

    /// The state of an indicator.
    ///
    /// # Errors
    /// Unsupported by default.
    async fn indicator_state(
        &self,
        task: &mut dyn Task,
        component: &str,
        indicator: &str,
    ) -> Result<String, Fault> {
        let _ = (component, indicator);
        Err(unsupported(self, task, "get_indicator_state"))
    }

    /// Switches an indicator.
    ///
    /// # Errors
    /// Unsupported by default.
    async fn set_indicator_state(
        &self,
        task: &mut dyn Task,
        component: &str,
        indicator: &str,
        state: &str,
    ) -> Result<(), Fault> {
        let _ = (component, indicator, state);
        Err(unsupported(self, task, "set_indicator_state"))
    }

    /// The vendor the BMC names, for `properties/vendor`.
    ///
    /// # Errors
    /// Unsupported by default.
    async fn detect_vendor(&self, task: &mut dyn Task) -> Result<Option<String>, Fault> {
        Err(unsupported(self, task, "detect_vendor"))
    }

    /// MAC addresses of the machine's network cards.
    ///
    /// # Errors
    /// Unsupported by default.
    async fn mac_addresses(&self, task: &mut dyn Task) -> Result<Vec<String>, Fault> {
        Err(unsupported(self, task, "get_mac_addresses"))
    }

    /// The virtual media devices and what is in them, in Ironic's shape.
    ///
    /// # Errors
    /// Unsupported by default.
    async fn virtual_media(&self, task: &mut dyn Task) -> Result<serde_json::Value, Fault> {
        Err(unsupported(self, task, "get_virtual_media"))
    }

    /// Puts an image into a virtual media device.
    ///
    /// # Errors
    /// Unsupported by default.
    async fn attach_virtual_media(
        &self,
        task: &mut dyn Task,
        device: BootDevice,
        image_url: &str,
    ) -> Result<(), Fault> {
        let _ = (device, image_url);
        Err(unsupported(self, task, "attach_virtual_media"))
    }

    /// Empties virtual media devices; all of them when none is named.
    ///
    /// # Errors
    /// Unsupported by default.
    async fn detach_virtual_media(
        &self,
        task: &mut dyn Task,
        devices: &[BootDevice],
    ) -> Result<(), Fault> {
        let _ = devices;
        Err(unsupported(self, task, "detach_virtual_media"))
    }
}
