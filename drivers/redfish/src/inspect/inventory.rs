//! The inventory in the shape that the agent's has, so that hooks and rules work on both.

use drivers_redfish_client::{
    Error,
    schema::{
        boot,
        status::Status,
        storage::{Drive, Storage},
        system::ComputerSystem,
    },
};
use schemas_model::boot::BootMode;
use schemas_model::{Fault, Object};
use serde_json::{Map, Value, json};

use super::local_disk;
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
    inventory.insert(
        "cpu".to_owned(),
        optional(
            bmc,
            "processors",
            cpu(bmc, system).await,
            json!({"count": 0, "architecture": ""}),
        ),
    );
    let storage = optional(bmc, "storage", with_drives(bmc, system).await, Vec::new());
    let disks: Vec<Value> = storage
        .iter()
        .flat_map(|(_, drives)| drives.iter().map(disk))
        .collect::<Result<_, _>>()
        .map_err(failed())?;
    if !disks.is_empty() {
        inventory.insert("disks".to_owned(), Value::Array(disks));
    }
    let controllers: Vec<Value> = storage
        .iter()
        .map(|(storage, drives)| controller(storage, drives))
        .collect::<Result<_, _>>()
        .map_err(failed())?;
    if !controllers.is_empty() {
        inventory.insert("storage_controllers".to_owned(), Value::Array(controllers));
    }
    inventory.insert(
        "interfaces".to_owned(),
        optional(
            bmc,
            "network interfaces",
            interfaces(bmc, system).await,
            json!([]),
        ),
    );
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
    let local_gb = local_disk::size_gb(bmc, system, &storage).await;
    Ok(Found {
        inventory: Object::from_parsed(inventory),
        local_gb,
        memory_mb,
        boot_mode,
    })
}

fn optional<T>(bmc: &NodeBmc, what: &str, found: Result<T, Error>, default: T) -> T {
    found.unwrap_or_else(|error| {
        tracing::warn!(node.uuid = %bmc.node, %error, "inspection goes on without the {what}");
        default
    })
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

async fn with_drives(
    bmc: &NodeBmc,
    system: &ComputerSystem,
) -> Result<Vec<(Storage, Vec<Drive>)>, Error> {
    let mut all = Vec::new();
    for storage in bmc.storage(system).await? {
        let drives = bmc.bmc.drives(&storage).await?;
        all.push((storage, drives));
    }
    Ok(all)
}

fn disk(drive: &Drive) -> Result<Value, Error> {
    let mut disk = json!({
        "name": drive.name()?,
        "size": drive.capacity_bytes()?,
        "vendor": drive.document().field("Manufacturer").text()?,
        "model": drive.model()?,
        "serial": drive.serial_number()?,
    });
    if let Some(kind) = drive.media_type()? {
        disk["rotational"] = json!(kind == "HDD");
    }
    Ok(disk)
}

fn controller(storage: &Storage, drives: &[Drive]) -> Result<Value, Error> {
    let parts: Vec<Value> = storage
        .controllers()?
        .into_iter()
        .map(|part| {
            json!({
                "name": part.name,
                "raid_types": part.raid_types,
                "speed_gbps": part.speed_gbps,
                "controller_protocols": part.protocols,
            })
        })
        .collect();
    let drives: Vec<Value> = drives.iter().map(drive_details).collect::<Result<_, _>>()?;
    Ok(
        json!({"id": storage.id()?, "name": storage.name()?, "storage_controllers": parts, "drives": drives}),
    )
}

fn drive_details(drive: &Drive) -> Result<Value, Error> {
    Ok(json!({
        "id": drive.id()?,
        "name": drive.name()?,
        "size": drive.capacity_bytes()?,
        "media_type": drive.media_type()?,
        "serial_number": drive.serial_number()?,
        "manufacturer": drive.document().field("Manufacturer").text()?,
        "model": drive.model()?,
        "revision": drive.document().field("Revision").text()?,
        "protocol": drive.protocol()?,
        "status": status(&drive.status()?),
    }))
}

fn status(status: &Status) -> Value {
    let health = |health: Option<drivers_redfish_client::schema::status::Health>| {
        health.map(|health| health.as_str())
    };
    json!({"health": health(status.health), "health_rollup": health(status.health_rollup), "state": status.state})
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
