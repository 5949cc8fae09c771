//! Disks and the controllers they belong to.

use drivers_redfish_client::{
    Error,
    schema::{
        status::{Health, Status},
        storage::{Controller, Drive, SimpleDevice, SimpleStorage, Storage},
        system::ComputerSystem,
    },
};
use schemas_model::Fault;
use serde_json::{Map, Value, json};

use super::inventory::optional;
use crate::connection::NodeBmc;

/// What the BMC shows of the machine's storage, in one form or both.
pub(super) struct Shown {
    /// `Storage` with its drives; `None` on BMCs that don't have it.
    pub(super) full: Option<Vec<(Storage, Vec<Drive>)>>,
    /// `SimpleStorage`, the older form.
    pub(super) simple: Vec<SimpleStorage>,
}

/// Reads both forms.
pub(super) async fn read(bmc: &NodeBmc, system: &ComputerSystem) -> Result<Shown, Fault> {
    let full = match with_drives(bmc, system).await {
        Err(error) if error.is_missing() => None,
        found => Some(optional(bmc, "storage", found, Vec::new())?),
    };
    let simple = match bmc.bmc.simple_storage(system).await {
        Err(error) if error.is_missing() => Vec::new(),
        found => optional(bmc, "simple storage", found, Vec::new())?,
    };
    Ok(Shown { full, simple })
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

impl Shown {
    /// The disks, as an agent would list them.
    pub(super) fn disks(&self) -> Result<Vec<Value>, Error> {
        let Some(full) = &self.full else {
            let devices = self.simple.iter().map(SimpleStorage::devices);
            let devices: Vec<Vec<SimpleDevice>> = devices.collect::<Result<_, _>>()?;
            let disk =
                |device: SimpleDevice| json!({"name": device.name, "size": device.capacity_bytes});
            return Ok(devices.into_iter().flatten().map(disk).collect());
        };
        full.iter()
            .flat_map(|(_, drives)| drives.iter().map(disk))
            .collect()
    }

    /// The controllers with all that is known of their drives.
    pub(super) fn controllers(&self) -> Result<Vec<Value>, Error> {
        self.full
            .iter()
            .flatten()
            .map(|(storage, drives)| subsystem(storage, drives))
            .collect()
    }
}

fn disk(drive: &Drive) -> Result<Value, Error> {
    let mut disk = json!({
        "name": drive.name()?,
        "size": drive.capacity_bytes()?,
        "vendor": drive.document().field("Manufacturer").text()?,
        "model": drive.model()?,
        "serial": drive.serial_number()?,
    });
    if let Some(kind) = drive.media_type()?.filter(|kind| !kind.is_empty()) {
        disk["rotational"] = json!(kind == "HDD");
    }
    Ok(disk)
}

fn subsystem(storage: &Storage, drives: &[Drive]) -> Result<Value, Error> {
    let parts: Vec<Value> = storage.controllers()?.into_iter().map(controller).collect();
    let drives: Vec<Value> = drives.iter().map(drive_details).collect::<Result<_, _>>()?;
    Ok(
        json!({"id": storage.id()?, "name": storage.name()?, "storage_controllers": parts, "drives": drives}),
    )
}

fn controller(part: Controller) -> Value {
    let mut shown = json!({
        "member_id": part.member_id,
        "name": part.name,
        "raid_types": part.raid_types,
        "speed_gbps": crate::number::whole(part.speed_gbps),
        "controller_protocols": part.protocols,
        "device_protocols": part.device_protocols,
    });
    if let Some(of_part) = &part.status {
        shown["status"] = status(of_part);
    }
    shown
}

fn drive_details(drive: &Drive) -> Result<Value, Error> {
    let text = |name: &str| drive.document().field(name).text();
    let mut shown = json!({
        "id": drive.id()?,
        "name": drive.name()?,
        "size": drive.capacity_bytes()?,
        "media_type": drive.media_type()?,
        "serial_number": drive.serial_number()?,
        "manufacturer": text("Manufacturer")?,
        "model": drive.model()?,
        "revision": text("Revision")?,
    });
    if let Some(protocol) = drive.protocol()? {
        shown["protocol"] = json!(protocol);
    }
    if drive.document().field("Status").is_present() {
        shown["status"] = status(&drive.status()?);
    }
    Ok(shown)
}

/// What a `Status` tells; null if that is nothing.
fn status(status: &Status) -> Value {
    let known = [
        ("health", status.health.map(Health::as_str)),
        ("state", status.state.as_deref()),
        ("health_rollup", status.health_rollup.map(Health::as_str)),
    ];
    let told: Map<String, Value> = known
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), Value::from(value?))))
        .collect();
    match told.is_empty() {
        true => Value::Null,
        false => Value::Object(told),
    }
}
