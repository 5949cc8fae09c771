//! Asking the BMC to begin an update.

use drivers_redfish_client::{Error, ResourcePath, schema::service_root::ServiceRoot};
use schemas_model::{Class, Fault};

use crate::connection::NodeBmc;

/// Sends `SimpleUpdate` for `url`, which the BMC can reach. Returns the task monitor.
///
/// # Errors
/// `RedfishConnectionError`, `RedfishError`; also for a BMC that names no task to ask after.
pub(crate) async fn simple_update(bmc: &NodeBmc, url: &str) -> Result<ResourcePath, Fault> {
    // Staging the file may have taken its time.
    let bmc = &bmc.afresh();
    let begin = async {
        let service = bmc.bmc.update_service().await?;
        let targets = targets(bmc).await?;
        let answer = bmc.bmc.simple_update(&service, url, &targets).await?;
        Ok(answer.created())
    };
    let monitor = begin.await.map_err(bmc.failed("begin a firmware update"))?;
    monitor.ok_or_else(|| {
        Fault::new(
            Class::RedfishError,
            format!(
                "Node {}: BMC {} accepted the firmware update but names no task, so its end could not be seen. Look at the BMC's own log.",
                bmc.node,
                bmc.address()
            ),
        )
    })
}

/// A BMC with several systems has to be told which one is meant.
async fn targets(bmc: &NodeBmc) -> Result<Vec<ResourcePath>, Error> {
    let document = bmc.bmc.service_root().await?;
    let systems = ServiceRoot::new(&document).require("Systems")?;
    match bmc.bmc.members(&systems).await?.len() {
        0 | 1 => Ok(Vec::new()),
        _ => Ok(vec![bmc.read_system().await?.document().path().clone()]),
    }
}
