//! BIOS or UEFI.

use std::time::Duration;

use drivers_interface::Task;
use drivers_redfish_client::schema::boot::{self, BootChange, BootEnabled, BootTarget};
use schemas_model::boot::BootMode;
use schemas_model::power::PowerState;
use schemas_model::{Class, Fault};
use tokio::time::Instant;

use crate::connection::NodeBmc;

/// Boot modes and their names in Redfish.
pub(super) const MODES: &[(BootMode, boot::BootMode)] = &[
    (BootMode::Uefi, boot::BootMode::Uefi),
    (BootMode::Bios, boot::BootMode::Legacy),
];

/// Pause between looks whether a change has taken effect.
pub(super) const LOOK: Duration = Duration::from_secs(15);

/// The boot mode in force.
pub(super) async fn current(bmc: &NodeBmc) -> Result<Option<BootMode>, Fault> {
    let found = read(bmc).await?;
    Ok(found
        .and_then(|found| MODES.iter().find(|(_, known)| *known == found))
        .map(|(mode, _)| *mode))
}

async fn read(bmc: &NodeBmc) -> Result<Option<boot::BootMode>, Fault> {
    let system = bmc.system().await?;
    let boot = bmc
        .bmc
        .boot_override(&system)
        .await
        .map_err(bmc.failed("read the boot mode"))?;
    Ok(boot.mode)
}

/// Changes the boot mode, and reboots the machine where the change needs that (Dell). `not_there`
/// is returned for machines that can neither show nor change it (HPE Gen9).
pub(super) async fn set(
    task: &mut dyn Task,
    bmc: &NodeBmc,
    mode: BootMode,
    not_there: Fault,
) -> Result<(), Fault> {
    let Some((_, wanted)) = MODES.iter().find(|(known, _)| *known == mode).copied() else {
        return Err(not_there);
    };
    let quirks = bmc.quirks;
    let system = bmc.system().await?;
    let boot = bmc
        .bmc
        .boot_override(&system)
        .await
        .map_err(bmc.failed("read the boot mode"))?;
    let mut change = BootChange {
        mode: Some(wanted),
        ..BootChange::default()
    };
    if quirks.whole_boot_request {
        change.enabled = Some(boot.enabled.unwrap_or(BootEnabled::Once));
        change.target = Some(boot.target.unwrap_or(BootTarget::Pxe));
    }
    if let Err(error) = bmc.bmc.set_boot(&system, &change, quirks).await {
        let fault = bmc.failed(&format!("set the boot mode to '{mode}'"))(error);
        if boot.mode.is_none() {
            tracing::info!(node.uuid = %bmc.node, %fault, "this machine seems to have no boot mode that can be set");
            return Err(not_there);
        }
        return Err(fault);
    }
    if boot.mode.is_none() {
        tracing::warn!(node.uuid = %bmc.node, "the BMC accepted the boot mode '{mode}' but does not show it");
        return Ok(());
    }
    if read(bmc).await? == Some(wanted) {
        return Ok(());
    }
    reboot_until(
        task,
        bmc,
        &format!("the boot mode to become '{mode}'"),
        || async { Ok(read(&bmc.afresh()).await? == Some(wanted)) },
    )
    .await
}

/// Reboots the machine and waits for a change to show, then brings it back to the power state it
/// was in.
pub(super) async fn reboot_until<F, R>(
    task: &mut dyn Task,
    bmc: &NodeBmc,
    what: &str,
    done: F,
) -> Result<(), Fault>
where
    F: Fn() -> R + Send + Sync,
    R: Future<Output = Result<bool, Fault>> + Send,
{
    let power = task.interfaces().power.clone();
    let before = power.power_state(task).await?;
    tracing::info!(node.uuid = %bmc.node, "the machine is rebooted for {what}");
    task.power_action(PowerState::Reboot, None).await?;
    let patience = task.config().redfish.boot_mode_config_timeout;
    let end = Instant::now() + Duration::from_secs(patience);
    // 0 means not to wait.
    loop {
        // A BMC may not answer while the machine restarts.
        match done().await {
            Ok(true) => break,
            _ if patience == 0 => break,
            Ok(false) => {}
            Err(fault) if Instant::now() >= end => return Err(fault),
            Err(fault) => {
                tracing::debug!(node.uuid = %bmc.node, %fault, "still waiting for {what}")
            }
        }
        if Instant::now() >= end {
            return Err(Fault::new(
                Class::RedfishError,
                format!(
                    "Node {}: timeout of {patience} s reached while waiting for {what} on BMC {}. Look at the machine's console, or allow more time with [redfish]boot_mode_config_timeout.",
                    bmc.node,
                    bmc.address()
                ),
            ));
        }
        tokio::time::sleep(LOOK).await;
    }
    match before {
        Some(state) => task.power_action(state, None).await,
        None => Ok(()),
    }
}
