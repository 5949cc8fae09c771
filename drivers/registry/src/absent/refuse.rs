//! `no-bios`, `no-console`, ...: validation fails, and every function is refused.

use drivers_interface::{
    Bios, Console, Firmware, HttpMethod, Inspect, Interface, Outcome, Raid, Rescue, Task, Vendor,
    async_trait, unsupported,
};
use schemas_model::interface::InterfaceKind;
use schemas_model::{Fault, Object};
use serde_json::Value;

macro_rules! refusing {
    ($($(#[$meta:meta])* $type:ident = $name:literal, $kind:ident;)+) => {$(
        $(#[$meta])*
        #[derive(Debug)]
        pub(crate) struct $type;

        #[async_trait]
        impl Interface for $type {
            fn name(&self) -> &'static str {
                $name
            }
            fn kind(&self) -> InterfaceKind {
                InterfaceKind::$kind
            }
            async fn validate(&self, task: &dyn Task) -> Result<(), Fault> {
                Err(unsupported(self, task, InterfaceKind::$kind.as_str()))
            }
        }
    )+};
}

refusing! {
    /// No firmware settings.
    NoBios = "no-bios", Bios;
    /// No console.
    NoConsole = "no-console", Console;
    /// No firmware components.
    NoFirmware = "no-firmware", Firmware;
    /// No inspection.
    NoInspect = "no-inspect", Inspect;
    /// No disk arrays.
    NoRaid = "no-raid", Raid;
    /// No rescue.
    NoRescue = "no-rescue", Rescue;
    /// No vendor methods.
    NoVendor = "no-vendor", Vendor;
}

#[async_trait]
impl Bios for NoBios {
    async fn cache_bios_settings(&self, _task: &mut dyn Task) -> Result<(), Fault> {
        Ok(())
    }
}

#[async_trait]
impl Firmware for NoFirmware {
    async fn cache_firmware_components(&self, _task: &mut dyn Task) -> Result<(), Fault> {
        Ok(())
    }
}

impl Console for NoConsole {}

#[async_trait]
impl Inspect for NoInspect {
    async fn inspect_hardware(&self, task: &mut dyn Task) -> Result<Outcome, Fault> {
        Err(unsupported(self, task, "inspect_hardware"))
    }
}

#[async_trait]
impl Raid for NoRaid {
    async fn validate_raid_config(&self, task: &dyn Task, _config: &Object) -> Result<(), Fault> {
        Err(unsupported(self, task, "raid"))
    }
}

impl Rescue for NoRescue {}

#[async_trait]
impl Vendor for NoVendor {
    async fn driver_call(
        &self,
        method: &str,
        _http_method: HttpMethod,
        _info: &Object,
    ) -> Result<Value, Fault> {
        Err(Fault::unsupported(format!(
            "The vendor interface 'no-vendor' has no driver method '{method}'."
        )))
    }
}
