//! Inspection.

use drivers_interface::{Inspection, Outcome, Task};
use schemas_db::DbError;
use schemas_model::provision::{Event, State};
use schemas_model::{Class, Fault, NodeInventory};

use super::fail;
use crate::agent;
use crate::cache;
use crate::history::EventType;
use crate::inspection_rule;
use crate::provision::Move;
use crate::task::NodeTask;

/// Starts an inspection and, if the BMC tells everything at once, ends it.
///
/// # Errors
/// The inspect interface's failure, after it was recorded; those of saving.
pub async fn run(task: &mut NodeTask) -> Result<(), Fault> {
    agent::forget_token_and_url(task.node_mut());
    let inspect = task.interfaces().inspect.clone();
    let began = task.core().database.now();
    let outcome = match inspect.inspect_hardware(task).await {
        Ok(Outcome::Done) => inspection_rule::run::after_bmc(task, began)
            .await
            .map(|()| Outcome::Done),
        other => other,
    };
    match outcome {
        Ok(Outcome::Done) => task.apply(Move::by(Event::Done)).await,
        Ok(Outcome::Wait { .. }) => task.apply(Move::by(Event::Wait)).await,
        Err(fault) => {
            fail::inspecting(task, &fault.message).await?;
            task.apply(Move::by(Event::Fail)).await?;
            Err(fault)
        }
    }
}

/// Takes what the ramdisk found.
///
/// # Errors
/// The inspect interface's failure, after it was recorded; those of saving.
pub async fn take_results(task: &mut NodeTask, inspection: Inspection) -> Result<(), Fault> {
    let now = task.core().database.now();
    agent::stamp(task.node_mut(), "agent_last_heartbeat", now);
    task.save().await?;
    let inspect = task.interfaces().inspect.clone();
    let database = task.core().database.clone();
    let known = database.node_inventory(task.node().id).await.ok();
    let outcome = match inspect.continue_inspection(task, inspection.clone()).await {
        Ok(Outcome::Done) => match inspection_rule::run::after_ramdisk(task, &inspection).await {
            Ok(()) => Ok(Outcome::Done),
            Err(fault) => {
                put_back(task, known).await?;
                Err(fault)
            }
        },
        other => other,
    };
    match outcome {
        Ok(Outcome::Wait { .. }) => {
            if task.node().provision_state == State::Inspecting {
                task.apply(Move::by(Event::Wait)).await?;
            }
            return Ok(());
        }
        Ok(Outcome::Done) => {}
        Err(fault) => {
            if !fault.is_a(Class::UnsupportedDriverExtension) {
                let error = format!("Failed to finish inspection: {fault}");
                fail::inspecting(task, &error).await?;
                if task.node().provision_state != State::Enroll {
                    task.apply(Move::by(Event::Fail)).await?;
                }
            }
            return Err(fault);
        }
    }
    if task.node().provision_state == State::Enroll {
        tracing::info!(node.uuid = %task.node().uuid, "node discovered");
        return task.save().await;
    }
    cache::firmware_components(task).await;
    task.apply(Move::by(Event::Done)).await
}

/// Stops a waiting inspection on request. Runs before the request is answered.
///
/// # Errors
/// The inspect interface's failure; those of saving.
pub async fn abort(task: &mut NodeTask) -> Result<(), Fault> {
    let inspect = task.interfaces().inspect.clone();
    if let Err(fault) = inspect.abort(task).await {
        if !fault.is_a(Class::UnsupportedDriverExtension) {
            let error = format!("Failed to abort inspection: {fault}");
            task.record_error(EventType::Introspection, &error);
            task.save().await?;
        }
        return Err(fault);
    }
    task.record_error(
        EventType::Introspection,
        "Inspection was aborted by request.",
    );
    agent::forget_token_and_url(task.node_mut());
    if task.node().provision_state == State::InspectFailed {
        task.save().await
    } else {
        task.apply(Move::by(Event::Abort)).await
    }
}

/// A rule failed: what was known of the machine before stays (Ironic 39.0.0, observed).
async fn put_back(task: &mut NodeTask, known: Option<NodeInventory>) -> Result<(), Fault> {
    match known {
        Some(known) => {
            task.inventory_store(known.inventory_data, known.plugin_data)
                .await
        }
        None => {
            let database = task.core().database.clone();
            match database.node_inventory_destroy(task.node().id).await {
                Ok(()) | Err(DbError::NotFound { .. }) => Ok(()),
                Err(error) => Err(error.into()),
            }
        }
    }
}
