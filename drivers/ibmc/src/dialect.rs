//! iBMC's accent (python-ibmcclient 0.2.5.1, Ironic 25.0.0).

use drivers_redfish::{DefaultSystem, Dialect, Reboot};
use drivers_redfish_client::schema::{boot::BootTarget, status::ResetType};
use schemas_model::boot::BootDevice;
use schemas_model::power::PowerState;

use crate::driver_info::{PROPERTIES, access};

/// The hardware type `ibmc`.
pub static IBMC: Dialect = Dialect {
    name: "ibmc",
    properties: PROPERTIES,
    access,
    resets: &[
        (PowerState::On, ResetType::On),
        (PowerState::Off, ResetType::ForceOff),
        (PowerState::Reboot, ResetType::ForceRestart),
        (PowerState::SoftReboot, ResetType::ForcePowerCycle),
        (PowerState::SoftOff, ResetType::GracefulShutdown),
    ],
    reboot: Reboot::Restart,
    // Rack servers have one system, called 1; blades are called after their slot.
    default_system: DefaultSystem::OfFirstManager,
    boot_devices: &[
        (BootDevice::Pxe, BootTarget::Pxe),
        (BootDevice::Disk, BootTarget::Hdd),
        (BootDevice::Cdrom, BootTarget::Cd),
        (BootDevice::Bios, BootTarget::BiosSetup),
        (BootDevice::Floppy, BootTarget::Floppy),
    ],
    asks_boot_devices: true,
    storage: Some("Storages"),
    vendor: Some("huawei"),
};
