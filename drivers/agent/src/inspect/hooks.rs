//! Inspection hooks: THE list, run in the configured order, first all checks, then all changes.
//!
//! Names and effects: Ironic 39.0.0 (`[inspector]hooks`, by default `$default_hooks`).

use drivers_interface::{Inspection, Task};
use schemas_config::section::inspector::{AddPorts, KeepPorts};
use schemas_model::{Class, Fault, Object};
use serde_json::{Map, Value};

use super::interfaces::{self, Found};

/// A hook of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hook {
    RamdiskError,
    ValidateInterfaces,
    Ports,
    Architecture,
}

const HOOKS: &[(&str, Hook)] = &[
    ("ramdisk-error", Hook::RamdiskError),
    ("validate-interfaces", Hook::ValidateInterfaces),
    ("ports", Hook::Ports),
    ("architecture", Hook::Architecture),
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
    let mut found = None;
    let mut plugin_data: Map<String, Value> = inspection.plugin_data.get().clone();
    for hook in &hooks {
        match hook {
            Hook::RamdiskError => ramdisk_error(&inspection.plugin_data)?,
            Hook::ValidateInterfaces => {
                let valid = interfaces::validate(
                    task.node(),
                    &inspection.inventory,
                    task.config().inspector.add_ports,
                )?;
                valid.describe(&mut plugin_data);
                found = Some(valid);
            }
            Hook::Ports | Hook::Architecture => {}
        }
    }
    task.inventory_store(
        inspection.inventory.clone(),
        Object::from_parsed(plugin_data),
    )
    .await?;
    for hook in &hooks {
        match hook {
            Hook::Ports => {
                if let Some(found) = &found {
                    ports(task, found).await?;
                }
            }
            Hook::Architecture => architecture(task, &inspection.inventory).await?,
            Hook::RamdiskError | Hook::ValidateInterfaces => {}
        }
    }
    Ok(())
}

fn ramdisk_error(plugin_data: &Object) -> Result<(), Fault> {
    match plugin_data.member("error") {
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

/// Creates ports for valid interfaces; removes and updates others as configured.
async fn ports(task: &mut dyn Task, found: &Found) -> Result<(), Fault> {
    let options = task.config().inspector.clone();
    if options.add_ports != AddPorts::Disabled {
        for interface in found.valid() {
            task.port_create(&interface.mac, interface.pxe_enabled)
                .await?;
        }
    }
    for mut port in task.ports().to_vec() {
        let keep = match options.keep_ports {
            KeepPorts::Present => found.all().any(|interface| interface.mac == port.address),
            KeepPorts::Added => found.valid().any(|interface| interface.mac == port.address),
            KeepPorts::All => true,
        };
        if !keep {
            tracing::info!(node.uuid = %task.node().uuid, "port {} ({}) was not found by inspection and goes", port.uuid, port.address);
            task.port_destroy(&port).await?;
            continue;
        }
        let seen = found.all().find(|interface| interface.mac == port.address);
        let mut changed = false;
        if options.update_pxe_enabled {
            let pxe_enabled = seen.is_some_and(|interface| interface.pxe_enabled);
            changed |= port.pxe_enabled != pxe_enabled;
            port.pxe_enabled = pxe_enabled;
        }
        if let Some(client_id) = seen.and_then(|interface| interface.client_id.as_deref())
            && port.extra.text_member("client-id") != Some(client_id)
        {
            port.extra.set("client-id", client_id);
            changed = true;
        }
        if changed {
            task.port_save(port).await?;
        }
    }
    Ok(())
}

/// Sets `properties/cpu_arch`.
async fn architecture(task: &mut dyn Task, inventory: &Object) -> Result<(), Fault> {
    let architecture = inventory
        .member("cpu")
        .and_then(|cpu| cpu.get("architecture"))
        .and_then(Value::as_str);
    let Some(architecture) = architecture else {
        return Err(Fault::new(
            Class::InvalidNodeInventory,
            format!(
                "The inventory of node {} does not name the CPU architecture (cpu/architecture).",
                task.node().uuid
            ),
        ));
    };
    // A BMC that does not tell it gives an empty one: what somebody set by hand is better.
    if architecture.is_empty() {
        return Ok(());
    }
    task.node_mut().properties.set("cpu_arch", architecture);
    task.save().await
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
        assert!(ramdisk_error(&Object::from_text(r#"{"error": null}"#)).is_ok());
        let fault = ramdisk_error(&Object::from_text(r#"{"error": "no disk"}"#)).unwrap_err();
        assert!(fault.message.contains("no disk"));
    }
}
