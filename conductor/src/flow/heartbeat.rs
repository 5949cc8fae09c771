//! An agent reports in: what follows for the node it runs on.

use drivers_interface::{Heartbeat, Outcome, Task};
use schemas_model::provision::{Event, State};
use schemas_model::step::StepKind;
use schemas_model::{Fault, Node};

use super::engine::kept_target;
use super::fail::{self, Aftermath};
use super::{clean, deploy, engine, rescue, service};
use crate::agent;
use crate::provision::Move;
use crate::step::StepFlow;
use crate::task::{NodeTask, Patience};

/// What follows from a heartbeat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// It is only noted.
    Note,
    /// The first step of a flow can begin.
    Begin(&'static StepFlow),
    /// The current step is asked after.
    Poll(&'static StepFlow),
    /// The rescue is completed.
    FinalizeRescue,
    /// The flow is stopped, because the node went into maintenance.
    Abort(State),
}

/// The decision.
pub fn decide(node: &Node, allowed_in_maintenance: bool) -> Action {
    let waiting = StepFlow::ALL
        .iter()
        .copied()
        .find(|flow| flow.waiting == node.provision_state);
    if node.maintenance {
        // While a flow runs, its agent is only noted.
        let stops = waiting.is_some() || node.provision_state == State::RescueWait;
        return if stops && !allowed_in_maintenance {
            Action::Abort(node.provision_state)
        } else {
            Action::Note
        };
    }
    match waiting {
        Some(flow) => {
            let polled = node
                .driver_internal_info
                .member(flow.polling)
                .and_then(serde_json::Value::as_bool)
                .unwrap_or_default();
            // A deployment has its steps before the ramdisk comes up, so it always goes on.
            if flow.current(node).is_empty() && flow.kind != StepKind::Deploy {
                Action::Begin(flow)
            } else if polled {
                Action::Note
            } else {
                Action::Poll(flow)
            }
        }
        None if node.provision_state == State::RescueWait => Action::FinalizeRescue,
        None => Action::Note,
    }
}

/// Whether anything is done about an agent of a node in this state (Ironic 39.0.0, observed): while a
/// flow works with it, and with `fast_track` always, so that the next flow can use it.
pub const fn is_taken(state: State, fast_track: bool) -> bool {
    fast_track
        || matches!(
            state,
            State::DeployWait
                | State::CleanWait
                | State::RescueWait
                | State::ServiceWait
                | State::Deploying
                | State::Cleaning
                | State::Rescuing
                | State::Servicing
                | State::DeployHold
                | State::CleanHold
                | State::ServiceHold
        )
}

/// Takes note of the agent and does what follows. A node that is locked is skipped: the agent will
/// report in again.
///
/// # Errors
/// Those of saving.
pub async fn run(task: &mut NodeTask, heartbeat: &Heartbeat) -> Result<(), Fault> {
    let fast_track = agent::fast_track_able(task.node(), task.config(), true);
    if !is_taken(task.node().provision_state, fast_track) {
        tracing::error!(
            node.uuid = %task.node().uuid,
            state = %task.node().provision_state,
            "a heartbeat in a state that works with no agent is ignored"
        );
        return Ok(());
    }
    if let Err(fault) = task.upgrade(Patience::None).await {
        tracing::warn!(node.uuid = %task.node().uuid, error = %fault, "a heartbeat is skipped");
        return Ok(());
    }
    let deploy = task.interfaces().deploy.clone();
    deploy.heartbeat(task, heartbeat).await?;
    if !agent::is_known(task.node()) {
        tracing::warn!(
            node.uuid = %task.node().uuid,
            deploy_interface = deploy.name(),
            "an agent reports in, but the deploy interface knows no agents"
        );
        return task.save().await;
    }
    let allowed = task.config().conductor.allow_provisioning_in_maintenance;
    match decide(task.node(), allowed) {
        Action::Note => task.save().await,
        Action::Begin(flow) => {
            touch(task);
            let begun = match flow.kind {
                StepKind::Clean => clean::begin_in_ramdisk(task).await,
                _ => service::begin_in_ramdisk(task).await,
            };
            or_fail(task, flow, begun, "Node failed to start the first step").await
        }
        Action::Poll(flow) => {
            touch(task);
            let gone_on = poll(task, flow).await;
            or_fail(task, flow, gone_on, "Failed to process the next step").await
        }
        Action::FinalizeRescue => match rescue::finalize(task).await {
            Ok(()) => Ok(()),
            Err(fault) => {
                let error = format!("Node failed to perform rescue operation: {fault}");
                fail::rescuing(task, &error, true).await
            }
        },
        Action::Abort(state) => abort(task, state).await,
    }
}

/// The time-out starts again.
fn touch(task: &mut NodeTask) {
    let now = task.core().database.now();
    task.node_mut().provision_updated_at = Some(now);
}

async fn poll(task: &mut NodeTask, flow: &'static StepFlow) -> Result<(), Fault> {
    let deploy = task.interfaces().deploy.clone();
    if flow.kind == StepKind::Deploy
        && task
            .node()
            .driver_internal_info
            .member(flow.cached)
            .is_none()
    {
        deploy.refresh_steps(task, flow.kind).await?;
    }
    task.save().await?;
    match deploy.poll_step(task).await? {
        Outcome::Wait { reason } => {
            tracing::debug!(node.uuid = %task.node().uuid, reason, "the step still goes on");
            task.save().await
        }
        Outcome::Done => go_on(task, flow).await,
    }
}

/// Goes on with a flow whose current step is over; its node may still wait.
///
/// # Errors
/// `InvalidState` when the node neither waits nor runs; those of saving.
pub async fn go_on(task: &mut NodeTask, flow: &'static StepFlow) -> Result<(), Fault> {
    if task.node().provision_state != flow.running {
        let target = kept_target(task, flow);
        task.apply(Move::by(Event::Resume).towards(target)).await?;
    }
    match flow.kind {
        StepKind::Deploy => deploy::resume(task).await,
        _ => engine::resume(task, flow).await,
    }
}

async fn or_fail(
    task: &mut NodeTask,
    flow: &'static StepFlow,
    result: Result<(), Fault>,
    what: &str,
) -> Result<(), Fault> {
    let Err(fault) = result else { return Ok(()) };
    let state = task.node().provision_state;
    if state != flow.running && state != flow.waiting {
        return Err(fault);
    }
    let error = format!("{what}: {fault}");
    match flow.kind {
        StepKind::Deploy => fail::deploying_with_agent(task, &error).await,
        _ => fail::steps(task, flow, &error).await,
    }
}

async fn abort(task: &mut NodeTask, state: State) -> Result<(), Fault> {
    match state {
        State::Cleaning | State::CleanWait => {
            let error = "Cleaning aborted as node is in maintenance mode";
            fail::cleaning(task, error, Aftermath::FULL).await
        }
        State::Deploying | State::DeployWait => {
            let error = "Deploy aborted as node is in maintenance mode";
            fail::deploying_with_agent(task, error).await
        }
        State::Servicing | State::ServiceWait => {
            let error = "Service aborted as node is in maintenance mode";
            fail::servicing(task, error, Aftermath::FULL).await
        }
        _ => fail::rescuing(task, "Rescue aborted as node is in maintenance mode", true).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::step::{CLEAN, DEPLOY, SERVICE};
    use schemas_model::{Object, Uuid};

    fn node(state: State) -> Node {
        let mut node = Node::new(Uuid::random(), "fake-hardware");
        node.provision_state = state;
        node
    }

    #[test]
    fn a_flow_begins_or_goes_on() {
        let mut waiting = node(State::CleanWait);
        assert_eq!(decide(&waiting, true), Action::Begin(&CLEAN));
        waiting.clean_step = Object::from_text(r#"{"step": "x"}"#);
        assert_eq!(decide(&waiting, true), Action::Poll(&CLEAN));
        waiting.driver_internal_info.set("cleaning_polling", true);
        assert_eq!(decide(&waiting, true), Action::Note);
        assert_eq!(
            decide(&node(State::DeployWait), true),
            Action::Poll(&DEPLOY)
        );
        assert_eq!(
            decide(&node(State::ServiceWait), true),
            Action::Begin(&SERVICE)
        );
        assert_eq!(
            decide(&node(State::RescueWait), true),
            Action::FinalizeRescue
        );
        assert_eq!(decide(&node(State::Available), true), Action::Note);
    }

    #[test]
    fn maintenance_stops_flows_only_where_configured() {
        let mut waiting = node(State::DeployWait);
        waiting.maintenance = true;
        assert_eq!(decide(&waiting, true), Action::Note);
        assert_eq!(decide(&waiting, false), Action::Abort(State::DeployWait));
        let mut resting = node(State::Available);
        resting.maintenance = true;
        assert_eq!(decide(&resting, false), Action::Note);
    }
}
