//! Switching consoles on and off.

use drivers_interface::Task;
use schemas_model::Fault;
use schemas_model::interface::InterfaceKind;

use crate::history::EventType;
use crate::notify::{Action, Status};
use crate::task::{NodeHold, NodeTask};

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

/// Why a console that was on is started again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// This conductor starts.
    Start,
    /// The node came from another conductor.
    TakeOver,
    /// The node was deployed.
    Deploy,
    /// Its `driver_info` was changed.
    Change,
}

impl Occasion {
    /// What stands before the node in the error.
    const fn doing(self) -> &'static str {
        match self {
            Occasion::Start => "while starting the conductor, of node",
            Occasion::TakeOver => "while taking over the node",
            Occasion::Deploy => "while deploying the node",
            Occasion::Change => "after a change of driver_info of node",
        }
    }

    /// The kind of the row in the node's history (the first two as Ironic 39.0.0 has them).
    const fn event_type(self) -> EventType {
        match self {
            Occasion::Start => EventType::StartFailure,
            Occasion::TakeOver => EventType::Takeover,
            Occasion::Deploy | Occasion::Change => EventType::Console,
        }
    }
}

/// Starts the console of a node whose console is enabled, if it can be.
///
/// # Errors
/// Those of saving; a console that does not start is switched off.
pub async fn restore(task: &mut NodeTask, occasion: Occasion) -> Result<(), Fault> {
    if !task.node().console_enabled {
        return Ok(());
    }
    task.emit(Action::ConsoleRestore, Status::Start);
    let console = task.interfaces().console.clone();
    match console.start(task).await {
        Ok(()) => task.emit(Action::ConsoleRestore, Status::End),
        Err(fault) => {
            let error = format!(
                "Failed to start console {} {}: {fault}; it is switched off.",
                occasion.doing(),
                task.node().uuid
            );
            task.record_error(occasion.event_type(), &error);
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

/// Makes a console that runs here follow its node after a change that is not saved yet: with another
/// console interface it is switched off, with another `driver_info` it is started anew, as the BMC
/// may be another one.
///
/// # Errors
/// Those of resolving the node's interfaces, and of saving; the hold ends then.
pub async fn follow(mut hold: NodeHold, changed: &[&str]) -> Result<NodeHold, Fault> {
    let consoles = hold.core().registry.consoles().clone();
    let uuid = hold.node().uuid.clone();
    let Some(interface) = consoles.interface(&uuid) else {
        return Ok(hold);
    };
    if hold.node().interfaces.get(InterfaceKind::Console) != Some(interface) {
        consoles.stop(&uuid).await;
        hold.node_mut().console_enabled = false;
        tracing::warn!(node.uuid = %uuid, interface, "the console is switched off, as the node has another console interface");
        return Ok(hold);
    }
    if !changed.contains(&"driver_info") {
        return Ok(hold);
    }
    let mut task = NodeTask::equip(hold).await?;
    match restore(&mut task, Occasion::Change).await {
        Ok(()) => Ok(task.into_hold()),
        Err(fault) => task.finish(Err(fault)).await,
    }
}
