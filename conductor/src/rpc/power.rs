//! Power, boot mode, secure boot.

use std::sync::Arc;
use std::time::Duration;

use drivers_interface::Task;
use schemas_model::Fault;
use schemas_rpc::RequestContext;
use schemas_rpc::methods::{ChangeNodeBootMode, ChangeNodePowerState, ChangeNodeSecureBoot};

use crate::core::Core;
use crate::flow::Work;
use crate::task::{NodeTask, Patience};

pub async fn change_node_power_state(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: ChangeNodePowerState,
) -> Result<(), Fault> {
    let mut task = core
        .exclusive(context, &request.node_id, Patience::Usual)
        .await?;
    let wanted = request.new_state;
    let power = task.interfaces().power.clone();
    let checked = async {
        power.validate(&task).await?;
        if power.supported_power_states(&task).contains(&wanted) {
            return Ok(());
        }
        Err(Fault::invalid_parameter(format!(
            "The driver {} does not support the power state, {wanted}",
            task.node().driver
        )))
    }
    .await;
    if let Err(fault) = checked {
        return task.finish(Err(fault)).await;
    }
    let soft = wanted
        .is_soft()
        .then_some(core.config.conductor.soft_power_off_timeout);
    let timeout = request
        .timeout
        .and_then(|seconds| u64::try_from(seconds).ok())
        .filter(|seconds| *seconds > 0)
        .or(soft)
        .map(Duration::from_secs);
    let node = task.node_mut();
    node.target_power_state = Some(wanted.settled());
    node.last_error = None;
    task.hand_over(Work::Power { wanted, timeout }).await
}

pub async fn change_node_boot_mode(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: ChangeNodeBootMode,
) -> Result<(), Fault> {
    let task = core
        .exclusive(context, &request.node_id, Patience::Usual)
        .await?;
    managed(task, Work::BootMode(request.new_state)).await
}

pub async fn change_node_secure_boot(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: ChangeNodeSecureBoot,
) -> Result<(), Fault> {
    let task = core
        .exclusive(context, &request.node_id, Patience::Usual)
        .await?;
    managed(task, Work::SecureBoot(request.new_state)).await
}

/// Validates the management interface, clears the last error, and lets a worker do it.
pub(super) async fn managed(mut task: NodeTask, work: Work) -> Result<(), Fault> {
    let management = task.interfaces().management.clone();
    if let Err(fault) = management.validate(&task).await {
        return task.finish(Err(fault)).await;
    }
    task.node_mut().last_error = None;
    task.hand_over(work).await
}
