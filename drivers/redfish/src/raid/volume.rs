//! Volumes on the BMC: which disks there are, creating, deleting, and what is there in the end.

use chrono::Utc;
use drivers_interface::Task;
use drivers_redfish_client::{
    Document, Error, ResourcePath,
    schema::storage::{ApplyTime, Drive, Storage, Volume, apply_time},
};
use schemas_model::{Fault, Object};
use serde_json::{Map, Value, json};

use super::level::Level;
use super::order::{Order, Orders};
use super::plan::PhysicalDisk;
use super::progress::{Next, Submitted};
use crate::connection::NodeBmc;

const APPLY_TIME: &str = "@Redfish.OperationApplyTime";

async fn storages(bmc: &NodeBmc) -> Result<Vec<Storage>, Error> {
    let system = bmc.read_system().await?;
    let mut capable = Vec::new();
    for storage in bmc.storage(&system).await? {
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

/// Orders volumes. A storage that works on after its answer takes no second order: what is left
/// comes back to be ordered later.
pub(super) async fn create(bmc: &NodeBmc, orders: Orders) -> Result<Submitted, Fault> {
    let make = async {
        let mut submitted = Submitted::default();
        let mut pending = Orders::new();
        for storage in storages(bmc).await? {
            let Some(of_storage) = orders.get(storage.id()?) else {
                continue;
            };
            let drives = bmc.bmc.drives(&storage).await?;
            let mut left = of_storage.iter();
            for order in left.by_ref() {
                if note(
                    &mut submitted,
                    create_one(bmc, &storage, &drives, order).await?,
                ) {
                    break;
                }
            }
            let left: Vec<Order> = left.cloned().collect();
            if !left.is_empty() {
                pending.insert(storage.id()?.to_owned(), left);
            }
        }
        submitted.next = Next::Create(pending);
        Ok(submitted)
    };
    make.await.map_err(bmc.failed("create a RAID volume"))
}

/// What a BMC answered to one order.
struct Ordered {
    monitor: Option<ResourcePath>,
    time: Option<ApplyTime>,
}

/// Keeps what goes on. True if something does.
fn note(submitted: &mut Submitted, ordered: Ordered) -> bool {
    let goes_on = ordered.monitor.is_some();
    submitted.reboot |= goes_on && ordered.time != Some(ApplyTime::Immediate);
    submitted.monitors.extend(ordered.monitor);
    goes_on
}

async fn create_one(
    bmc: &NodeBmc,
    storage: &Storage,
    drives: &[Drive],
    order: &Order,
) -> Result<Ordered, Error> {
    let path = storage
        .volumes()?
        .ok_or_else(|| storage.document().missing("Volumes"))?;
    let level = order
        .level()
        .ok_or_else(|| storage.document().missing("the RAID level"))?;
    let collection = bmc.bmc.get(&path).await?;
    let time = apply_time(&collection)?;
    let mut links = Vec::new();
    for drive in drives {
        if order
            .physical_disks
            .iter()
            .any(|id| drive.id().ok() == Some(id))
        {
            links.push(json!({"@odata.id": drive.document().path().as_str()}));
        }
    }
    let mut body = json!({"RAIDType": level.redfish, "Links": {"Drives": links}});
    if let Some(bytes) = order.bytes() {
        body["CapacityBytes"] = json!(bytes);
    }
    if let Some(name) = &order.volume_name {
        body["Name"] = json!(name);
    }
    if let Some(time) = time {
        body[APPLY_TIME] = json!(time.as_str());
    }
    let answer = bmc.bmc.post(&path, Some(body)).await?;
    Ok(Ordered {
        monitor: answer.task(),
        time,
    })
}

/// Orders the deletion of volumes: of all, or of one of each storage that works on after its answer.
pub(super) async fn delete(bmc: &NodeBmc) -> Result<Submitted, Fault> {
    let delete = async {
        let mut submitted = Submitted::default();
        let mut any_left = false;
        for storage in storages(bmc).await? {
            let Some(path) = storage.volumes()? else {
                continue;
            };
            let time = apply_time(&bmc.bmc.get(&path).await?)?;
            let mut volumes = Vec::new();
            for volume in bmc.bmc.volumes(&storage).await? {
                if is_raid(&volume)? {
                    volumes.push(volume);
                }
            }
            let mut left = volumes.iter();
            for volume in left.by_ref() {
                let body = time.map(|time| json!({APPLY_TIME: time.as_str()}));
                let answer = bmc.bmc.delete_with(volume.document().path(), body).await?;
                let monitor = answer.task();
                if note(&mut submitted, Ordered { monitor, time })
                    && time == Some(ApplyTime::OnReset)
                {
                    break;
                }
            }
            any_left |= left.next().is_some();
        }
        submitted.next = Next::Delete { any_left };
        Ok(submitted)
    };
    delete.await.map_err(bmc.failed("delete the RAID volumes"))
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
