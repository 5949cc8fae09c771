//! Switching power, the way it is always done: the target is saved, the machine is switched, the
//! result is saved, and everybody who asked to know is told.
//!
//! Behaviour: Ironic 39.0.0, `node_power_action`.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use drivers_interface::Task;
use schemas_db::{Children, NodeFilter, Page};
use schemas_model::power::PowerState;
use schemas_model::provision::State;
use schemas_model::{Class, Fault, Node};
use schemas_rpc::NodeRef;
use serde_json::Value;

use crate::agent;
use crate::history::EventType;
use crate::notify::{Action, Status};
use crate::task::{NodeTask, Patience};

/// Brings the machine into a power state, or restarts it.
///
/// # Errors
/// `PowerStateFailure` for a machine that must not be powered off; the power interface's own failure,
/// recorded as the node's last error; `NodeLocked`, `ParentNodeLocked`, `ChildNodeLocked`.
pub fn set_power<'t>(
    task: &'t mut NodeTask,
    wanted: PowerState,
    timeout: Option<Duration>,
) -> Pin<Box<dyn Future<Output = Result<(), Fault>> + Send + 't>> {
    // Boxed because parents and children are switched by the same function.
    Box::pin(async move {
        task.emit(Action::PowerSet { to: wanted }, Status::Start);
        let target = wanted.settled();
        if target == PowerState::Off && task.node().stays_powered() {
            return Err(failure(
                wanted,
                "the node must not be powered off (disable_power_off)",
            ));
        }
        let goes_down = wanted != PowerState::On;
        if is_there_already(task, wanted).await? {
            if goes_down {
                agent::forget_session(task.node_mut());
                task.save().await?;
            }
            return Ok(());
        }
        let now = task.core().database.now();
        let node = task.node_mut();
        node.target_power_state = Some(target);
        if !node.provision_state.is_failure() {
            node.last_error = None;
        }
        agent::stamp(node, "last_power_state_change", now);
        if goes_down {
            agent::forget_session(node);
        }
        task.save().await?;
        match switch(task, wanted, timeout).await {
            Ok(()) => settle(task, wanted).await,
            Err(fault) => {
                task.node_mut().target_power_state = None;
                let error =
                    format!("Failed to change power state to '{target}' by '{wanted}': {fault}");
                task.record_error(EventType::Unknown, &error);
                task.save().await?;
                task.emit(Action::PowerSet { to: wanted }, Status::Error);
                Err(fault)
            }
        }
    })
}

fn failure(wanted: PowerState, why: &str) -> Fault {
    Fault::new(
        Class::PowerStateFailure,
        format!("Failed to set node power state to {wanted}: {why}."),
    )
}

/// Asks the machine whether it is in the state already, and records what it says.
async fn is_there_already(task: &mut NodeTask, wanted: PowerState) -> Result<bool, Fault> {
    if !matches!(
        wanted,
        PowerState::On | PowerState::Off | PowerState::SoftOff
    ) {
        return Ok(false);
    }
    let power = task.interfaces().power.clone();
    match power.power_state(task).await {
        Ok(current) => {
            let there = matches!(
                (current, wanted),
                (Some(PowerState::On), PowerState::On)
                    | (Some(PowerState::Off), PowerState::Off | PowerState::SoftOff)
            );
            if there {
                let node = task.node_mut();
                node.last_error = None;
                node.power_state = current;
                node.target_power_state = None;
                task.save().await?;
                task.emit(Action::PowerSet { to: wanted }, Status::End);
            }
            Ok(there)
        }
        Err(fault) => {
            task.node_mut().target_power_state = None;
            let error = format!("Failed to change power state to '{wanted}': {fault}");
            task.record_error(EventType::Unknown, &error);
            task.save().await?;
            task.emit(Action::PowerSet { to: wanted }, Status::Error);
            Err(fault)
        }
    }
}

async fn switch(
    task: &mut NodeTask,
    wanted: PowerState,
    timeout: Option<Duration>,
) -> Result<(), Fault> {
    let interfaces = task.interfaces().clone();
    if wanted.settled() == PowerState::On && task.node().provision_state == State::Active {
        interfaces.storage.attach_volumes(task).await?;
    }
    match wanted {
        PowerState::Reboot => interfaces.power.reboot(task, timeout).await,
        _ => {
            if wanted == PowerState::On && shares_power_of_parent(task.node()) {
                power_on_parent(task, timeout).await?;
            }
            if wanted == PowerState::Off {
                power_off_children(task, timeout).await?;
            }
            interfaces
                .power
                .set_power_state(task, wanted, timeout)
                .await
        }
    }
}

async fn settle(task: &mut NodeTask, wanted: PowerState) -> Result<(), Fault> {
    let target = wanted.settled();
    let node = task.node_mut();
    node.power_state = Some(target);
    node.target_power_state = None;
    task.save().await?;
    task.emit(Action::PowerSet { to: wanted }, Status::End);
    tracing::info!(node.uuid = %task.node().uuid, power = %target, by = %wanted, "power was switched");
    if target == PowerState::Off && task.node().provision_state == State::Active {
        let storage = task.interfaces().storage.clone();
        if let Err(fault) = storage.detach_volumes(task).await {
            if !fault.is_a(Class::StorageError) {
                return Err(fault);
            }
            tracing::warn!(node.uuid = %task.node().uuid, error = %fault, "volumes were not detached");
        }
    }
    Ok(())
}

fn has_own_power_supply(node: &Node) -> bool {
    match node.driver_info.member("has_dedicated_power_supply") {
        None | Some(Value::Null | Value::Bool(false)) => false,
        Some(Value::String(text)) => !text.is_empty(),
        Some(_) => true,
    }
}

fn shares_power_of_parent(node: &Node) -> bool {
    node.parent_node.is_some() && !has_own_power_supply(node)
}

async fn power_on_parent(task: &NodeTask, timeout: Option<Duration>) -> Result<(), Fault> {
    let Some(parent) = task.node().parent_node.clone() else {
        return Ok(());
    };
    let core = task.core().clone();
    let mut parent = core.shared(task.context(), &NodeRef::Uuid(parent)).await?;
    let power = parent.interfaces().power.clone();
    if power.power_state(&mut parent).await? == Some(PowerState::On) {
        return Ok(());
    }
    if let Err(fault) = parent.upgrade(Patience::Usual).await {
        if fault.is_a(Class::NodeLocked) {
            return Err(Fault::new(
                Class::ParentNodeLocked,
                format!(
                    "Node {} cannot be powered on: its parent {} has to be powered on first and is locked ({fault})",
                    task.node().uuid,
                    parent.node().uuid
                ),
            ));
        }
        return Err(fault);
    }
    let result = set_power(&mut parent, PowerState::On, timeout).await;
    parent.finish(result).await
}

async fn power_off_children(task: &NodeTask, timeout: Option<Duration>) -> Result<(), Fault> {
    let core = task.core().clone();
    let filter = NodeFilter {
        children: Children::Of(task.node().uuid.clone()),
        ..NodeFilter::default()
    };
    for child in core.database.node_list(&filter, &Page::all()).await? {
        if has_own_power_supply(&child) {
            continue;
        }
        let mut child = core.shared(task.context(), &NodeRef::Id(child.id)).await?;
        let power = child.interfaces().power.clone();
        if power.power_state(&mut child).await? == Some(PowerState::Off) {
            continue;
        }
        if let Err(fault) = child.upgrade(Patience::Usual).await {
            if fault.is_a(Class::NodeLocked) {
                return Err(Fault::new(
                    Class::ChildNodeLocked,
                    format!(
                        "Node {} cannot be powered off: its child {} has to be powered off first and is locked ({fault})",
                        task.node().uuid,
                        child.node().uuid
                    ),
                ));
            }
            return Err(fault);
        }
        let result = set_power(&mut child, PowerState::Off, timeout).await;
        child.finish(result).await?;
    }
    Ok(())
}
