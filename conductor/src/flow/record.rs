//! Beginning and end of a flow of steps, in the log and in the node's history.

use schemas_model::step::Step;

use crate::history::EventType;
use crate::step::step_id;
use crate::task::NodeTask;
use drivers_interface::Task;

/// Which flow, as the history words it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlowName {
    /// Cleaning on request.
    ManualCleaning,
    /// Cleaning before a node becomes available.
    AutomatedCleaning,
    /// Deployment.
    Deployment,
    /// Servicing.
    Servicing,
}

impl FlowName {
    /// Its name as a sentence begins with it, and the event types of its beginning and its end.
    const fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            FlowName::ManualCleaning => (
                "Manual cleaning",
                "manual_cleaning_start",
                "manual_cleaning_end",
            ),
            FlowName::AutomatedCleaning => (
                "Automated cleaning",
                "automated_cleaning_start",
                "automated_cleaning_end",
            ),
            FlowName::Deployment => ("Deployment", "deployment_start", "deployment_end"),
            FlowName::Servicing => ("Servicing", "servicing_start", "servicing_end"),
        }
    }
}

/// Names of steps; arguments may hold secrets and stay out.
fn names(steps: &[Step]) -> String {
    let names: Vec<_> = steps.iter().map(step_id).collect();
    format!("[{}]", names.join(", "))
}

/// A flow begins.
pub fn begins(task: &mut NodeTask, flow: FlowName, steps: &[Step]) {
    let (name, start, _) = flow.words();
    note(
        task,
        start,
        &format!(
            "Starting {} with steps={}",
            name.to_lowercase(),
            names(steps)
        ),
        false,
    );
}

/// A flow ended well.
pub fn ends(task: &mut NodeTask, flow: FlowName, steps: &[Step]) {
    let (name, _, end) = flow.words();
    note(
        task,
        end,
        &format!("{name} completed successfully with steps={}", names(steps)),
        false,
    );
}

/// A flow was stopped at a step.
pub fn breaks(task: &mut NodeTask, flow: FlowName, steps: &[Step], at: &Step) {
    let (name, _, end) = flow.words();
    let event = format!(
        "{name} aborted at step '{}' with steps={}",
        at.step,
        names(steps)
    );
    note(task, end, &event, true);
}

fn note(task: &mut NodeTask, event_type: &'static str, event: &str, is_error: bool) {
    let conductor = &task.core().config.conductor;
    let (to_history, to_log) = (
        conductor.record_step_flows_in_history,
        conductor.log_step_flows_to_syslog,
    );
    if to_log {
        tracing::info!(node.uuid = %task.node().uuid, "{event}");
    }
    if to_history && is_error {
        task.record_error(EventType::Flow(event_type), event);
    } else if to_history {
        task.record(EventType::Flow(event_type), event);
    }
}
