//! Whether a BMC that was updated can be trusted to answer again.

use std::time::Duration;

use drivers_interface::Task;
use drivers_redfish_client::{Error, schema::chassis::Chassis};
use schemas_model::{Class, Fault};
use tokio::time::Instant;

use crate::connection::NodeBmc;

/// Waits until system, manager and network adapters have answered several times in a row, as
/// configured; not at all if either the number or the time is 0.
///
/// # Errors
/// `RedfishError` when they don't within `[redfish]firmware_update_resource_validation_timeout`.
pub(super) async fn wait(task: &dyn Task, bmc: &NodeBmc) -> Result<(), Fault> {
    let config = &task.config().redfish;
    let wanted = config.firmware_update_required_successes;
    let patience = config.firmware_update_resource_validation_timeout;
    let pause = Duration::from_secs(config.firmware_update_validation_interval.max(1));
    if wanted == 0 || patience == 0 {
        return Ok(());
    }
    let end = Instant::now() + Duration::from_secs(patience);
    let (mut successes, mut last) = (0, None);
    loop {
        match answers(&bmc.afresh()).await {
            Ok(()) => successes += 1,
            Err(error) => {
                tracing::debug!(node.uuid = %bmc.node, %error, "the BMC is not stable yet");
                (successes, last) = (0, Some(error));
            }
        }
        if successes >= wanted {
            return Ok(());
        }
        if Instant::now() + pause > end {
            let last = last.map_or_else(String::new, |error| format!(" The last error: {error}"));
            return Err(Fault::new(
                Class::RedfishError,
                format!(
                    "Node {}: BMC {} did not answer {wanted} times in a row within {patience} s after the firmware update.{last}",
                    bmc.node,
                    bmc.address()
                ),
            ));
        }
        tokio::time::sleep(pause).await;
    }
}

async fn answers(bmc: &NodeBmc) -> Result<(), Error> {
    let system = bmc.read_system().await?;
    bmc.bmc.manager(&system).await?;
    let Some(path) = system.chassis()?.into_iter().next() else {
        return Ok(());
    };
    let chassis = Chassis::new(bmc.bmc.get(&path).await?);
    if let Some(adapters) = chassis.link("NetworkAdapters")? {
        bmc.bmc.members(&adapters).await?;
    }
    Ok(())
}
