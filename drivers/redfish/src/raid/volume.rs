//! Volumes on the BMC: which disks there are, creating, deleting, and what is there in the end.

use std::time::Duration;

use chrono::Utc;
use drivers_interface::Task;
use drivers_redfish_client::{
    Document, Error, ResourcePath,
    bmc::Answer,
    schema::storage::{ApplyTime, Storage, Volume, apply_time},
};
use schemas_model::{Fault, Object};
use serde_json::{Map, Value, json};

use super::level::Level;
use super::plan::{PhysicalDisk, Planned};
use crate::connection::NodeBmc;

/// How long one volume may take that the BMC changes at once.
const PATIENCE: Duration = Duration::from_secs(1800);
const APPLY_TIME: &str = "@Redfish.OperationApplyTime";

async fn storages(bmc: &NodeBmc) -> Result<Vec<Storage>, Error> {
    let system = bmc.bmc.system(bmc.system_path()).await?;
    let mut capable = Vec::new();
    for storage in bmc.bmc.storage(&system).await? {
        if !storage.refuses_raid()? {
            capable.push(storage);
        }
    }
    Ok(capable)
}

/// The disks of all controllers that can do RAID.
pub(super) async fn physical_disks(bmc: &NodeBmc) -> Result<Vec<PhysicalDisk>, Fault> {
    let read = async {
        let mut disks = Vec::new();
        for storage in storages(bmc).await? {
            for drive in bmc.bmc.drives(&storage).await? {
                disks.push(PhysicalDisk {
                    id: drive.id()?.to_owned(),
                    path: drive.document().path().clone(),
                    storage: storage.id()?.to_owned(),
                    media: drive.media_type()?.map(str::to_owned),
                    protocol: drive.protocol()?.map(str::to_owned),
                    capacity: drive.capacity_bytes()?.unwrap_or(0),
                });
            }
        }
        Ok(disks)
    };
    read.await.map_err(bmc.failed("list the physical disks"))
}

/// Creates volumes. Returns the tasks that wait for the machine to start.
pub(super) async fn create(
    bmc: &NodeBmc,
    disks: &[PhysicalDisk],
    planned: &[Planned],
) -> Result<Vec<ResourcePath>, Fault> {
    let make = async {
        let mut deferred = Vec::new();
        let storages = storages(bmc).await?;
        for volume in planned {
            let Some(first) = volume.disks.first().map(|index| &disks[*index]) else {
                continue;
            };
            for storage in &storages {
                if storage.id()? == first.storage {
                    deferred.extend(create_one(bmc, storage, disks, volume).await?);
                }
            }
        }
        Ok(deferred)
    };
    make.await.map_err(bmc.failed("create a RAID volume"))
}

async fn create_one(
    bmc: &NodeBmc,
    storage: &Storage,
    disks: &[PhysicalDisk],
    volume: &Planned,
) -> Result<Option<ResourcePath>, Error> {
    let path = storage
        .volumes()?
        .ok_or_else(|| storage.document().missing("Volumes"))?;
    let collection = bmc.bmc.get(&path).await?;
    let time = apply_time(&collection)?;
    let drives: Vec<Value> = volume
        .disks
        .iter()
        .map(|index| json!({"@odata.id": disks[*index].path.as_str()}))
        .collect();
    let mut body = json!({"RAIDType": volume.level.redfish, "Links": {"Drives": drives}});
    if let Some(bytes) = volume.bytes {
        body["CapacityBytes"] = json!(bytes);
    }
    if let Some(name) = &volume.name {
        body["Name"] = json!(name);
    }
    if let Some(time) = time {
        body[APPLY_TIME] = json!(time.as_str());
    }
    let answer = bmc.bmc.post(&path, Some(body)).await?;
    settle(bmc, &answer, time).await
}

/// Deletes all volumes. Returns the tasks that wait for the machine to start.
pub(super) async fn delete_all(bmc: &NodeBmc) -> Result<Vec<ResourcePath>, Fault> {
    let delete = async {
        let mut deferred = Vec::new();
        for storage in storages(bmc).await? {
            let Some(path) = storage.volumes()? else {
                continue;
            };
            let time = apply_time(&bmc.bmc.get(&path).await?)?;
            for volume in bmc.bmc.volumes(&storage).await? {
                if is_raid(&volume)? {
                    let body = time.map(|time| json!({APPLY_TIME: time.as_str()}));
                    let answer = bmc.bmc.delete_with(volume.document().path(), body).await?;
                    deferred.extend(settle(bmc, &answer, time).await?);
                }
            }
        }
        Ok(deferred)
    };
    delete.await.map_err(bmc.failed("delete the RAID volumes"))
}

/// Waits for what the BMC does at once; hands back what waits for a start.
async fn settle(
    bmc: &NodeBmc,
    answer: &Answer,
    time: Option<ApplyTime>,
) -> Result<Option<ResourcePath>, Error> {
    match (answer.task(), time) {
        (Some(monitor), Some(ApplyTime::OnReset)) => Ok(Some(monitor.clone())),
        (Some(monitor), _) => bmc
            .bmc
            .within(PATIENCE)
            .wait_for_task(monitor)
            .await
            .map(|_| None),
        (None, _) => Ok(None),
    }
}

/// Whether it is more than a disk shown as a volume.
fn is_raid(volume: &Volume) -> Result<bool, Error> {
    Ok(volume.raid_type()?.is_some()
        || volume
            .volume_type()?
            .is_some_and(|kind| kind != "RawDevice"))
}

/// Writes what there is now into `raid_config`.
pub(super) async fn record(task: &mut dyn Task, bmc: &NodeBmc) -> Result<(), Fault> {
    let logical_disks = logical_disks(bmc)
        .await
        .map_err(bmc.failed("read the RAID volumes"))?;
    let config = Map::from_iter([
        ("logical_disks".to_owned(), Value::Array(logical_disks)),
        (
            "last_updated".to_owned(),
            json!(Utc::now().format("%Y-%m-%d %H:%M:%S%.6f%:z").to_string()),
        ),
    ]);
    task.node_mut().raid_config = Object::from_parsed(config);
    task.save().await
}

async fn logical_disks(bmc: &NodeBmc) -> Result<Vec<Value>, Error> {
    let mut found = Vec::new();
    for storage in storages(bmc).await? {
        for volume in bmc.bmc.volumes(&storage).await? {
            found.extend(logical_disk(&storage, &volume)?);
        }
    }
    Ok(found)
}

fn logical_disk(storage: &Storage, volume: &Volume) -> Result<Option<Value>, Error> {
    let document: &Document = volume.document();
    let Some(level) = volume.raid_type()?.and_then(Level::of_redfish) else {
        return Ok(None);
    };
    Ok(Some(json!({
        "id": document.id()?,
        "name": volume.name()?,
        "controller": storage.id()?,
        "size_gb": volume.capacity_bytes()?.unwrap_or(0) >> 30,
        "raid_level": level.name,
    })))
}
