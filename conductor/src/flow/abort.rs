//! Stopping a flow on request.
//!
//! [`decide`] says what an abort means in a state; the rest undoes what was prepared.

use drivers_interface::Task;
use schemas_model::fault::FaultKind;
use schemas_model::power::PowerState;
use schemas_model::provision::State;
use schemas_model::step::StepKind;
use schemas_model::{Fault, Node};
use serde_json::Value;

use super::fail::{self, Aftermath, forget_deployment, keeps_agent};
use super::restore_deploy_interface;
use crate::agent;
use crate::history::EventType;
use crate::step::{CLEAN, DEPLOY, SERVICE, StepFlow};
use crate::task::NodeTask;

/// What an abort means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Abort {
    /// The current step must not be interrupted: stop after it.
    AfterStep(&'static StepFlow),
    /// Stop a flow of steps now.
    Steps(&'static StepFlow),
    /// Take the instance off; the node is in `deploy failed` meanwhile and stays there.
    TearDown,
    /// Stop the rescue.
    Rescue,
    /// Stop the inspection.
    Inspection,
    /// A failed servicing: back to `active`, unless the node is in maintenance.
    FailedService,
    /// There is nothing to abort.
    Plain,
}

/// The decision (Ironic 39.0.0, `_do_abort`).
pub fn decide(node: &Node) -> Abort {
    let step_flow = |flow: &'static StepFlow| {
        let current = flow.current(node);
        let abortable = current
            .member("abortable")
            .and_then(Value::as_bool)
            .unwrap_or_default();
        if current.is_empty() || abortable {
            Abort::Steps(flow)
        } else {
            Abort::AfterStep(flow)
        }
    };
    match node.provision_state {
        State::CleanWait | State::CleanHold => step_flow(&CLEAN),
        State::ServiceWait | State::ServiceHold => step_flow(&SERVICE),
        State::DeployWait => step_flow(&DEPLOY),
        State::DeployHold => Abort::TearDown,
        State::RescueWait => Abort::Rescue,
        State::InspectWait => Abort::Inspection,
        State::ServiceFailed => Abort::FailedService,
        _ => Abort::Plain,
    }
}

/// Notes that the flow is to stop after the current step.
///
/// # Errors
/// Those of saving.
pub async fn note(task: &mut NodeTask, flow: &StepFlow) -> Result<(), Fault> {
    let current = flow.current_mut(task.node_mut());
    current.set("abort_after", true);
    task.save().await
}

/// The text a stopped flow leaves in `last_error`.
pub fn reason(node: &Node, flow: &StepFlow) -> String {
    let name = match flow.kind {
        StepKind::Clean => "clean",
        StepKind::Service => "service",
        StepKind::Deploy | StepKind::Verify => "deploy",
    };
    let current = flow.current(node);
    let mut text = format!("By request, the {name} operation was aborted");
    if let Some(step) = current.text_member("step") {
        let interface = current.text_member("interface").unwrap_or("conductor");
        text.push_str(&format!(
            " during or after the completion of step \"{interface}.{step}\""
        ));
    }
    text
}

/// The flow stopped after a step that could not be interrupted; the node is failed already.
///
/// # Errors
/// Those of saving.
pub async fn after_step(task: &mut NodeTask, flow: &'static StepFlow) -> Result<(), Fault> {
    steps(task, flow).await
}

/// Undoes a flow of steps; the node is in its failed state (or, after a failed servicing, active).
///
/// # Errors
/// Those of saving; what cannot be undone is recorded.
pub async fn steps(task: &mut NodeTask, flow: &'static StepFlow) -> Result<(), Fault> {
    let undone = match flow.kind {
        StepKind::Clean => {
            let deploy = task.interfaces().deploy.clone();
            deploy.tear_down_cleaning(task).await
        }
        StepKind::Service => undo_service(task).await,
        StepKind::Deploy | StepKind::Verify => {
            let deploy = task.interfaces().deploy.clone();
            deploy.clean_up(task).await
        }
    };
    if let Err(fault) = undone {
        tracing::error!(node.uuid = %task.node().uuid, error = %fault, "cannot undo an aborted flow");
        let quiet = Aftermath {
            tear_down: false,
            set_failed: false,
        };
        return match flow.kind {
            StepKind::Clean => {
                let error = "Failed to tear down cleaning after aborting the operation";
                fail::cleaning(task, error, quiet).await
            }
            StepKind::Service => {
                let error = "Failed to tear down service after aborting the operation";
                fail::servicing(task, error, quiet).await
            }
            StepKind::Deploy | StepKind::Verify => {
                let error = "Failed to clean up deploying after aborting the operation";
                fail::deploying(task, error, false).await
            }
        };
    }
    let text = reason(task.node(), flow);
    task.node_mut().last_error = Some(text);
    *flow.current_mut(task.node_mut()) = Default::default();
    match flow.kind {
        StepKind::Deploy | StepKind::Verify => forget_deployment(task),
        StepKind::Clean => {
            let keep_agent = keeps_agent(task);
            agent::forget_flow(task.node_mut(), flow, keep_agent);
        }
        StepKind::Service => agent::forget_flow(task.node_mut(), flow, false),
    }
    task.save().await?;
    if flow.kind != StepKind::Deploy {
        restore_deploy_interface(task).await?;
    }
    tracing::info!(node.uuid = %task.node().uuid, "a flow of {} steps was aborted", flow.kind);
    Ok(())
}

async fn undo_service(task: &mut NodeTask) -> Result<(), Fault> {
    let interfaces = task.interfaces().clone();
    let booted = task
        .node()
        .driver_internal_info
        .member("agent_start_attempted")
        .and_then(Value::as_bool)
        .unwrap_or_default();
    if booted {
        interfaces
            .power
            .set_power_state(task, PowerState::Off, None)
            .await?;
    }
    interfaces.deploy.tear_down_service(task).await?;
    if booted {
        interfaces.boot.prepare_instance(task).await?;
        interfaces
            .power
            .set_power_state(task, PowerState::On, None)
            .await?;
    }
    Ok(())
}

/// Undoes a rescue; the node is in `rescue failed` already.
///
/// # Errors
/// Those of saving; what cannot be undone puts the node into maintenance.
pub async fn rescue(task: &mut NodeTask) -> Result<(), Fault> {
    let rescue = task.interfaces().rescue.clone();
    if let Err(fault) = rescue.clean_up(task).await {
        tracing::error!(node.uuid = %task.node().uuid, error = %fault, "cannot clean up an aborted rescue");
        task.refresh().await?;
        let error = "Failed to clean up rescue after aborting the operation";
        task.record_error(EventType::Rescue, error);
        let node = task.node_mut();
        node.maintenance = true;
        node.maintenance_reason = Some(error.to_owned());
        node.fault = Some(FaultKind::RescueAbortFailure.as_str().to_owned());
        return task.save().await;
    }
    task.record(
        EventType::Rescue,
        "By request, the rescue operation was aborted.",
    );
    agent::forget_url(task.node_mut());
    task.save().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use schemas_model::{Object, Uuid};

    fn node(state: State, step: &str) -> Node {
        let mut node = Node::new(Uuid::random(), "fake-hardware");
        node.provision_state = state;
        node.clean_step = Object::from_text(step);
        node
    }

    #[test]
    fn a_step_that_cannot_be_interrupted_ends_first() {
        let step = r#"{"interface": "raid", "step": "erase"}"#;
        assert_eq!(
            decide(&node(State::CleanWait, step)),
            Abort::AfterStep(&CLEAN)
        );
        let step = r#"{"interface": "raid", "step": "erase", "abortable": true}"#;
        assert_eq!(decide(&node(State::CleanHold, step)), Abort::Steps(&CLEAN));
        assert_eq!(decide(&node(State::CleanWait, "{}")), Abort::Steps(&CLEAN));
    }

    #[test]
    fn each_state_has_its_way_out() {
        assert_eq!(decide(&node(State::DeployHold, "{}")), Abort::TearDown);
        assert_eq!(decide(&node(State::RescueWait, "{}")), Abort::Rescue);
        assert_eq!(decide(&node(State::InspectWait, "{}")), Abort::Inspection);
        assert_eq!(
            decide(&node(State::ServiceFailed, "{}")),
            Abort::FailedService
        );
        assert_eq!(decide(&node(State::Active, "{}")), Abort::Plain);
    }

    #[test]
    fn the_reason_names_the_step() {
        let node = node(
            State::CleanWait,
            r#"{"interface": "raid", "step": "erase"}"#,
        );
        assert!(reason(&node, &CLEAN).ends_with("step \"raid.erase\""));
    }
}
