//! Hooks that copy what the inventory tells into the node's properties and capabilities.

use std::collections::BTreeMap;

use drivers_interface::Task;
use schemas_model::{Class, Fault, Object};
use serde_json::{Map, Value};

/// Sets `properties/cpu_arch`.
pub(super) async fn architecture(task: &mut dyn Task, inventory: &Object) -> Result<(), Fault> {
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

/// Sets `properties/memory_mb`.
pub(super) async fn memory(task: &mut dyn Task, inventory: &Object) -> Result<(), Fault> {
    let memory = inventory
        .member("memory")
        .and_then(|memory| memory.get("physical_mb"));
    let Some(memory) = memory else {
        return Err(Fault::new(
            Class::InvalidNodeInventory,
            format!(
                "The inventory of node {} does not tell the memory (memory/physical_mb).",
                task.node().uuid
            ),
        ));
    };
    task.node_mut().properties.set("memory_mb", memory.clone());
    task.save().await
}

/// Sets `properties/cpus`, if the number is known.
pub(super) async fn cpus(task: &mut dyn Task, inventory: &Object) -> Result<(), Fault> {
    let count = inventory.member("cpu").and_then(|cpu| cpu.get("count"));
    match count.and_then(Value::as_i64).filter(|count| *count != 0) {
        Some(count) => {
            task.node_mut().properties.set("cpus", count);
            task.save().await
        }
        None => {
            tracing::warn!(node.uuid = %task.node().uuid, "inspection did not tell the number of CPUs");
            Ok(())
        }
    }
}

/// Sets the capability `boot_mode`, if the mode is known.
pub(super) async fn boot_mode(task: &mut dyn Task, inventory: &Object) -> Result<(), Fault> {
    let mode = inventory
        .member("boot")
        .and_then(|boot| boot.get("current_boot_mode"))
        .and_then(Value::as_str);
    match mode {
        Some(mode) => add_capabilities(task, [("boot_mode".to_owned(), mode.to_owned())]).await,
        None => Ok(()),
    }
}

/// Sets capabilities by CPU flags, as `[inspector]cpu_capabilities` says.
pub(super) async fn cpu_capabilities(task: &mut dyn Task, inventory: &Object) -> Result<(), Fault> {
    let flags = inventory.member("cpu").and_then(|cpu| cpu.get("flags"));
    let flags = flags.and_then(Value::as_array).map(Vec::as_slice);
    let Some(flags) = flags.filter(|flags| !flags.is_empty()) else {
        tracing::warn!(node.uuid = %task.node().uuid, "inspection did not tell the CPU's flags");
        return Ok(());
    };
    let known = task.config().inspector.cpu_capabilities.clone();
    let found = known
        .into_iter()
        .filter(|(flag, _)| flags.iter().any(|told| told == flag.as_str()))
        .map(|(_, name)| (name, "true".to_owned()));
    add_capabilities(task, found).await
}

/// Counts the PCI devices that `[inspector]pci_device_alias` names, as capabilities.
pub(super) async fn pci_devices(
    task: &mut dyn Task,
    plugin_data: &Map<String, Value>,
) -> Result<(), Fault> {
    let Some(devices) = plugin_data.get("pci_devices").and_then(Value::as_array) else {
        return Ok(());
    };
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for alias in aliases(task) {
        let is_one = |device: &&Value| {
            device.get("vendor_id").and_then(Value::as_str) == Some(alias.vendor_id.as_str())
                && device.get("product_id").and_then(Value::as_str)
                    == Some(alias.product_id.as_str())
        };
        let count = devices.iter().filter(is_one).count();
        if count > 0 {
            counts.insert(alias.name, count);
        }
    }
    match counts.is_empty() {
        true => Ok(()),
        false => {
            let counts = counts
                .into_iter()
                .map(|(name, count)| (name, count.to_string()));
            add_capabilities(task, counts).await
        }
    }
}

/// One `[inspector]pci_device_alias`.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Alias {
    vendor_id: String,
    product_id: String,
    name: String,
}

/// The aliases that can be read.
fn aliases(task: &dyn Task) -> Vec<Alias> {
    let configured = &task.config().inspector.pci_device_alias;
    let mut aliases = Vec::new();
    for text in configured.iter() {
        match serde_json::from_str(text) {
            Ok(alias) => aliases.push(alias),
            Err(why) => tracing::error!("[inspector]pci_device_alias can't be read: {why}"),
        }
    }
    aliases
}

/// Sets capabilities in `properties/capabilities`, `name:value` with commas between.
///
/// # Errors
/// `HardwareInspectionFailure` if the node's capabilities are not of that form.
async fn add_capabilities(
    task: &mut dyn Task,
    new: impl IntoIterator<Item = (String, String)>,
) -> Result<(), Fault> {
    let old = task.node().properties.text_member("capabilities");
    let updated = updated(old.unwrap_or_default(), new).ok_or_else(|| {
        Fault::new(
            Class::HardwareInspectionFailure,
            format!(
                "The capabilities in the properties of node {} are not of the form name:value,name:value.",
                task.node().uuid
            ),
        )
    })?;
    task.node_mut().properties.set("capabilities", updated);
    task.save().await
}

fn updated(old: &str, new: impl IntoIterator<Item = (String, String)>) -> Option<String> {
    let mut all: Vec<(String, String)> = Vec::new();
    let kept = old.split(',').filter(|_| !old.is_empty());
    for capability in kept {
        let (name, value) = capability.split_once(':')?;
        all.push((name.to_owned(), value.to_owned()));
    }
    for (name, value) in new {
        match all.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = value,
            None => all.push((name, value)),
        }
    }
    let all: Vec<String> = all
        .into_iter()
        .map(|(name, value)| format!("{name}:{value}"))
        .collect();
    Some(all.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn capabilities_are_replaced_in_place_and_added_at_the_end() {
        let new = || [pair("boot_mode", "uefi"), pair("cpu_vt", "true")];
        assert_eq!(updated("", new()).unwrap(), "boot_mode:uefi,cpu_vt:true");
        assert_eq!(
            updated("boot_mode:bios,a:b:c", new()).unwrap(),
            "boot_mode:uefi,a:b:c,cpu_vt:true"
        );
        assert_eq!(updated("nonsense", new()), None);
    }
}
