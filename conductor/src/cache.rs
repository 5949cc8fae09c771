//! What is remembered of the machine itself: vendor, boot mode, health, firmware.
//!
//! Reading it is a courtesy: failures are logged and never stop the flow that asked.

use drivers_interface::Task;
use schemas_model::{Class, Fault};

use crate::history::EventType;
use crate::task::{NodeTask, Patience};

/// Logs a failure unless the interface just does not do this.
fn note(task: &NodeTask, what: &str, fault: &Fault) {
    if fault.is_a(Class::UnsupportedDriverExtension) {
        tracing::debug!(node.uuid = %task.node().uuid, what, "not supported, not cached");
    } else {
        tracing::warn!(node.uuid = %task.node().uuid, what, error = %fault, "not cached");
    }
}

/// Everything, as verification and the end of a flow do.
///
/// # Errors
/// Those of saving only.
pub async fn update(task: &mut NodeTask) -> Result<(), Fault> {
    vendor(task).await?;
    boot_mode(task).await?;
    let interfaces = task.interfaces().clone();
    if let Err(fault) = interfaces.bios.cache_bios_settings(task).await {
        note(task, "BIOS settings", &fault);
    }
    firmware_components(task).await;
    Ok(())
}

/// Firmware components.
pub async fn firmware_components(task: &mut NodeTask) {
    let firmware = task.interfaces().firmware.clone();
    let cached = async {
        firmware.validate(task).await?;
        firmware.cache_firmware_components(task).await
    };
    if let Err(fault) = cached.await {
        note(task, "firmware components", &fault);
    }
}

/// The vendor, once.
///
/// # Errors
/// Those of saving only.
pub async fn vendor(task: &mut NodeTask) -> Result<(), Fault> {
    if task
        .node()
        .properties
        .text_member("vendor")
        .is_some_and(|v| !v.is_empty())
    {
        return Ok(());
    }
    let management = task.interfaces().management.clone();
    let vendor = match management.detect_vendor(task).await {
        Ok(Some(vendor)) if !vendor.is_empty() => vendor,
        Ok(_) => return Ok(()),
        Err(fault) => {
            note(task, "vendor", &fault);
            return Ok(());
        }
    };
    if task.upgrade(Patience::Usual).await.is_err() {
        return Ok(());
    }
    task.node_mut().properties.set("vendor", vendor);
    task.save().await
}

/// Boot mode and secure boot.
///
/// # Errors
/// `NodeLocked`, and those of saving.
pub async fn boot_mode(task: &mut NodeTask) -> Result<(), Fault> {
    let management = task.interfaces().management.clone();
    let mode = match management.boot_mode(task).await {
        Ok(mode) => mode,
        Err(fault) if fault.is_a(Class::UnsupportedDriverExtension) => None,
        Err(fault) => {
            note(task, "boot mode", &fault);
            return Ok(());
        }
    };
    let secure = match management.secure_boot(task).await {
        Ok(secure) => secure,
        Err(fault) if fault.is_a(Class::UnsupportedDriverExtension) => None,
        Err(fault) => {
            note(task, "secure boot state", &fault);
            return Ok(());
        }
    };
    let mode = mode.map(|mode| mode.to_string());
    if mode == task.node().boot_mode && secure == task.node().secure_boot {
        return Ok(());
    }
    task.upgrade(Patience::Usual).await?;
    let node = task.node_mut();
    node.boot_mode = mode;
    node.secure_boot = secure;
    task.save().await
}

/// The health the BMC reports.
///
/// # Errors
/// Those of saving only.
pub async fn health(task: &mut NodeTask) -> Result<(), Fault> {
    if !task.config().conductor.enable_health_monitoring {
        return Ok(());
    }
    let management = task.interfaces().management.clone();
    let health = match management.health(task).await {
        Ok(health) => health.map(|health| health.as_str().to_owned()),
        Err(fault) => {
            note(task, "health", &fault);
            return Ok(());
        }
    };
    if health == task.node().health || task.upgrade(Patience::Usual).await.is_err() {
        return Ok(());
    }
    let event = format!(
        "Node health status changed: health='{}' (previously '{}')",
        health.as_deref().unwrap_or("None"),
        task.node().health.as_deref().unwrap_or("None"),
    );
    task.node_mut().health = health;
    task.record(EventType::Monitoring, &event);
    task.save().await
}
