//! What differs between hardware types whose BMCs all speak Redfish, as data.
//!
//! The interfaces of this crate ask their dialect instead of knowing a vendor; what differs between
//! BMCs of one hardware type is in [`drivers_redfish_client::quirks`].

use drivers_interface::Property;
use drivers_redfish_client::schema::boot::BootTarget;
use drivers_redfish_client::schema::status::ResetType;
use schemas_config::Config;
use schemas_model::boot::BootDevice;
use schemas_model::power::PowerState;
use schemas_model::{Fault, Node};

use crate::driver_info::{Access, PROPERTIES};

/// How a running machine is rebooted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reboot {
    /// Off, then on.
    OffAndOn,
    /// With one reset.
    Restart,
}

/// How the system is found that a node names none of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DefaultSystem {
    /// The only one that the BMC has.
    Only,
    /// The one with the id of the BMC's first manager.
    OfFirstManager,
}

/// A row: one hardware type's way.
#[derive(Debug)]
pub struct Dialect {
    /// What its interfaces are called.
    pub name: &'static str,
    /// What they read from `driver_info`.
    pub properties: &'static [Property],
    /// Reads it.
    pub access: fn(&Node, &Config) -> Result<Access, Fault>,
    /// The reset for each power state that may be asked for.
    pub resets: &'static [(PowerState, ResetType)],
    /// How a running machine is rebooted.
    pub reboot: Reboot,
    /// Which system a node means that names none.
    pub default_system: DefaultSystem,
    /// Boot devices and their targets.
    pub boot_devices: &'static [(BootDevice, BootTarget)],
    /// Whether the BMC is asked which of them it has.
    pub asks_boot_devices: bool,
    /// Where storage is below the system, on BMCs that don't link to it.
    pub storage: Option<&'static str>,
    /// Whose peculiarities count while a node names no vendor.
    pub vendor: Option<&'static str>,
}

impl Dialect {
    /// What all interfaces read from `driver_info`.
    pub(crate) const fn properties(&self) -> &'static [Property] {
        self.properties
    }

    /// For interfaces that show nothing of it, as Ironic's vendor interface does not.
    pub(crate) const fn no_properties(&self) -> &'static [Property] {
        &[]
    }
}

/// The hardware type `redfish`.
pub static REDFISH: Dialect = Dialect {
    name: "redfish",
    properties: PROPERTIES,
    access: |node, config| Access::parse(node, &config.redfish),
    resets: &[
        (PowerState::On, ResetType::On),
        (PowerState::Off, ResetType::ForceOff),
        (PowerState::Reboot, ResetType::ForceRestart),
        (PowerState::SoftReboot, ResetType::GracefulRestart),
        (PowerState::SoftOff, ResetType::GracefulShutdown),
    ],
    reboot: Reboot::OffAndOn,
    default_system: DefaultSystem::Only,
    boot_devices: &[
        (BootDevice::Pxe, BootTarget::Pxe),
        (BootDevice::Disk, BootTarget::Hdd),
        (BootDevice::Cdrom, BootTarget::Cd),
        (BootDevice::Bios, BootTarget::BiosSetup),
        (BootDevice::UefiHttp, BootTarget::UefiHttp),
    ],
    asks_boot_devices: false,
    storage: None,
    vendor: None,
};
