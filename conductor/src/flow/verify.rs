//! Verification: can the machine be managed with what the node says? (`enroll` → `manageable`)

use drivers_interface::Task;
use schemas_model::Fault;
use schemas_model::provision::Event;
use schemas_model::step::StepKind;

use crate::cache;
use crate::history::EventType;
use crate::notify::{Action, Status};
use crate::provision::Move;
use crate::step::{collect, step_id};
use crate::task::NodeTask;

/// Reads the power state with the node's credentials, then runs the verify steps.
///
/// # Errors
/// Those of saving; a failed verification is recorded and brings the node back to `enroll`.
pub async fn run(task: &mut NodeTask) -> Result<(), Fault> {
    let power = task.interfaces().power.clone();
    let uuid = task.node().uuid.clone();
    let mut found = match power.validate(task).await {
        Err(fault) => Err(format!(
            "Failed to validate power driver interface for node {uuid}. Error: {fault}"
        )),
        Ok(()) => power
            .power_state(task)
            .await
            .map_err(|fault| format!("Failed to get power state for node {uuid}. Error: {fault}")),
    };
    if let Err(failed) = steps(task).await {
        found = Err(failed);
    }
    match found {
        Ok(power_state) => {
            cache::update(task).await?;
            let before = task.node().power_state;
            task.node_mut().power_state = power_state;
            task.apply(Move::by(Event::Done)).await?;
            if before != power_state {
                task.emit(
                    Action::PowerStateCorrected { from: before },
                    Status::Success,
                );
            }
            Ok(())
        }
        Err(error) => {
            tracing::error!(node.uuid = %uuid, error, "verification failed");
            task.record_error(EventType::Verify, &error);
            task.apply(Move::by(Event::Fail)).await
        }
    }
}

async fn steps(task: &mut NodeTask) -> Result<(), String> {
    let interfaces = task.interfaces().clone();
    let steps = collect(task, StepKind::Verify, true)
        .await
        .map_err(|fault| format!("Failed to collect verify steps: {fault}"))?;
    let mut failed = Ok(());
    for step in steps {
        let Some(interface) = step.interface else {
            continue;
        };
        tracing::info!(node.uuid = %task.node().uuid, step = %step_id(&step), "running a verify step");
        if let Err(fault) = interfaces
            .get(interface)
            .run_step(task, StepKind::Verify, &step)
            .await
        {
            task.record_error(EventType::Verifying, &format!("Failed to verify: {fault}"));
            failed = Err(format!(
                "Node {} failed verify step {} with unexpected error: {fault}",
                task.node().uuid,
                step.step
            ));
        }
    }
    failed
}
