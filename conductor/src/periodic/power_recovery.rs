//! Nodes in maintenance because their BMC was silent: out again as soon as it answers.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use drivers_interface::Task;
use schemas_config::Config;
use schemas_db::{NodeFilter, Page};
use schemas_model::Fault;
use schemas_model::fault::FaultKind;
use schemas_model::power::PowerState;
use schemas_model::provision::State;
use schemas_rpc::{NodeRef, RequestContext};

use super::{Done, PeriodicTask, seconds};
use crate::core::Core;
use crate::notify::{Action, Status};
use crate::task::{NodeTask, Patience};

/// The task.
pub struct PowerRecovery;

#[async_trait]
impl PeriodicTask for PowerRecovery {
    fn name(&self) -> &'static str {
        "power failure recovery"
    }

    fn interval(&self, config: &Config) -> Option<Duration> {
        seconds(config.conductor.power_failure_recovery_interval)
    }

    async fn run(&self, core: &Arc<Core>) -> Result<Done, Fault> {
        let filter = NodeFilter {
            maintenance: Some(true),
            fault: Some(FaultKind::PowerFailure.as_str().to_owned()),
            ..NodeFilter::default()
        };
        let nodes = core.own_nodes(&filter, &Page::all()).await?;
        let mut done = Done {
            examined: nodes.len(),
            acted: 0,
        };
        let context = Arc::new(RequestContext::service());
        for node in nodes {
            let recovered = async {
                let mut task = core.shared(&context, &NodeRef::Id(node.id)).await?;
                let recovered = recover(&mut task).await;
                task.finish(recovered).await
            };
            match recovered.await {
                Ok(true) => done.acted += 1,
                Ok(false) => {}
                Err(fault) => {
                    tracing::debug!(node.uuid = %node.uuid, error = %fault, "the node is still out of reach");
                }
            }
        }
        Ok(done)
    }
}

async fn recover(task: &mut NodeTask) -> Result<bool, Fault> {
    let node = task.node();
    let applies = node.provision_state != State::Enroll
        && node.maintenance
        && node.fault.as_deref() == Some(FaultKind::PowerFailure.as_str())
        && node.target_power_state.is_none()
        && node.reservation.is_none();
    if !applies {
        return Ok(false);
    }
    let power = task.interfaces().power.clone();
    power.validate(task).await?;
    let found = power.power_state(task).await?;
    if found == Some(PowerState::Error) {
        return Ok(false);
    }
    task.upgrade(Patience::Usual).await?;
    let from = task.node().power_state;
    let node = task.node_mut();
    node.power_state = found;
    node.maintenance = false;
    node.maintenance_reason = None;
    node.fault = None;
    task.save().await?;
    tracing::info!(node.uuid = %task.node().uuid, ?found, "the node has recovered from its power failure");
    if from != found {
        task.emit(Action::PowerStateCorrected { from }, Status::Success);
    }
    Ok(true)
}
