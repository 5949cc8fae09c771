//! Deploy interfaces that choose another one for a flow (`autodetect`), and the way back.

use drivers_interface::Task;
use schemas_model::Fault;
use schemas_model::interface::InterfaceKind;

use crate::task::NodeTask;

const ORIGINAL: &str = "original_deploy_interface";

/// Lets the node's deploy interface choose the one to use.
///
/// # Errors
/// `InvalidParameterValue` when the chosen one is not enabled; those of saving.
pub async fn switch(task: &mut NodeTask) -> Result<(), Fault> {
    let deploy = task.interfaces().deploy.clone();
    let Some(chosen) = deploy.switch_to(&*task) else {
        return Ok(());
    };
    let original = deploy.name();
    let node = task.node_mut();
    node.driver_internal_info.set(ORIGINAL, original);
    node.interfaces
        .set(InterfaceKind::Deploy, Some(chosen.to_owned()));
    task.resolve_again()?;
    task.save().await
}

/// Gives the node its own deploy interface back.
///
/// # Errors
/// Those of saving.
pub async fn restore(task: &mut NodeTask) -> Result<(), Fault> {
    let Some(original) = task
        .node()
        .driver_internal_info
        .text_member(ORIGINAL)
        .map(str::to_owned)
    else {
        return Ok(());
    };
    let node = task.node_mut();
    node.interfaces.set(InterfaceKind::Deploy, Some(original));
    node.driver_internal_info.unset(ORIGINAL);
    task.resolve_again()?;
    task.save().await
}
