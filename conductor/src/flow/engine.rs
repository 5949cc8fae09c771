//! The engine of flows of steps: load, decide, run one step, persist, decide again.
//!
//! Invariants
//! * [`decide`] is pure and sees only what is persisted and what happened last;
//! * a step is persisted (`*_step`, `*_step_index`) before it runs, so that whoever comes next knows
//!   where the flow stands;
//! * whatever goes wrong ends in the flow's failure, never in a node left between states.

use drivers_interface::{Outcome, Task};
use schemas_model::provision::{Event, State};
use schemas_model::step::{Step, StepKind};
use schemas_model::{Class, Fault};

use super::record::{self, FlowName};
use super::reserved::{self, Carried};
use super::{abort, child, clean, deploy, fail, service};
use crate::provision::Move;
use crate::step::{
    Progress, StepFlow, check_unvalidated, is_reserved, on_child_nodes, take_skip_flag,
};
use crate::task::NodeTask;

/// What happened last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happened {
    /// The list of steps is complete and the flow may begin.
    Started,
    /// A waiting node is taken up again; false repeats its current step.
    Resumed {
        /// Whether the current step is over.
        skip_current: bool,
    },
    /// A step is done.
    StepDone,
    /// A step goes on elsewhere.
    StepWaits,
    /// A step put the node to rest itself (`hold`, `wait`).
    StepRests,
    /// A step failed.
    StepFailed(Class),
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Run the step at this position.
    Run(usize),
    /// Wait for the agent or the BMC; `again` repeats the step afterwards.
    Wait {
        /// Whether the step has to run again.
        again: bool,
    },
    /// Nothing: the node rests already.
    Rest,
    /// All steps are done.
    Finish,
    /// A person asked to stop here.
    Abort,
    /// The flow has failed.
    Fail,
}

/// The decision.
pub fn decide(kind: StepKind, progress: &Progress, happened: &Happened) -> Action {
    let run = |index: Option<usize>| index.map_or(Action::Finish, Action::Run);
    match happened {
        Happened::Started => run((progress.count > 0).then_some(0)),
        Happened::Resumed { .. } if progress.abort_after => Action::Abort,
        Happened::Resumed { skip_current } => run(progress.next(*skip_current)),
        Happened::StepDone if progress.failed => Action::Rest,
        Happened::StepDone => run(progress.next(true)),
        Happened::StepWaits => Action::Wait { again: false },
        Happened::StepRests => Action::Rest,
        // The agent still works on the step: it will be asked again when it reports in.
        Happened::StepFailed(Class::AgentInProgress) => Action::Wait { again: true },
        Happened::StepFailed(Class::AgentConnectionFailed)
            if progress.rebooting || (kind == StepKind::Deploy && !progress.agent_known) =>
        {
            Action::Wait { again: true }
        }
        Happened::StepFailed(_) => Action::Fail,
    }
}

/// Runs a flow until it waits, rests or ends.
///
/// # Errors
/// When the node's lock was lost, or the database is unreachable: then nothing more can be done.
pub async fn run(
    task: &mut NodeTask,
    flow: &'static StepFlow,
    happened: Happened,
) -> Result<(), Fault> {
    match Box::pin(go(task, flow, happened)).await {
        Ok(()) => Ok(()),
        Err(fault) if fault.is_a(Class::NodeLocked) => Err(fault),
        Err(fault) => {
            let error = format!(
                "Unexpected error when processing next {} step. {}: {fault}",
                flow.kind, fault.class
            );
            Box::pin(fail::steps(task, flow, &error)).await
        }
    }
}

/// Takes a waiting flow up again; its node is in the running state already.
///
/// # Errors
/// As [`run`].
pub async fn resume(task: &mut NodeTask, flow: &'static StepFlow) -> Result<(), Fault> {
    let skip_current = take_skip_flag(task.node_mut(), flow);
    run(task, flow, Happened::Resumed { skip_current }).await
}

/// The target a waiting or failing flow keeps: manual cleaning leads back to `manageable`.
pub fn kept_target(task: &NodeTask, flow: &StepFlow) -> Option<State> {
    (flow.kind == StepKind::Clean && task.node().target_provision_state == Some(State::Manageable))
        .then_some(State::Manageable)
}

async fn go(
    task: &mut NodeTask,
    flow: &'static StepFlow,
    mut happened: Happened,
) -> Result<(), Fault> {
    let mut failure = None;
    loop {
        let progress = Progress::of(task.node(), flow);
        if !progress.is_listed && matches!(happened, Happened::Resumed { .. }) {
            // A list that was never made is not an empty one (Ironic 39.0.0, observed).
            return Err(Fault::internal(format!(
                "node {} has no {}",
                task.node().uuid,
                flow.steps
            )));
        }
        match decide(flow.kind, &progress, &happened) {
            Action::Run(index) => {
                let Some(step) = flow.listed(task.node()).into_iter().nth(index) else {
                    return Err(Fault::internal(format!(
                        "step {index} of {} is unreadable",
                        flow.steps
                    )));
                };
                happened = match Box::pin(begin(task, flow, index, &step)).await? {
                    Ok(Carried::Done) => Happened::StepDone,
                    Ok(Carried::Waits) => Happened::StepWaits,
                    Ok(Carried::Rests) => Happened::StepRests,
                    Err(fault) => {
                        let class = fault.class;
                        failure = Some((step, fault));
                        Happened::StepFailed(class)
                    }
                };
            }
            Action::Wait { again } => {
                // Ironic 39.0.0 calls it the end of a deployment when its agent is not up yet, observed.
                if flow.kind == StepKind::Deploy
                    && let Some((step, fault)) = &failure
                    && fault.is_a(Class::AgentConnectionFailed)
                {
                    let listed = flow.listed(task.node());
                    record::breaks(task, FlowName::Deployment, &listed, step);
                }
                if again {
                    task.node_mut().driver_internal_info.set(flow.skip, false);
                }
                let target = kept_target(task, flow);
                return task.apply(Move::by(Event::Wait).towards(target)).await;
            }
            Action::Rest => return Ok(()),
            Action::Finish => {
                return match flow.kind {
                    StepKind::Clean => Box::pin(clean::finish(task)).await,
                    StepKind::Service => Box::pin(service::finish(task)).await,
                    StepKind::Deploy | StepKind::Verify => Box::pin(deploy::finish(task)).await,
                };
            }
            Action::Abort => {
                let target = kept_target(task, flow);
                task.apply(Move::by(Event::Fail).towards(target)).await?;
                return Box::pin(abort::after_step(task, flow)).await;
            }
            Action::Fail => {
                return match failure {
                    Some((step, fault)) => Box::pin(fail::step(task, flow, &step, &fault)).await,
                    None => Err(Fault::internal("a step failed without a reason")),
                };
            }
        }
    }
}

/// Persists the step and runs it. The outer result is about persisting, the inner about the step.
async fn begin(
    task: &mut NodeTask,
    flow: &StepFlow,
    index: usize,
    step: &Step,
) -> Result<Result<Carried, Fault>, Fault> {
    let node = task.node_mut();
    *flow.current_mut(node) = crate::step::to_object(step);
    node.driver_internal_info.set(flow.index, index);
    node.driver_internal_info.unset(flow.polling);
    task.save().await?;
    tracing::info!(
        node.uuid = %task.node().uuid,
        step = %crate::step::step_id(step),
        "running a {} step", flow.kind
    );
    if on_child_nodes(step) {
        return Ok(child::run_on_children(task, flow, step).await);
    }
    if is_reserved(step) {
        return Ok(reserved::carry_out(task, flow, step).await);
    }
    let Some(interface) = step.interface else {
        return Ok(Err(Fault::invalid_parameter(format!(
            "Step '{}' names no interface",
            step.step
        ))));
    };
    let interfaces = task.interfaces().clone();
    let table = interfaces.get(interface).step_table();
    if let Err(fault) = check_unvalidated(flow.kind, step, table) {
        return Ok(Err(fault));
    }
    let outcome = interfaces
        .get(interface)
        .run_step(task, flow.kind, step)
        .await;
    Ok(outcome.map(|outcome| match outcome {
        Outcome::Done => Carried::Done,
        Outcome::Wait { reason } => {
            tracing::info!(node.uuid = %task.node().uuid, step = %step.step, reason, "the step goes on elsewhere");
            Carried::Waits
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(index: usize, count: usize) -> Progress {
        Progress {
            count,
            has_current: true,
            index: Some(index),
            ..Progress::default()
        }
    }

    fn decided(progress: &Progress, happened: Happened) -> Action {
        decide(StepKind::Clean, progress, &happened)
    }

    #[test]
    fn steps_run_one_after_the_other() {
        let nothing = Progress::default();
        assert_eq!(decided(&nothing, Happened::Started), Action::Finish);
        let two = Progress {
            count: 2,
            ..nothing
        };
        assert_eq!(decided(&two, Happened::Started), Action::Run(0));
        assert_eq!(decided(&at(0, 2), Happened::StepDone), Action::Run(1));
        assert_eq!(decided(&at(1, 2), Happened::StepDone), Action::Finish);
        assert_eq!(
            decided(&at(0, 2), Happened::StepWaits),
            Action::Wait { again: false }
        );
    }

    #[test]
    fn a_waiting_flow_goes_on_with_the_next_step_or_the_same() {
        let next = Happened::Resumed { skip_current: true };
        let same = Happened::Resumed {
            skip_current: false,
        };
        assert_eq!(decided(&at(0, 2), next.clone()), Action::Run(1));
        assert_eq!(decided(&at(0, 2), same), Action::Run(0));
        let stop = Progress {
            abort_after: true,
            ..at(0, 2)
        };
        assert_eq!(decided(&stop, next), Action::Abort);
    }

    #[test]
    fn an_agent_that_is_away_is_waited_for_only_while_it_reboots() {
        let away = Happened::StepFailed(Class::AgentConnectionFailed);
        assert_eq!(decided(&at(0, 1), away.clone()), Action::Fail);
        let rebooting = Progress {
            rebooting: true,
            ..at(0, 1)
        };
        assert_eq!(
            decided(&rebooting, away.clone()),
            Action::Wait { again: true }
        );
        assert_eq!(
            decide(StepKind::Deploy, &at(0, 1), &away),
            Action::Wait { again: true }
        );
        let known = Progress {
            agent_known: true,
            ..at(0, 1)
        };
        assert_eq!(decide(StepKind::Deploy, &known, &away), Action::Fail);
        let busy = Happened::StepFailed(Class::AgentInProgress);
        assert_eq!(decided(&at(0, 1), busy), Action::Wait { again: true });
    }

    #[test]
    fn a_node_that_was_failed_meanwhile_is_left_alone() {
        let failed = Progress {
            failed: true,
            ..at(0, 2)
        };
        assert_eq!(decided(&failed, Happened::StepDone), Action::Rest);
    }
}
