//! How flows fail: the error is recorded, what was prepared is undone, the node is failed.
//!
//! Behaviour: the error handlers of Ironic 39.0.0. Each function may be called from any point of its
//! flow and leaves the node in the flow's failed state.

use drivers_interface::Task;
use schemas_model::fault::FaultKind;
use schemas_model::power::PowerState;
use schemas_model::provision::{Event, State};
use schemas_model::step::{Step, StepKind};
use schemas_model::{Class, Fault};

use super::engine::kept_target;
use super::record::{self, FlowName};
use super::restore_deploy_interface;
use crate::agent;
use crate::history::EventType;
use crate::power;
use crate::provision::Move;
use crate::step::{StepFlow, forget_flags, step_id};
use crate::task::NodeTask;

/// What a failing flow still has to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aftermath {
    /// Undo the preparation.
    pub tear_down: bool,
    /// Fail the node; false when it is in the failed state already.
    pub set_failed: bool,
}

impl Aftermath {
    /// Everything.
    pub const FULL: Aftermath = Aftermath {
        tear_down: true,
        set_failed: true,
    };
    /// Nothing was prepared, or undoing it is what failed.
    pub const NOTHING_TO_UNDO: Aftermath = Aftermath {
        tear_down: false,
        set_failed: true,
    };
    /// The node is failed already.
    pub const FAILED_ALREADY: Aftermath = Aftermath {
        tear_down: true,
        set_failed: false,
    };
}

/// A step failed.
///
/// # Errors
/// Those of saving.
pub async fn step(
    task: &mut NodeTask,
    flow: &'static StepFlow,
    step: &Step,
    fault: &Fault,
) -> Result<(), Fault> {
    let name = match flow.kind {
        StepKind::Clean if kept_target(task, flow).is_some() => FlowName::ManualCleaning,
        StepKind::Clean => FlowName::AutomatedCleaning,
        StepKind::Service => FlowName::Servicing,
        StepKind::Deploy | StepKind::Verify => FlowName::Deployment,
    };
    let listed = flow.listed(task.node());
    record::breaks(task, name, &listed, step);
    let error = match flow.kind {
        StepKind::Deploy => format!("Deploy step {} failed: {fault}.", step_id(step)),
        _ => format!(
            "Node {} failed step {}: {fault}",
            task.node().uuid,
            step_id(step)
        ),
    };
    let of_agent = fault.is_a(Class::InstanceDeployFailure) && agent::is_known(task.node());
    if flow.kind == StepKind::Deploy && of_agent {
        return deploying_with_agent(task, &error).await;
    }
    steps(task, flow, &error).await
}

/// A flow of steps failed.
///
/// # Errors
/// Those of saving.
pub async fn steps(task: &mut NodeTask, flow: &'static StepFlow, error: &str) -> Result<(), Fault> {
    match flow.kind {
        StepKind::Clean => cleaning(task, error, Aftermath::FULL).await,
        StepKind::Service => servicing(task, error, Aftermath::FULL).await,
        StepKind::Deploy | StepKind::Verify => deploying(task, error, true).await,
    }
}

/// Cleaning failed. A node that had begun a step goes into maintenance.
///
/// # Errors
/// Those of saving.
pub async fn cleaning(task: &mut NodeTask, error: &str, aftermath: Aftermath) -> Result<(), Fault> {
    tracing::error!(node.uuid = %task.node().uuid, error, "cleaning failed");
    let into_maintenance = !task.node().clean_step.is_empty();
    let mut error = error.to_owned();
    if into_maintenance {
        task.node_mut().fault = Some(FaultKind::CleanFailure.as_str().to_owned());
        task.node_mut().maintenance = true;
    }
    if aftermath.tear_down {
        let deploy = task.interfaces().deploy.clone();
        if let Err(fault) = deploy.tear_down_cleaning(task).await {
            error = format!(
                "{error}. Also Failed to tear down cleaning on node {}, reason: {fault}",
                task.node().uuid
            );
        }
    }
    let state = task.node().provision_state;
    if matches!(
        state,
        State::Cleaning | State::CleanWait | State::CleanFailed
    ) {
        let node = task.node_mut();
        node.clean_step = Default::default();
        node.driver_internal_info.unset("clean_step_index");
        forget_flags(node);
        agent::forget_token_and_url(node);
    }
    let target = (task.node().target_provision_state == Some(State::Manageable))
        .then_some(State::Manageable);
    task.record_error(EventType::Cleaning, &error);
    if into_maintenance && task.node().maintenance_reason.is_none() {
        task.node_mut().maintenance_reason = Some(error);
    }
    if task.config().conductor.poweroff_in_cleanfail {
        power_off(task).await;
    }
    restore_deploy_interface(task).await?;
    if aftermath.set_failed && state != State::CleanFailed {
        task.apply(Move::by(Event::Fail).towards(target)).await
    } else {
        task.save().await
    }
}

/// Servicing failed. A node that had begun a step goes into maintenance.
///
/// # Errors
/// Those of saving.
pub async fn servicing(
    task: &mut NodeTask,
    error: &str,
    aftermath: Aftermath,
) -> Result<(), Fault> {
    tracing::error!(node.uuid = %task.node().uuid, error, "servicing failed");
    let into_maintenance = !task.node().service_step.is_empty();
    let mut error = error.to_owned();
    if into_maintenance {
        task.node_mut().fault = Some(FaultKind::ServiceFailure.as_str().to_owned());
        task.node_mut().maintenance = true;
    }
    if aftermath.tear_down {
        let deploy = task.interfaces().deploy.clone();
        if let Err(fault) = deploy.tear_down_service(task).await {
            tracing::error!(node.uuid = %task.node().uuid, error = %fault, "cannot tear down servicing");
            error = format!("{error}. Also failed to tear down servicing.");
        }
    }
    let state = task.node().provision_state;
    if matches!(
        state,
        State::Servicing | State::ServiceWait | State::ServiceFailed
    ) {
        let node = task.node_mut();
        node.service_step = Default::default();
        node.driver_internal_info.unset("service_step_index");
        forget_flags(node);
        agent::forget_token_and_url(node);
    }
    task.record_error(EventType::Servicing, &error);
    if into_maintenance && task.node().maintenance_reason.is_none() {
        task.node_mut().maintenance_reason = Some(error);
    }
    if task.config().conductor.poweroff_in_servicefail {
        power_off(task).await;
    }
    restore_deploy_interface(task).await?;
    if aftermath.set_failed && state != State::ServiceFailed {
        task.apply(Move::by(Event::Fail)).await
    } else {
        task.save().await
    }
}

/// Deployment failed while an agent was at work: nothing is undone, for people to look at it, and the
/// machine is powered off unless `[deploy]power_off_after_deploy_failure` says no.
///
/// # Errors
/// Those of saving.
pub async fn deploying_with_agent(task: &mut NodeTask, error: &str) -> Result<(), Fault> {
    Box::pin(deploying(task, error, false)).await?;
    if task.config().deploy.power_off_after_deploy_failure {
        power_off(task).await;
    }
    // Switching off has cleared it.
    task.node_mut().last_error = Some(error.to_owned());
    task.save().await
}

/// Deployment failed.
///
/// # Errors
/// Those of saving.
pub async fn deploying(task: &mut NodeTask, error: &str, clean_up: bool) -> Result<(), Fault> {
    tracing::error!(node.uuid = %task.node().uuid, error, "deployment failed");
    task.record_error(EventType::Deploying, error);
    task.save().await?;
    let mut clean_up_error = None;
    if clean_up {
        let deploy = task.interfaces().deploy.clone();
        if let Err(fault) = deploy.clean_up(task).await {
            clean_up_error = Some(format!("{error}. Also failed to clean up due to: {fault}"));
        }
    }
    let state = task.node().provision_state;
    if matches!(
        state,
        State::Deploying | State::DeployWait | State::DeployFailed
    ) {
        task.node_mut().deploy_step = Default::default();
        forget_deployment(task);
    }
    if let Some(error) = clean_up_error {
        task.record_error(EventType::Deploying, &error);
    }
    if state == State::DeployFailed {
        task.save().await
    } else {
        task.apply(Move::by(Event::Fail)).await
    }
}

/// Rescuing failed: the machine is powered off and the ramdisk removed.
///
/// # Errors
/// Those of saving.
pub async fn rescuing(task: &mut NodeTask, error: &str, set_failed: bool) -> Result<(), Fault> {
    let interfaces = task.interfaces().clone();
    let undone = async {
        power::set_power(task, PowerState::Off, None).await?;
        interfaces.rescue.clean_up(task).await
    };
    match undone.await {
        Ok(()) => task.record_error(EventType::Rescue, error),
        Err(fault) => {
            let error =
                format!("Rescue operation was unsuccessful, clean up failed for node: {fault}");
            task.record_error(EventType::Rescue, &error);
        }
    }
    agent::forget_url(task.node_mut());
    if !set_failed {
        return task.save().await;
    }
    match task.apply(Move::by(Event::Fail)).await {
        Err(fault) if fault.is_a(Class::InvalidState) => {
            tracing::error!(node.uuid = %task.node().uuid, error = %fault, "the node cannot be failed");
            task.save().await
        }
        other => other,
    }
}

/// Inspection failed: what it prepared is undone. The caller fails the node.
///
/// # Errors
/// Those of saving.
pub async fn inspecting(task: &mut NodeTask, error: &str) -> Result<(), Fault> {
    tracing::error!(node.uuid = %task.node().uuid, error, "inspection failed");
    let interfaces = task.interfaces().clone();
    match interfaces.inspect.abort(task).await {
        Err(fault) if fault.is_a(Class::UnsupportedDriverExtension) => {
            if let Err(fault) = interfaces.boot.clean_up_ramdisk(task).await {
                tracing::warn!(node.uuid = %task.node().uuid, error = %fault, "the ramdisk's boot is not cleaned up");
            }
        }
        Err(fault) => {
            tracing::warn!(node.uuid = %task.node().uuid, error = %fault, "the inspection is not aborted");
        }
        Ok(()) => {}
    }
    if let Err(fault) = interfaces.network.remove_inspection_network(task).await {
        tracing::warn!(node.uuid = %task.node().uuid, error = %fault, "the inspection network is not removed");
    }
    task.record_error(EventType::Introspection, error);
    agent::forget_token_and_url(task.node_mut());
    task.save().await
}

/// Forgets what a deployment left.
pub fn forget_deployment(task: &mut NodeTask) {
    let keep_agent = keeps_agent(task);
    agent::forget_flow(task.node_mut(), &crate::step::DEPLOY, keep_agent);
}

/// Whether an agent that runs may be used by the next flow.
pub fn keeps_agent(task: &NodeTask) -> bool {
    let writes_image = task.interfaces().storage.should_write_image(task);
    agent::fast_track_able(task.node(), task.config(), writes_image)
}

async fn power_off(task: &mut NodeTask) {
    if let Err(fault) = power::set_power(task, PowerState::Off, None).await {
        tracing::warn!(node.uuid = %task.node().uuid, error = %fault, "the failed node is not powered off");
    }
}
