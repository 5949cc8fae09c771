//! Boot devices, with what vendors make of "persistent".

use std::time::Duration;

use drivers_interface::{CurrentBootDevice, Task};
use drivers_redfish_client::{
    Error,
    quirks::Quirks,
    schema::{
        boot::{BootChange, BootEnabled, BootMode, BootTarget},
        system::ComputerSystem,
    },
};
use schemas_model::Fault;
use schemas_model::boot::BootDevice;

use crate::connection::NodeBmc;
use crate::node_fields::{self, BOOT_DEVICE, HTTP_BOOT_URL};

/// What earlier releases of Ironic stored in place of a boot device.
const OLD_NAMES: &[(&str, BootTarget)] = &[
    ("hdd", BootTarget::Hdd),
    ("cd", BootTarget::Cd),
    ("bios setup", BootTarget::BiosSetup),
];

fn target_of(bmc: &NodeBmc, device: BootDevice) -> Option<BootTarget> {
    let mut devices = bmc.dialect.boot_devices.iter();
    devices
        .find(|(known, _)| *known == device)
        .map(|(_, target)| *target)
}

fn device_of(bmc: &NodeBmc, target: BootTarget) -> Option<BootDevice> {
    // A Supermicro BMC that was told "Cd" shows what it was really sent.
    let target = if target == BootTarget::UsbCd {
        BootTarget::Cd
    } else {
        target
    };
    let mut devices = bmc.dialect.boot_devices.iter();
    devices
        .find(|(_, known)| *known == target)
        .map(|(device, _)| *device)
}

/// What the BMC says the machine can boot from. One that lists no targets takes all of them.
pub(super) async fn supported(bmc: &NodeBmc) -> Result<Vec<BootDevice>, Fault> {
    let system = bmc.system().await?;
    let boot = system.boot().map_err(bmc.failed("list the boot devices"))?;
    let allowed = |target: &BootTarget| {
        let listed = &boot.allowed_targets;
        listed.is_empty() || listed.iter().any(|known| known == target.as_str())
    };
    let devices = bmc.dialect.boot_devices.iter();
    Ok(devices
        .filter(|(_, target)| allowed(target))
        .map(|(device, _)| *device)
        .collect())
}

/// What the machine will boot from.
pub(super) async fn current(bmc: &NodeBmc) -> Result<CurrentBootDevice, Fault> {
    let system = bmc.system().await?;
    let boot = bmc
        .bmc
        .boot_override(&system)
        .await
        .map_err(bmc.failed("read the boot device"))?;
    let persistent = match boot.enabled {
        Some(BootEnabled::Continuous) => Some(true),
        Some(BootEnabled::Once) => Some(false),
        Some(BootEnabled::Disabled) | None => None,
    };
    Ok(CurrentBootDevice {
        device: boot.target.and_then(|target| device_of(bmc, target)),
        persistent,
    })
}

/// Tells the machine what to boot from.
pub(super) async fn set(
    task: &mut dyn Task,
    bmc: &NodeBmc,
    device: BootDevice,
    persistent: bool,
) -> Result<(), Fault> {
    let Some(target) = target_of(bmc, device) else {
        return Err(Fault::invalid_parameter(format!(
            "Node {}: '{device}' is not a boot device that Redfish knows.",
            bmc.node
        )));
    };
    let had_device = node_fields::take_text(task, BOOT_DEVICE).is_some();
    let url = node_fields::take_text(task, HTTP_BOOT_URL);
    if had_device || url.is_some() {
        task.save().await?;
    }
    let system = bmc.system().await?;
    let kept = send(task, bmc, &system, target, persistent, url)
        .await
        .map_err(bmc.failed(&format!("set the boot device to '{device}'")))?;
    if kept == Kept::Once {
        tracing::warn!(node.uuid = %bmc.node, "the BMC takes '{device}' for one boot only; it is set again before each boot");
        task.node_mut()
            .driver_internal_info
            .set(BOOT_DEVICE, device.as_str());
        task.save().await?;
    }
    if bmc.quirks.boot_mode_follows {
        restore_mode(&bmc.afresh(), &system, bmc.quirks).await?;
    }
    Ok(())
}

/// Before a boot: sets again a boot device that the BMC did not keep. A refusal is only logged; the
/// machine then follows its own boot order.
pub(crate) async fn restore(
    task: &mut dyn Task,
    bmc: &NodeBmc,
    system: &ComputerSystem,
) -> Result<(), Fault> {
    let Some(name) = task
        .node()
        .driver_internal_info
        .text_member(BOOT_DEVICE)
        .map(str::to_lowercase)
    else {
        return Ok(());
    };
    let known = bmc
        .dialect
        .boot_devices
        .iter()
        .map(|(device, target)| (device.as_str(), *target))
        .chain(OLD_NAMES.iter().copied());
    let Some(target) = known
        .into_iter()
        .find(|(known, _)| *known == name)
        .map(|(_, target)| target)
    else {
        return Err(Fault::invalid_parameter(format!(
            "Node {}: driver_internal_info/{BOOT_DEVICE} is '{name}', which is not a boot device. Set the boot device again.",
            bmc.node
        )));
    };
    if let Err(error) = send(task, bmc, system, target, false, None).await {
        tracing::warn!(node.uuid = %bmc.node, %error, "the boot device '{name}' could not be set again; the machine follows its own boot order");
    }
    Ok(())
}

/// How long the BMC keeps a boot device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kept {
    AsAsked,
    /// For one boot, although it should be for all.
    Once,
}

async fn send(
    task: &dyn Task,
    bmc: &NodeBmc,
    system: &ComputerSystem,
    target: BootTarget,
    persistent: bool,
    url: Option<String>,
) -> Result<Kept, Error> {
    let quirks = bmc.quirks;
    let boot = bmc.bmc.boot_override(system).await?;
    let wanted = if persistent {
        BootEnabled::Continuous
    } else {
        BootEnabled::Once
    };
    let change = match (quirks.whole_boot_request, quirks.always_send_enabled) {
        (true, _) => BootChange {
            enabled: Some(wanted),
            mode: Some(boot.mode.unwrap_or(BootMode::Uefi)),
            ..BootChange::default()
        },
        (false, true) => BootChange {
            enabled: Some(wanted),
            ..BootChange::default()
        },
        // Most BMCs refuse a value that is in force already.
        (false, false) => BootChange {
            enabled: Some(wanted).filter(|wanted| boot.enabled != Some(*wanted)),
            ..BootChange::default()
        },
    };
    let change = BootChange {
        target: Some(target),
        http_boot_uri: url,
        ..change
    };
    match send_patiently(task, bmc, system, &change, quirks).await {
        // Continuous overrides have left the standard, and some BMCs, before there was a replacement.
        Err(error)
            if change.enabled == Some(BootEnabled::Continuous)
                && !error.is_connection()
                && !error.is_access() =>
        {
            tracing::debug!(node.uuid = %bmc.node, %error, "no persistent boot device; one boot is tried");
            let once = BootChange {
                enabled: Some(BootEnabled::Once),
                mode: None,
                ..change
            };
            bmc.bmc
                .set_boot(system, &once, quirks)
                .await
                .map(|()| Kept::Once)
        }
        done => done.map(|()| Kept::AsAsked),
    }
}

/// HPE iLO refuses changes while the machine tests itself after power on; that passes.
async fn send_patiently(
    task: &dyn Task,
    bmc: &NodeBmc,
    system: &ComputerSystem,
    change: &BootChange,
    quirks: Quirks,
) -> Result<(), Error> {
    let config = &task.config().redfish;
    let longest = config.post_boot_retry_delay.saturating_mul(6);
    let mut delay = config.post_boot_retry_delay;
    let mut left = config.post_boot_retry_attempts;
    loop {
        left = left.saturating_sub(1);
        match bmc.afresh().bmc.set_boot(system, change, quirks).await {
            Err(error)
                if left > 0
                    && error.status() == Some(400)
                    && error.mentions("UnableToModifyDuringSystemPOST") =>
            {
                tracing::warn!(node.uuid = %bmc.node, left, "the BMC takes no boot device during the self-test; it is asked again in {delay} s");
                tokio::time::sleep(Duration::from_secs(delay)).await;
                delay = delay.saturating_mul(2).min(longest);
            }
            done => return done,
        }
    }
}

/// Sets the boot mode that was in force again, on BMCs that change it along with the device.
async fn restore_mode(bmc: &NodeBmc, before: &ComputerSystem, quirks: Quirks) -> Result<(), Fault> {
    let failed = || bmc.failed("restore the boot mode after setting the boot device");
    let Some(mode) = before.boot().map_err(failed())?.mode else {
        return Ok(());
    };
    let system = bmc.system().await?;
    if system.boot().map_err(failed())?.mode == Some(mode) {
        return Ok(());
    }
    let change = BootChange {
        mode: Some(mode),
        ..BootChange::default()
    };
    bmc.bmc
        .set_boot(&system, &change, quirks)
        .await
        .map_err(failed())
}
