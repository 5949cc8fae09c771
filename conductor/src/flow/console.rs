//! Switching consoles on and off.

use drivers_interface::Task;
use schemas_model::Fault;

use crate::history::EventType;
use crate::notify::{Action, Status};
use crate::task::NodeTask;

/// Switches the console as a person asked.
///
/// # Errors
/// The console interface's failure, recorded with the node; those of saving.
pub async fn switch(task: &mut NodeTask, enabled: bool) -> Result<(), Fault> {
    task.emit(Action::ConsoleSet, Status::Start);
    let console = task.interfaces().console.clone();
    let switched = if enabled {
        console.start(task).await
    } else {
        console.stop(task).await
    };
    if let Err(fault) = switched {
        let doing = if enabled { "enabling" } else { "disabling" };
        let error = format!(
            "Error {doing} the console on node {}. Reason: {fault}",
            task.node().uuid
        );
        task.record_error(EventType::Console, &error);
        task.save().await?;
        task.emit(Action::ConsoleSet, Status::Error);
        return Err(fault);
    }
    let node = task.node_mut();
    node.console_enabled = enabled;
    node.last_error = None;
    task.save().await?;
    task.emit(Action::ConsoleSet, Status::End);
    Ok(())
}

/// Starts the console of a node whose console is enabled, if it can be.
///
/// # Errors
/// Those of saving; a console that does not start is switched off.
pub async fn restore(task: &mut NodeTask, occasion: &str) -> Result<(), Fault> {
    if !task.node().console_enabled {
        return Ok(());
    }
    task.emit(Action::ConsoleRestore, Status::Start);
    let console = task.interfaces().console.clone();
    match console.start(task).await {
        Ok(()) => task.emit(Action::ConsoleRestore, Status::End),
        Err(fault) => {
            let error = format!(
                "Failed to start console {occasion} {}: {fault}.",
                task.node().uuid
            );
            task.record_error(EventType::Takeover, &error);
            task.node_mut().console_enabled = false;
            task.save().await?;
            task.emit(Action::ConsoleRestore, Status::Error);
        }
    }
    Ok(())
}

/// Stops the console of a node that is torn down.
///
/// # Errors
/// The console interface's failure.
pub async fn stop(task: &mut NodeTask, action: Action) -> Result<(), Fault> {
    if !task.node().console_enabled {
        return Ok(());
    }
    task.emit(action.clone(), Status::Start);
    let console = task.interfaces().console.clone();
    match console.stop(task).await {
        Ok(()) => {
            task.emit(action, Status::End);
            Ok(())
        }
        Err(fault) => {
            task.emit(action, Status::Error);
            Err(fault)
        }
    }
}
