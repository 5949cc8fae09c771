//! Changes of volumes that go on after the answer (`driver_internal_info/raid_configs`, Ironic
//! 39.0.0's key and shape): what is asked after, and what is ordered next.

use drivers_interface::{Outcome, Polled, Task};
use drivers_redfish_client::ResourcePath;
use schemas_model::step::StepKind;
use schemas_model::{Class, Fault};
use serde_json::{Value, json};

use super::order::Orders;
use super::volume::{self, record};
use crate::async_step::{self, Waiting};
use crate::bmc_task::{self, Seen};
use crate::connection::NodeBmc;

pub(super) const STATE: &str = "raid_configs";
const REASON: &str = "the BMC changes its RAID volumes";

/// What was ordered from a BMC that goes on after the answer.
#[derive(Debug, Default)]
pub(super) struct Submitted {
    /// Monitors of what goes on.
    pub(super) monitors: Vec<ResourcePath>,
    /// Whether the BMC waits for the machine to start.
    pub(super) reboot: bool,
    /// What can only be ordered afterwards.
    pub(super) next: Next,
}

/// What is left of an operation.
#[derive(Debug)]
pub(super) enum Next {
    /// Volumes to create.
    Create(Orders),
    /// Volumes to delete, if there are any left.
    Delete { any_left: bool },
}

impl Default for Next {
    fn default() -> Self {
        Next::Create(Orders::new())
    }
}

impl Next {
    fn of(state: &Value) -> Self {
        let pending = state.get("pending").cloned().unwrap_or_default();
        match state.get("operation").and_then(Value::as_str) {
            Some("delete") => Next::Delete {
                any_left: pending.as_bool().unwrap_or_default(),
            },
            _ => Next::Create(serde_json::from_value(pending).unwrap_or_default()),
        }
    }

    fn is_empty(&self) -> bool {
        match self {
            Next::Create(orders) => orders.values().all(Vec::is_empty),
            Next::Delete { any_left } => !any_left,
        }
    }

    fn persisted(&self) -> (&'static str, Value) {
        match self {
            Next::Create(orders) => ("create", json!(orders)),
            Next::Delete { any_left } => ("delete", json!(any_left)),
        }
    }

    async fn submit(self, bmc: &NodeBmc) -> Result<Submitted, Fault> {
        match self {
            Next::Create(orders) => volume::create(bmc, orders).await,
            Next::Delete { .. } => volume::delete(bmc).await,
        }
    }
}

/// Ends a step: at once, or with a wait for what goes on. `again` runs the step once more then.
pub(super) async fn finish(
    task: &mut dyn Task,
    bmc: &NodeBmc,
    kind: StepKind,
    submitted: Submitted,
    again: bool,
) -> Result<Outcome, Fault> {
    if submitted.monitors.is_empty() {
        return record(task, bmc).await.map(|()| Outcome::Done);
    }
    remember(task, &submitted);
    let how = Waiting {
        reboot: submitted.reboot,
        again,
        polled: true,
    };
    async_step::wait(task, kind, how);
    if submitted.reboot {
        return async_step::reboot(task, kind, REASON).await;
    }
    task.save().await?;
    Ok(Outcome::wait(REASON))
}

fn remember(task: &mut dyn Task, submitted: &Submitted) {
    let monitors: Vec<&str> = submitted
        .monitors
        .iter()
        .map(ResourcePath::as_str)
        .collect();
    let (operation, pending) = submitted.next.persisted();
    task.node_mut().driver_internal_info.set(
        STATE,
        json!({"operation": operation, "pending": pending, "task_monitor_uri": monitors}),
    );
}

/// Asks after what goes on, and orders what could not be ordered before.
pub(super) async fn look(task: &mut dyn Task, bmc: &NodeBmc) -> Result<Polled, Fault> {
    let Some(state) = task.node().driver_internal_info.member(STATE).cloned() else {
        return Ok(Polled::Silent);
    };
    let mut running = Vec::new();
    for monitor in monitors(&state) {
        match bmc_task::look(bmc, &monitor).await {
            // A BMC that has forgotten the task has done it.
            Seen::Succeeded | Seen::Gone => {}
            Seen::Running(_) => running.push(monitor),
            Seen::Nothing(error) => {
                tracing::info!(node.uuid = %bmc.node, %error, "it is not known how the change of the RAID volumes stands");
                return Ok(Polled::Silent);
            }
            Seen::Failed(why) => {
                forget(task).await?;
                return Err(Fault::new(
                    Class::RedfishError,
                    format!(
                        "Node {}: BMC {} could not change the RAID volumes ({monitor}): {why}.",
                        bmc.node,
                        bmc.address()
                    ),
                ));
            }
        }
    }
    let next = Next::of(&state);
    if !running.is_empty() {
        let rest = Submitted {
            monitors: running,
            reboot: false,
            next,
        };
        remember(task, &rest);
        return Ok(Polled::Busy);
    }
    if next.is_empty() {
        forget(task).await?;
        record(task, bmc).await?;
        return Ok(Polled::Done);
    }
    go_on(task, bmc, next.submit(bmc).await?).await
}

async fn go_on(task: &mut dyn Task, bmc: &NodeBmc, submitted: Submitted) -> Result<Polled, Fault> {
    if submitted.monitors.is_empty() {
        forget(task).await?;
        record(task, bmc).await?;
        return Ok(Polled::Done);
    }
    remember(task, &submitted);
    let kind = async_step::current_kind(task.node());
    if submitted.reboot {
        async_step::reboot(task, kind, REASON).await?;
    }
    task.save().await?;
    Ok(Polled::Busy)
}

/// The flow failed: what is left is not ordered any more.
pub(super) async fn give_up(task: &mut dyn Task, bmc: &NodeBmc) -> Result<(), Fault> {
    tracing::warn!(node.uuid = %bmc.node, "the RAID configuration failed; what was left of it is discarded");
    forget(task).await?;
    record(task, bmc).await
}

fn monitors(state: &Value) -> Vec<ResourcePath> {
    let uris = state.get("task_monitor_uri").and_then(Value::as_array);
    uris.into_iter()
        .flatten()
        .filter_map(|uri| ResourcePath::parse(uri.as_str()?).ok())
        .collect()
}

async fn forget(task: &mut dyn Task) -> Result<(), Fault> {
    task.node_mut().driver_internal_info.unset(STATE);
    task.save().await
}
