//! Bringing the ramdisk up and down: networks, boot files, power.

use drivers_interface::{Outcome, Task};
use schemas_model::boot::BootMode;
use schemas_model::fault::FaultKind;
use schemas_model::power::PowerState;
use schemas_model::{Fault, Object};
use serde_json::Value;

/// Where the ramdisk finds the API: `[deploy]external_callback_url`, `[service_catalog]endpoint_override`,
/// `[api]public_endpoint`, or this machine's address.
pub(crate) fn api_url(task: &dyn Task) -> String {
    let config = task.config();
    let url = config
        .deploy
        .external_callback_url
        .as_ref()
        .map(ToString::to_string)
        .or_else(|| config.service_catalog.client.endpoint_override.clone())
        .or_else(|| config.api.public_endpoint.as_ref().map(ToString::to_string))
        .unwrap_or_else(|| {
            let scheme = if config.api.enable_ssl_api {
                "https"
            } else {
                "http"
            };
            format!("{scheme}://{}:{}", config.default.my_ip, config.api.port)
        });
    url.trim_end_matches('/').to_owned()
}

/// The boot mode of the node, or the configured one.
pub(crate) fn boot_mode(task: &dyn Task) -> BootMode {
    task.node()
        .known_boot_mode()
        .unwrap_or(match task.config().deploy.default_boot_mode {
            schemas_config::section::deploy::BootMode::Uefi => BootMode::Uefi,
            schemas_config::section::deploy::BootMode::Bios => BootMode::Bios,
        })
}

/// Prepares booting the agent and notes that it was tried.
///
/// # Errors
/// The boot interface's.
pub async fn prepare_boot(task: &mut dyn Task) -> Result<(), Fault> {
    if !task.config().agent.manage_agent_boot {
        return Ok(());
    }
    task.node_mut()
        .driver_internal_info
        .set("agent_start_attempted", true);
    task.save().await?;
    let parameters: Object = [("ipa-api-url".to_owned(), Value::String(api_url(task)))]
        .into_iter()
        .collect();
    let boot = task.interfaces().boot.clone();
    boot.prepare_ramdisk(task, &parameters).await
}

/// Removes what [`prepare_boot`] made.
///
/// # Errors
/// The boot interface's.
pub(crate) async fn clean_up_boot(task: &mut dyn Task) -> Result<(), Fault> {
    if !task.config().agent.manage_agent_boot {
        return Ok(());
    }
    let boot = task.interfaces().boot.clone();
    boot.clean_up_ramdisk(task).await
}

/// Switches off unless the node must not be.
///
/// # Errors
/// The power interface's.
pub(crate) async fn power_off(task: &mut dyn Task) -> Result<(), Fault> {
    if task.node().stays_powered() {
        Ok(())
    } else {
        task.power_action(PowerState::Off, None).await
    }
}

/// Onto the cleaning network, into the ramdisk.
///
/// # Errors
/// Network, boot or power failures.
pub(crate) async fn prepare_cleaning(task: &mut dyn Task) -> Result<Outcome, Fault> {
    let network = task.interfaces().network.clone();
    network.add_cleaning_network(task).await?;
    note_erasure(task);
    task.save().await?;
    prepare_boot(task).await?;
    task.power_action(PowerState::Reboot, None).await?;
    Ok(Outcome::wait(
        "the machine boots the agent's ramdisk for cleaning",
    ))
}

/// Tells the agent by the node how disks are to be erased: ironic-python-agent reads these keys.
fn note_erasure(task: &mut dyn Task) {
    let options = &task.config().deploy;
    let facts: [(&str, Value); 8] = [
        (
            "agent_erase_devices_iterations",
            options.shred_random_overwrite_iterations.into(),
        ),
        (
            "agent_erase_devices_zeroize",
            options.shred_final_overwrite_with_zeros.into(),
        ),
        (
            "agent_continue_if_secure_erase_failed",
            options.continue_if_disk_secure_erase_fails.into(),
        ),
        // The name of it that older agents know.
        (
            "agent_continue_if_ata_erase_failed",
            options.continue_if_disk_secure_erase_fails.into(),
        ),
        (
            "agent_enable_nvme_secure_erase",
            options.enable_nvme_secure_erase.into(),
        ),
        (
            "agent_enable_ata_secure_erase",
            options.enable_ata_secure_erase.into(),
        ),
        (
            "disk_erasure_concurrency",
            options.disk_erasure_concurrency.into(),
        ),
        (
            "agent_erase_skip_read_only",
            options.erase_skip_read_only.into(),
        ),
    ];
    let info = &mut task.node_mut().driver_internal_info;
    for (key, value) in facts {
        info.set(key, value);
    }
}

/// Out of the ramdisk, off the cleaning network.
///
/// # Errors
/// Network, boot or power failures.
pub(crate) async fn tear_down_cleaning(task: &mut dyn Task) -> Result<(), Fault> {
    let failed = task.node().fault.as_deref() == Some(FaultKind::CleanFailure.as_str());
    if !failed {
        power_off(task).await?;
    }
    clean_up_boot(task).await?;
    let network = task.interfaces().network.clone();
    network.remove_cleaning_network(task).await?;
    if !failed && task.node().stays_powered() {
        task.power_action(PowerState::Reboot, None).await?;
    }
    Ok(())
}

/// Onto the servicing network, into the ramdisk.
///
/// # Errors
/// Network, boot or power failures.
pub(crate) async fn prepare_service(task: &mut dyn Task) -> Result<Outcome, Fault> {
    power_off(task).await?;
    let interfaces = task.interfaces().clone();
    interfaces.boot.clean_up_instance(task).await?;
    interfaces.network.unconfigure_tenant_networks(task).await?;
    interfaces.network.add_servicing_network(task).await?;
    prepare_boot(task).await?;
    power_back_on(task).await?;
    Ok(Outcome::wait(
        "the machine boots the agent's ramdisk for servicing",
    ))
}

/// Switches on what [`power_off`] switched off. A machine that stayed on is restarted.
async fn power_back_on(task: &mut dyn Task) -> Result<(), Fault> {
    let back = if task.node().stays_powered() {
        PowerState::Reboot
    } else {
        PowerState::On
    };
    task.power_action(back, None).await
}

/// Out of the ramdisk, back to the tenant's networks and the instance. After a failed servicing the
/// machine stays as it is, for people to look at.
///
/// # Errors
/// Network, boot or power failures.
pub(crate) async fn tear_down_service(task: &mut dyn Task) -> Result<(), Fault> {
    let failed = task.node().fault.as_deref() == Some(FaultKind::ServiceFailure.as_str());
    if !failed {
        power_off(task).await?;
    }
    let interfaces = task.interfaces().clone();
    interfaces.boot.clean_up_ramdisk(task).await?;
    if failed {
        return Ok(());
    }
    interfaces.network.remove_servicing_network(task).await?;
    interfaces.network.configure_tenant_networks(task).await?;
    interfaces.boot.prepare_instance(task).await?;
    power_back_on(task).await
}
