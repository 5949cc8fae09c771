//! Changes of boot mode, secure boot and virtual media, in the background.

use drivers_interface::Task;
use schemas_model::Fault;
use schemas_model::boot::{BootDevice, BootMode};

use crate::history::EventType;
use crate::task::NodeTask;

/// Changes the boot mode, unless the machine is in it.
///
/// # Errors
/// Those of saving; a refusal of the BMC is recorded.
pub async fn change_boot_mode(task: &mut NodeTask, mode: BootMode) -> Result<(), Fault> {
    let management = task.interfaces().management.clone();
    if matches!(management.boot_mode(task).await, Ok(Some(current)) if current == mode) {
        return Ok(());
    }
    match management.set_boot_mode(task, mode).await {
        Ok(()) => task.node_mut().boot_mode = Some(mode.to_string()),
        Err(fault) => {
            let error = format!("Failed to change boot mode to '{mode}': {fault}");
            task.node_mut().last_error = Some(error);
        }
    }
    task.save().await
}

/// Switches secure boot, unless it is so.
///
/// # Errors
/// As [`change_boot_mode`].
pub async fn change_secure_boot(task: &mut NodeTask, on: bool) -> Result<(), Fault> {
    let management = task.interfaces().management.clone();
    if matches!(management.secure_boot(task).await, Ok(Some(current)) if current == on) {
        return Ok(());
    }
    match management.set_secure_boot(task, on).await {
        Ok(()) => task.node_mut().secure_boot = Some(on),
        Err(fault) => {
            let error = format!("Failed to change secure_boot state to '{on}': {fault}");
            task.node_mut().last_error = Some(error);
        }
    }
    task.save().await
}

/// Puts an image into a virtual device.
///
/// # Errors
/// As [`change_boot_mode`].
pub async fn attach_media(
    task: &mut NodeTask,
    device: BootDevice,
    image_url: &str,
) -> Result<(), Fault> {
    let management = task.interfaces().management.clone();
    let attached = management
        .attach_virtual_media(task, device, image_url)
        .await;
    note(
        task,
        attached,
        &format!("Could not attach device {device} to node"),
    )
    .await
}

/// Empties virtual devices.
///
/// # Errors
/// As [`change_boot_mode`].
pub async fn detach_media(task: &mut NodeTask, devices: &[BootDevice]) -> Result<(), Fault> {
    let management = task.interfaces().management.clone();
    let detached = management.detach_virtual_media(task, devices).await;
    note(task, detached, "Could not detach virtual devices from node").await
}

async fn note(task: &mut NodeTask, result: Result<(), Fault>, what: &str) -> Result<(), Fault> {
    if let Err(fault) = result {
        let error = format!("{what} {}: {fault}", task.node().uuid);
        task.record_error(EventType::Unknown, &error);
    }
    task.save().await
}
