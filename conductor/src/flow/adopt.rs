//! Adoption of deployed machines, and take-over of active nodes from another conductor.

use drivers_interface::Task;
use schemas_model::Fault;
use schemas_model::interface::InterfaceKind;
use schemas_model::provision::Event;

use super::{console, restore_deploy_interface, switch_deploy_interface};
use crate::history::EventType;
use crate::image_type;
use crate::provision::Move;
use crate::task::NodeTask;

/// Deploy interfaces whose instances do not boot from disk, so that booting has to be served.
const SERVED_BOOT: &[&str] = &["ramdisk", "anaconda"];

/// Makes a machine that runs already an active node.
///
/// # Errors
/// Those of saving; a failed adoption is recorded.
pub async fn run(task: &mut NodeTask) -> Result<(), Fault> {
    match adopt(task).await {
        Ok(()) => task.apply(Move::by(Event::Done)).await,
        Err(fault) => {
            let error = format!(
                "Error while attempting to adopt node {}: {fault}.",
                task.node().uuid
            );
            tracing::error!(node.uuid = %task.node().uuid, error, "adoption failed");
            restore_deploy_interface(task).await?;
            task.node_mut().power_state = None;
            task.record_error(EventType::Adoption, &error);
            task.apply(Move::by(Event::Fail)).await
        }
    }
}

async fn adopt(task: &mut NodeTask) -> Result<(), Fault> {
    image_type::update(task.node_mut());
    let deploy = task.node().interfaces.get(InterfaceKind::Deploy);
    if deploy.is_some_and(|name| SERVED_BOOT.contains(&name)) {
        let boot = task.interfaces().boot.clone();
        boot.validate(task).await?;
    }
    take_over(task).await
}

/// Makes this conductor the one that serves an active node.
///
/// # Errors
/// What the deploy interface cannot do; those of saving.
pub async fn take_over(task: &mut NodeTask) -> Result<(), Fault> {
    switch_deploy_interface(task).await?;
    let deploy = task.interfaces().deploy.clone();
    deploy.prepare(task).await?;
    deploy.take_over(task).await?;
    console::restore(task, console::Occasion::TakeOver).await?;
    task.node_mut().conductor_affinity = Some(task.core().id()?);
    task.save().await
}
