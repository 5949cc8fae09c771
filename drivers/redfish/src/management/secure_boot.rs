//! Secure boot and its keys.

use drivers_interface::Task;
use drivers_redfish_client::schema::{
    boot::BootMode,
    secure_boot::{ResetKeys, SecureBoot},
};
use schemas_model::{Class, Fault};

use super::boot_mode::reboot_until;
use crate::connection::{Connections, NodeBmc};

/// Whether secure boot is on. `None` where the BMC wants a licence for telling (Supermicro).
pub(super) async fn current(bmc: &NodeBmc, not_there: Fault) -> Result<Option<bool>, Fault> {
    let system = bmc.system().await?;
    match bmc.bmc.secure_boot(&system).await {
        Ok(secure_boot) => secure_boot
            .enabled()
            .map_err(bmc.failed("read the secure boot state")),
        Err(error) if error.is_access() && error.mentions("OemLicenseNotPassed") => Ok(None),
        Err(error) if error.is_missing() => Err(not_there),
        Err(error) => Err(bmc.failed("read the secure boot state")(error)),
    }
}

/// Switches secure boot, rebooting the machine where the change needs that (Dell).
pub(super) async fn set(
    task: &mut dyn Task,
    bmc: &NodeBmc,
    on: bool,
    not_there: Fault,
) -> Result<(), Fault> {
    let what = format!("switch secure boot {}", if on { "on" } else { "off" });
    let system = bmc.system().await?;
    let secure_boot = match bmc.bmc.secure_boot(&system).await {
        Ok(secure_boot) => secure_boot,
        Err(error) if error.is_missing() => return Err(not_there),
        Err(error) => return Err(bmc.failed(&what)(error)),
    };
    if secure_boot.enabled().map_err(bmc.failed(&what))? == Some(on) {
        return Ok(());
    }
    let boot = bmc
        .bmc
        .boot_override(&system)
        .await
        .map_err(bmc.failed(&what))?;
    if boot.mode == Some(BootMode::Legacy) {
        return Err(Fault::new(
            Class::RedfishError,
            format!(
                "Node {}: secure boot needs the boot mode 'uefi', but BMC {} is set to 'bios'. Change the boot mode first.",
                bmc.node,
                bmc.address()
            ),
        ));
    }
    bmc.bmc
        .set_secure_boot(&secure_boot, on)
        .await
        .map_err(bmc.failed(&what))?;
    if is_on(bmc, &secure_boot).await? == Some(on) {
        return Ok(());
    }
    let shows = if on {
        "secure boot to be on"
    } else {
        "secure boot to be off"
    };
    reboot_until(task, bmc, shows, || async {
        Ok(is_on(&bmc.afresh(), &secure_boot).await? == Some(on))
    })
    .await
}

async fn is_on(bmc: &NodeBmc, secure_boot: &SecureBoot) -> Result<Option<bool>, Fault> {
    let failed = || bmc.failed("read the secure boot state");
    let document = bmc
        .bmc
        .refresh(secure_boot.document())
        .await
        .map_err(failed())?;
    SecureBoot::new(document).enabled().map_err(failed())
}

/// Restores or deletes the keys.
pub(super) async fn reset_keys(
    connections: &Connections,
    task: &dyn Task,
    keys: ResetKeys,
) -> Result<(), Fault> {
    let bmc = connections.of(task)?;
    let system = bmc.system().await?;
    let what = match keys {
        ResetKeys::ToDefault => "restore the default secure boot keys",
        ResetKeys::DeleteAll | ResetKeys::DeletePk => "delete the secure boot keys",
    };
    let secure_boot = bmc
        .bmc
        .secure_boot(&system)
        .await
        .map_err(bmc.failed(what))?;
    bmc.bmc
        .reset_secure_boot_keys(&secure_boot, keys)
        .await
        .map_err(bmc.failed(what))
}
