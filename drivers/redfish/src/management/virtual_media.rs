//! Virtual media.

use std::time::Duration;

use drivers_interface::Task;
use drivers_redfish_client::schema::virtual_media::{MediaType, VirtualMedia};
use schemas_model::Fault;
use schemas_model::boot::BootDevice;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::connection::NodeBmc;

/// Attempts of an insertion while an ejection may still be going on in the BMC, and their pause.
const ATTEMPTS: usize = 3;
const PAUSE: Duration = Duration::from_secs(3);

/// Devices and the media they take.
const MEDIA: &[(BootDevice, MediaType)] = &[
    (BootDevice::Cdrom, MediaType::Cd),
    (BootDevice::Floppy, MediaType::Floppy),
    (BootDevice::Disk, MediaType::UsbStick),
];

fn media_of(bmc: &NodeBmc, device: BootDevice) -> Result<MediaType, Fault> {
    MEDIA
        .iter()
        .find(|(known, _)| *known == device)
        .map(|(_, media)| *media)
        .ok_or_else(|| {
            Fault::invalid_parameter(format!(
                "Node {}: '{device}' is not a virtual media device; use cdrom, floppy or disk.",
                bmc.node
            ))
        })
}

async fn drives(bmc: &NodeBmc) -> Result<Vec<VirtualMedia>, Fault> {
    let system = bmc.system().await?;
    bmc.bmc
        .virtual_media(&system)
        .await
        .map_err(bmc.failed("list the virtual media"))
}

/// The devices and what is in them.
pub(super) async fn list(bmc: &NodeBmc) -> Result<Value, Fault> {
    let failed = || bmc.failed("read the virtual media");
    let mut list = Vec::new();
    for drive in drives(bmc).await? {
        let types: Vec<&str> = drive
            .media_types()
            .map_err(failed())?
            .into_iter()
            .map(MediaType::as_str)
            .collect();
        list.push(json!({
            "media_types": types,
            "inserted": drive.inserted().map_err(failed())?,
            "image": drive.document().field("Image").text().map_err(failed())?,
        }));
    }
    Ok(Value::Array(list))
}

/// Inserts an image into the first device that takes it, after ejecting what may be in any such
/// device: a BMC may go on showing an ejected image, whose URL may be the same.
pub(super) async fn attach(
    task: &dyn Task,
    bmc: &NodeBmc,
    device: BootDevice,
    url: &str,
) -> Result<(), Fault> {
    let media = media_of(bmc, device)?;
    let what = format!("insert a virtual medium as '{device}'");
    let failed = || bmc.failed(&what);
    let system = bmc.system().await?;
    if let Err(error) = bmc.bmc.eject_all_media(&system, Some(media)).await {
        tracing::debug!(node.uuid = %bmc.node, %error, "old media could not be ejected");
    }
    for drive in drives(bmc).await? {
        if !drive.takes(media).map_err(failed())? {
            continue;
        }
        insert(bmc, &drive, url).await.map_err(failed())?;
        if task.config().redfish.enable_vmedia_insert_polling {
            wait_inserted(task, bmc, &drive).await?;
        }
        return Ok(());
    }
    Err(Fault::invalid_parameter(format!(
        "Node {}: BMC {} has no suitable virtual media device for '{device}'.",
        bmc.node,
        bmc.address()
    )))
}

async fn insert(
    bmc: &NodeBmc,
    drive: &VirtualMedia,
    url: &str,
) -> Result<(), drivers_redfish_client::Error> {
    let mut attempt = 1;
    loop {
        match bmc.bmc.insert_media(drive, url).await {
            Err(error)
                if attempt < ATTEMPTS && error.status().is_some_and(|status| status >= 500) =>
            {
                tracing::debug!(node.uuid = %bmc.node, %error, "the virtual medium is inserted again after a pause");
                tokio::time::sleep(PAUSE).await;
                attempt += 1;
            }
            done => return done,
        }
    }
}

async fn wait_inserted(task: &dyn Task, bmc: &NodeBmc, drive: &VirtualMedia) -> Result<(), Fault> {
    let config = &task.config().redfish;
    let failed = || bmc.failed("see whether the virtual medium is inserted");
    let end = Instant::now() + Duration::from_secs(config.vmedia_insert_timeout);
    loop {
        let read = bmc.afresh().bmc.refresh(drive.document()).await;
        let now = VirtualMedia::new(read.map_err(failed())?);
        if now.inserted().map_err(failed())? == Some(true) {
            return Ok(());
        }
        if Instant::now() >= end {
            return Err(Fault::invalid_parameter(format!(
                "Node {}: BMC {} accepted the virtual medium but did not insert it within {} s. Check that the BMC can reach the image.",
                bmc.node,
                bmc.address(),
                config.vmedia_insert_timeout
            )));
        }
        tokio::time::sleep(Duration::from_secs(config.vmedia_insert_poll_interval)).await;
    }
}

/// Empties devices; all of them if none is named.
pub(super) async fn detach(bmc: &NodeBmc, devices: &[BootDevice]) -> Result<(), Fault> {
    let system = bmc.system().await?;
    let media: Vec<Option<MediaType>> = match devices {
        [] => vec![None],
        devices => devices
            .iter()
            .map(|device| media_of(bmc, *device).map(Some))
            .collect::<Result<_, _>>()?,
    };
    for media in media {
        bmc.bmc
            .eject_all_media(&system, media)
            .await
            .map_err(bmc.failed("eject virtual media"))?;
    }
    Ok(())
}
