//! Inspection hooks: THE list, run in the configured order, first all checks, then all changes. What
//! they leave of inventory and plugin data is stored at the end.
//!
//! Names and effects: Ironic 39.0.0 (`[inspector]hooks`, by default `$default_hooks`). Its `accelerators`
//! and `raid-device` are not there.

mod extra_hardware;
mod links;
mod lldp;
mod ports;
mod properties;
mod root_device;

use drivers_interface::{Inspection, Task};
use schemas_model::{Class, Fault, Object};
use serde_json::{Map, Value};

use super::interfaces::{self, Found};

/// A hook of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hook {
    Architecture,
    BootMode,
    CpuCapabilities,
    Cpus,
    ExtraHardware,
    LocalLinkConnection,
    Memory,
    ParseLldp,
    PciDevices,
    PhysicalNetwork,
    Ports,
    RamdiskError,
    RootDevice,
    ValidateInterfaces,
}

const HOOKS: &[(&str, Hook)] = &[
    ("architecture", Hook::Architecture),
    ("boot-mode", Hook::BootMode),
    ("cpu-capabilities", Hook::CpuCapabilities),
    ("cpus", Hook::Cpus),
    ("extra-hardware", Hook::ExtraHardware),
    ("local-link-connection", Hook::LocalLinkConnection),
    ("memory", Hook::Memory),
    ("parse-lldp", Hook::ParseLldp),
    ("pci-devices", Hook::PciDevices),
    ("physical-network", Hook::PhysicalNetwork),
    ("ports", Hook::Ports),
    ("ramdisk-error", Hook::RamdiskError),
    ("root-device", Hook::RootDevice),
    ("validate-interfaces", Hook::ValidateInterfaces),
];

fn enabled(configured: &str) -> Result<Vec<Hook>, Fault> {
    configured
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(|name| {
            HOOKS
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, hook)| *hook)
                .ok_or_else(|| {
                    Fault::new(
                        Class::HardwareInspectionFailure,
                        format!(
                            "the configured inspection hooks name '{name}', which is not available; known: {}",
                            HOOKS
                                .iter()
                                .map(|(known, _)| *known)
                                .collect::<Vec<_>>()
                                .join(", ")
                        ),
                    )
                })
        })
        .collect()
}

/// Runs hooks (a comma-separated list of their names, as in `[inspector]hooks`) over what a ramdisk or
/// a BMC reported, and stores inventory and plugin data.
///
/// # Errors
/// `InvalidNodeInventory` or `HardwareInspectionFailure` with the hook's reason.
pub async fn run_hooks(
    task: &mut dyn Task,
    inspection: &Inspection,
    configured: &str,
) -> Result<(), Fault> {
    let hooks = enabled(configured)?;
    let mut report = Report {
        inventory: inspection.inventory.clone(),
        plugin_data: inspection.plugin_data.get().clone(),
        found: None,
    };
    for hook in &hooks {
        report.check(task, *hook)?;
    }
    for hook in &hooks {
        report.apply(task, *hook).await?;
    }
    let plugin_data = Object::from_parsed(report.plugin_data);
    task.inventory_store(report.inventory, plugin_data).await
}

/// What was reported, and what hooks made of it.
struct Report {
    inventory: Object,
    plugin_data: Map<String, Value>,
    /// The network interfaces, once they have been checked.
    found: Option<Found>,
}

impl Report {
    fn check(&mut self, task: &dyn Task, hook: Hook) -> Result<(), Fault> {
        match hook {
            Hook::RamdiskError => ramdisk_error(&self.plugin_data),
            Hook::ValidateInterfaces => {
                let add_ports = task.config().inspector.add_ports;
                let found = interfaces::validate(task.node(), &self.inventory, add_ports)?;
                found.describe(&mut self.plugin_data);
                self.found = Some(found);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    async fn apply(&mut self, task: &mut dyn Task, hook: Hook) -> Result<(), Fault> {
        let (inventory, plugin_data) = (&self.inventory, &mut self.plugin_data);
        match (hook, &self.found) {
            (Hook::Architecture, _) => properties::architecture(task, inventory).await,
            (Hook::BootMode, _) => properties::boot_mode(task, inventory).await,
            (Hook::CpuCapabilities, _) => properties::cpu_capabilities(task, inventory).await,
            (Hook::Cpus, _) => properties::cpus(task, inventory).await,
            (Hook::Memory, _) => properties::memory(task, inventory).await,
            (Hook::PciDevices, _) => properties::pci_devices(task, plugin_data).await,
            (Hook::RootDevice, _) => root_device::run(task, inventory, plugin_data).await,
            (Hook::ExtraHardware, _) => {
                extra_hardware::run(plugin_data, task.config().inspector.extra_hardware_strict);
                Ok(())
            }
            (Hook::ParseLldp, _) => {
                links::parse_lldp(inventory, plugin_data);
                Ok(())
            }
            (Hook::Ports, Some(found)) => ports::ports(task, found).await,
            (Hook::LocalLinkConnection, Some(found)) => {
                links::local_link_connection(task, found, plugin_data).await
            }
            (Hook::PhysicalNetwork, Some(found)) => links::physical_network(task, found).await,
            (Hook::RamdiskError | Hook::ValidateInterfaces, _) | (_, None) => Ok(()),
        }
    }
}

fn ramdisk_error(plugin_data: &Map<String, Value>) -> Result<(), Fault> {
    match plugin_data.get("error") {
        None | Some(Value::Null) => Ok(()),
        Some(Value::String(text)) if text.is_empty() => Ok(()),
        Some(error) => {
            let text = error
                .as_str()
                .map_or_else(|| error.to_string(), str::to_owned);
            Err(Fault::new(
                Class::HardwareInspectionFailure,
                format!("The ramdisk reported an error: {text}"),
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_list_is_known() {
        assert_eq!(
            enabled("ramdisk-error,validate-interfaces,ports,architecture")
                .unwrap()
                .len(),
            4
        );
        assert!(
            enabled("ports, nonsense")
                .unwrap_err()
                .message
                .contains("nonsense")
        );
    }

    #[test]
    fn an_error_of_the_ramdisk_fails_the_inspection() {
        let with = |error: Value| Map::from_iter([("error".to_owned(), error)]);
        assert!(ramdisk_error(&with(Value::Null)).is_ok());
        let fault = ramdisk_error(&with(Value::from("no disk"))).unwrap_err();
        assert!(fault.message.contains("no disk"));
    }
}
