//! `ipmi_force_boot_device`: for BMCs that forget the boot device at every power cycle.
//!
//! The wanted device is remembered in `driver_internal_info/persistent_boot_device` and sent again
//! before each power-on, unless the next boot was meant to be an exception
//! (`is_next_boot_persistent` is false).

use drivers_interface::Task;
use schemas_model::boot::BootDevice;
use schemas_model::provision::State;
use schemas_model::{Fault, Node};
use serde_json::Value;

use crate::number;

const DEVICE: &str = "persistent_boot_device";
const NEXT: &str = "is_next_boot_persistent";

/// Whether the node asks for it.
pub(crate) fn is_wanted(node: &Node) -> bool {
    node.driver_info
        .member("ipmi_force_boot_device")
        .is_some_and(number::is_true)
}

/// The device that is remembered, unless the next boot is an exception.
pub(crate) fn remembered(node: &Node) -> Option<BootDevice> {
    let device = node.driver_internal_info.text_member(DEVICE)?;
    let exception = node
        .driver_internal_info
        .member(NEXT)
        .is_some_and(|next| !number::is_true(next));
    if exception {
        return None;
    }
    device.parse().ok()
}

/// Remembers what a call to set the boot device asked for.
///
/// # Errors
/// As [`Task::save`].
pub(crate) async fn remember(
    task: &mut dyn Task,
    device: BootDevice,
    persistent: bool,
) -> Result<(), Fault> {
    let internal = &mut task.node_mut().driver_internal_info;
    if persistent {
        internal.unset(NEXT);
        internal.set(DEVICE, device.as_str());
    } else {
        internal.set(NEXT, false);
    }
    task.save().await
}

/// Before a power-on: sends the remembered device again, or forgets the exception.
///
/// # Errors
/// As setting the boot device, and as [`Task::save`].
pub(crate) async fn ensure(task: &mut dyn Task) -> Result<(), Fault> {
    if !is_wanted(task.node()) {
        return Ok(());
    }
    let internal = &task.node().driver_internal_info;
    if internal.member(NEXT) == Some(&Value::Bool(false)) {
        task.node_mut().driver_internal_info.unset(NEXT);
        return task.save().await;
    }
    let device = internal.text_member(DEVICE).map(str::parse::<BootDevice>);
    let Some(Ok(device)) = device else {
        return Ok(());
    };
    let management = task.interfaces().management.clone();
    management.validate(task).await?;
    // A node being adopted runs already; nothing about its next boot may change.
    if task.node().provision_state == State::Adopting {
        return Ok(());
    }
    let always = persistency(task.node());
    management.set_boot_device(task, device, always).await
}

/// `force_persistent_boot_device` turns a one-time device into a lasting one.
fn persistency(node: &Node) -> bool {
    match node.driver_info.member("force_persistent_boot_device") {
        Some(Value::String(word)) if word == "Always" => true,
        Some(Value::String(word)) if word == "Never" || word == "Default" => false,
        Some(other) => number::is_true(other),
        None => false,
    }
}
