//! Tasks of the BMC that go on over a start of the machine (`driver_internal_info/raid_configs`,
//! Ironic 39.0.0's key and shape).

use std::time::Duration;

use drivers_interface::{Outcome, Task};
use drivers_redfish_client::{ResourcePath, operation::task::Progress};
use schemas_model::power::PowerState;
use schemas_model::step::StepKind;
use schemas_model::{Class, Fault};
use serde_json::{Value, json};

use super::volume::record;
use crate::connection::NodeBmc;
use crate::reboot_step::{agent_comes_back, reboot_into_agent, run_again};

const STATE: &str = "raid_configs";
/// How long tasks may take after a reboot when no agent comes back to ask.
const PATIENCE: Duration = Duration::from_secs(3600);

/// Ends a step: at once, or with a reboot for what waits for one.
pub(super) async fn finish(
    task: &mut dyn Task,
    bmc: &NodeBmc,
    kind: StepKind,
    operation: &str,
    deferred: Vec<ResourcePath>,
) -> Result<Outcome, Fault> {
    if deferred.is_empty() {
        return record(task, bmc).await.map(|()| Outcome::Done);
    }
    if agent_comes_back(task, kind) {
        let monitors: Vec<&str> = deferred.iter().map(ResourcePath::as_str).collect();
        task.node_mut().driver_internal_info.set(
            STATE,
            json!({"operation": operation, "pending": {}, "task_monitor_uri": monitors}),
        );
        return reboot_into_agent(task, kind, "the machine reboots to change its RAID volumes")
            .await;
    }
    task.power_action(PowerState::Reboot, None).await?;
    for monitor in &deferred {
        bmc.bmc
            .within(PATIENCE)
            .wait_for_task(monitor)
            .await
            .map_err(bmc.failed("finish a change of the RAID volumes"))?;
    }
    record(task, bmc).await.map(|()| Outcome::Done)
}

/// After a reboot: how the tasks stand. `None` if there are none.
pub(super) async fn look(
    task: &mut dyn Task,
    bmc: &NodeBmc,
    kind: StepKind,
) -> Result<Option<Outcome>, Fault> {
    let Some(monitors) = monitors(task) else {
        return Ok(None);
    };
    for monitor in &monitors {
        let progress = match bmc.bmc.progress(monitor).await {
            Ok(progress) => progress,
            // A BMC that has forgotten the task has done it.
            Err(error) if error.status() == Some(404) => continue,
            Err(error) => return Err(bmc.failed("look at the change of the RAID volumes")(error)),
        };
        match progress {
            Progress::Done(_) => {}
            Progress::Running { .. } => {
                run_again(task, kind);
                task.save().await?;
                return Ok(Some(Outcome::wait(
                    "the BMC is still changing the RAID volumes",
                )));
            }
            Progress::Failed(failed) => {
                forget(task).await?;
                return Err(Fault::new(
                    Class::RedfishError,
                    format!(
                        "Node {}: BMC {} could not change the RAID volumes ({monitor}): {}.",
                        bmc.node,
                        bmc.address(),
                        failed.explanation()
                    ),
                ));
            }
        }
    }
    forget(task).await?;
    Ok(Some(Outcome::Done))
}

fn monitors(task: &dyn Task) -> Option<Vec<ResourcePath>> {
    let state = task.node().driver_internal_info.member(STATE)?;
    let uris = state.get("task_monitor_uri").and_then(Value::as_array)?;
    Some(
        uris.iter()
            .filter_map(|uri| ResourcePath::parse(uri.as_str()?).ok())
            .collect(),
    )
}

async fn forget(task: &mut dyn Task) -> Result<(), Fault> {
    task.node_mut().driver_internal_info.unset(STATE);
    task.save().await
}
