//! The inventory in the shape that the agent's has, so that hooks and rules work on both.

use drivers_redfish_client::{
    Error,
    schema::{boot, system::ComputerSystem},
};
use schemas_model::boot::BootMode;
use schemas_model::{Fault, Object};
use serde_json::{Map, Value, json};

use super::{lldp, local_disk, pci, storage};
use crate::connection::NodeBmc;

/// Instruction sets and what Ironic calls the architecture.
const ARCHITECTURES: &[(&str, &str)] = &[
    ("x86-64", "x86_64"),
    ("x86", "i686"),
    ("ARM-A64", "aarch64"),
    ("ARM-A32", "arm"),
    ("IA-64", "ia64"),
    ("MIPS32", "mips"),
    ("MIPS64", "mips64"),
];

/// What was found.
pub(super) struct Found {
    /// For hooks, rules and storage.
    pub(super) inventory: Object,
    /// What hooks would find out from an agent: the neighbours by LLDP.
    pub(super) plugin_data: Object,
    /// Size of the disk to deploy to, GiB, one less than real; 0 for a diskless machine.
    pub(super) local_gb: i64,
    /// Memory, MiB.
    pub(super) memory_mb: Option<i64>,
    /// The boot mode in force.
    pub(super) boot_mode: Option<BootMode>,
}

/// Reads everything. What a BMC can't tell is left out.
pub(super) async fn collect(bmc: &NodeBmc, system: &ComputerSystem) -> Result<Found, Fault> {
    let failed = || bmc.failed("inspect the machine");
    let mut inventory = Map::new();
    // Sizes in GiB are whole numbers of MiB.
    let memory_mb = system
        .memory_gib()
        .map_err(failed())?
        .filter(|gib| *gib > 0.0)
        .map(|gib| (gib * 1024.0) as i64);
    if let Some(memory_mb) = memory_mb {
        inventory.insert("memory".to_owned(), json!({"physical_mb": memory_mb}));
    }
    let no_cpu = json!({"count": 0, "architecture": ""});
    let cpu = optional(bmc, "processors", cpu(bmc, system).await, no_cpu)?;
    inventory.insert("cpu".to_owned(), cpu);
    let storage = storage::read(bmc, system).await?;
    for (name, list) in [
        ("disks", storage.disks().map_err(failed())?),
        (
            "storage_controllers",
            storage.controllers().map_err(failed())?,
        ),
    ] {
        if !list.is_empty() {
            inventory.insert(name.to_owned(), Value::Array(list));
        }
    }
    let found = interfaces(bmc, system).await;
    let interfaces = optional(bmc, "network interfaces", found, json!([]))?;
    inventory.insert("interfaces".to_owned(), interfaces);
    let found = pci::devices(bmc, system).await;
    let devices = optional(bmc, "PCI devices", found, Vec::new())?;
    if !devices.is_empty() {
        inventory.insert("pci_devices".to_owned(), Value::Array(devices));
    }
    let vendor = system_vendor(system).map_err(failed())?;
    if !vendor.is_empty() {
        inventory.insert("system_vendor".to_owned(), Value::Object(vendor));
    }
    let boot_mode = bmc
        .bmc
        .boot_override(system)
        .await
        .map_err(failed())?
        .mode
        .map(|mode| match mode {
            boot::BootMode::Uefi => BootMode::Uefi,
            boot::BootMode::Legacy => BootMode::Bios,
        });
    if let Some(mode) = boot_mode {
        inventory.insert(
            "boot".to_owned(),
            json!({"current_boot_mode": mode.as_str()}),
        );
    }
    let local_gb = local_disk::size_gb(bmc, &storage).await?;
    let found = lldp::neighbours(bmc, system).await;
    let neighbours = optional(bmc, "switches it is connected to", found, Map::new())?;
    let mut plugin_data = Map::new();
    if !neighbours.is_empty() {
        plugin_data.insert("parsed_lldp".to_owned(), Value::Object(neighbours));
    }
    Ok(Found {
        inventory: Object::from_parsed(inventory),
        plugin_data: Object::from_parsed(plugin_data),
        local_gb,
        memory_mb,
        boot_mode,
    })
}

/// What is found, or `default` for what this BMC does not tell. A BMC that does not answer, or not
/// in time, ends the inspection: half an inventory would look like a smaller machine.
pub(super) fn optional<T>(
    bmc: &NodeBmc,
    what: &str,
    found: Result<T, Error>,
    default: T,
) -> Result<T, Fault> {
    match found {
        Ok(found) => Ok(found),
        Err(error) if error.is_connection() || error.is_access() => {
            Err(bmc.failed(&format!("inspect the machine's {what}"))(error))
        }
        Err(error) => {
            tracing::warn!(node.uuid = %bmc.node, %error, "inspection goes on without the {what}");
            Ok(default)
        }
    }
}

async fn cpu(bmc: &NodeBmc, system: &ComputerSystem) -> Result<Value, Error> {
    let processors = bmc.bmc.processors(system).await?;
    let mut threads = 0;
    for processor in &processors {
        threads += processor.total_threads()?.unwrap_or(0);
    }
    let mut cpu = json!({"count": threads, "architecture": ""});
    let Some(first) = processors.first() else {
        return Ok(cpu);
    };
    if let Some(model) = first.model()? {
        cpu["model_name"] = json!(model);
    }
    if let Some(frequency) = first.max_speed_mhz()? {
        cpu["frequency"] = json!(frequency);
    }
    let set = first.instruction_set()?;
    let architecture = ARCHITECTURES.iter().find(|(known, _)| Some(*known) == set);
    cpu["architecture"] = json!(architecture.map_or("", |(_, architecture)| architecture));
    Ok(cpu)
}

async fn interfaces(bmc: &NodeBmc, system: &ComputerSystem) -> Result<Value, Error> {
    let mut list = Vec::new();
    for interface in bmc.bmc.ethernet_interfaces(system).await? {
        let Some(mac) = interface.mac_address()?.filter(|mac| is_mac(mac)) else {
            tracing::warn!(node.uuid = %bmc.node, interface = interface.id()?, "a network interface without a valid MAC address is left out");
            continue;
        };
        let mut entry = json!({"mac_address": mac, "name": interface.id()?});
        if let Some(speed) = interface.speed_mbps()? {
            entry["speed_mbps"] = json!(speed);
        }
        list.push(entry);
    }
    Ok(Value::Array(list))
}

fn is_mac(text: &str) -> bool {
    let parts: Vec<&str> = text.split(':').collect();
    parts.len() == 6
        && parts
            .iter()
            .all(|part| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn system_vendor(system: &ComputerSystem) -> Result<Map<String, Value>, Error> {
    let known = [
        ("product_name", system.model()?),
        ("serial_number", system.serial_number()?),
        ("manufacturer", system.manufacturer()?),
        ("system_uuid", system.uuid()?),
    ];
    Ok(known
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), json!(value?))))
        .collect())
}
