//! What is left to do when a wait took too long. The node is in its failed state already.

use drivers_interface::Task;
use schemas_model::Fault;
use schemas_model::provision::State;

use super::fail::{self, Aftermath};
use crate::history::EventType;
use crate::task::NodeTask;

/// Which wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// `wait call-back`.
    Deploy,
    /// `clean wait`.
    Clean,
    /// `service wait`.
    Service,
    /// `rescue wait`.
    Rescue,
    /// `inspect wait`.
    Inspect,
}

fn of_step(step: &schemas_model::Object) -> String {
    match step.text_member("step") {
        Some(step) => format!("Failed on step {step}."),
        None => "No step had begun.".to_owned(),
    }
}

/// Records the time-out and undoes what was prepared.
///
/// # Errors
/// Those of saving.
pub async fn run(task: &mut NodeTask, wait: Wait) -> Result<(), Fault> {
    let uuid = task.node().uuid.clone();
    match wait {
        Wait::Deploy => {
            let error = format!("Timeout reached while waiting for callback for node {uuid}");
            fail::deploying(task, &error, true).await
        }
        Wait::Clean => {
            let error = format!(
                "Timeout reached while cleaning the node. Please check if the ramdisk responsible \
                 for the cleaning is running on the node. {}",
                of_step(&task.node().clean_step)
            );
            fail::cleaning(task, &error, Aftermath::FAILED_ALREADY).await
        }
        Wait::Service => {
            let error = format!(
                "Timeout reached while servicing the node. Please check if the ramdisk responsible \
                 for the servicing is running on the node. {}",
                of_step(&task.node().service_step)
            );
            fail::servicing(task, &error, Aftermath::FAILED_ALREADY).await
        }
        Wait::Rescue => {
            let error = "Timeout reached while waiting for rescue ramdisk callback for node";
            fail::rescuing(task, error, false).await
        }
        Wait::Inspect => {
            let error = "Timeout reached while inspecting the node. Please check if the ramdisk \
                         responsible for the inspection is running on the node.";
            fail::inspecting(task, error).await
        }
    }
}

/// Another conductor died while it worked on the node; this one failed it and tells why.
///
/// # Errors
/// Those of saving.
pub async fn taken_over(task: &mut NodeTask) -> Result<(), Fault> {
    let error = "Operation was aborted due to conductor take over";
    if task.node().provision_state == State::CleanFailed {
        fail::cleaning(task, error, Aftermath::FAILED_ALREADY).await
    } else {
        task.record_error(EventType::Takeover, error);
        task.save().await
    }
}
