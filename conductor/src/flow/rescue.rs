//! Rescue: booting a ramdisk on an active node for a person to repair it, and back.

use drivers_interface::{Outcome, Task};
use schemas_model::Fault;
use schemas_model::Node;
use schemas_model::provision::Event;

use crate::agent;
use crate::history::EventType;
use crate::provision::Move;
use crate::task::NodeTask;

/// Forgets the password of the rescue user.
pub fn forget_password(node: &mut Node) {
    node.instance_info.unset("rescue_password");
    node.instance_info.unset("hashed_rescue_password");
}

/// Boots the rescue ramdisk.
///
/// # Errors
/// The rescue interface's failure, after it was recorded; those of saving.
pub async fn rescue(task: &mut NodeTask) -> Result<(), Fault> {
    let rescue = task.interfaces().rescue.clone();
    match rescue.rescue(task).await {
        Ok(Outcome::Wait { .. }) => task.apply(Move::by(Event::Wait)).await,
        Ok(Outcome::Done) => task.apply(Move::by(Event::Done)).await,
        Err(fault) => {
            forget_password(task.node_mut());
            failed(task, &format!("Failed to rescue: {fault}")).await?;
            Err(fault)
        }
    }
}

/// Boots the instance again.
///
/// # Errors
/// As [`rescue`].
pub async fn unrescue(task: &mut NodeTask) -> Result<(), Fault> {
    let rescue = task.interfaces().rescue.clone();
    match rescue.unrescue(task).await {
        Ok(_) => {
            agent::forget_token_and_url(task.node_mut());
            task.apply(Move::by(Event::Done)).await
        }
        Err(fault) => {
            failed(task, &format!("Failed to unrescue: {fault}")).await?;
            Err(fault)
        }
    }
}

async fn failed(task: &mut NodeTask, error: &str) -> Result<(), Fault> {
    task.record_error(EventType::Rescue, error);
    task.apply(Move::by(Event::Fail)).await
}

/// The agent of the rescue ramdisk has come up.
///
/// # Errors
/// The agent's refusal, for the caller to fail the rescue with; those of saving.
pub async fn finalize(task: &mut NodeTask) -> Result<(), Fault> {
    let interfaces = task.interfaces().clone();
    if interfaces.rescue.finalize(task).await?.is_wait() {
        return task.save().await;
    }
    task.apply(Move::by(Event::Resume)).await?;
    interfaces.rescue.clean_up(task).await?;
    interfaces.network.configure_tenant_networks(task).await?;
    task.apply(Move::by(Event::Done)).await
}
