//! Virtual interfaces.

use std::sync::Arc;

use drivers_interface::Task;
use schemas_model::{Fault, Object};
use schemas_rpc::RequestContext;
use schemas_rpc::methods::{VifAttach, VifDetach, VifList};
use serde_json::Value;

use crate::core::Core;
use crate::history::EventType;
use crate::task::{NodeTask, Patience};

/// Notes a failure with the node, and ends the task either way.
async fn done(mut task: NodeTask, result: Result<(), Fault>, what: &str) -> Result<(), Fault> {
    if let Err(fault) = &result {
        let state = task.node().provision_state;
        let error = format!("Failed to {what} node {}. Error: {fault}", task.node().uuid);
        task.record_error(EventType::State(state), &error);
    }
    let saved = task.save().await;
    task.finish(result.and(saved)).await
}

pub async fn vif_attach(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: VifAttach,
) -> Result<(), Fault> {
    let mut task = core
        .exclusive(context, &request.node_id, Patience::Usual)
        .await?;
    let network = task.interfaces().network.clone();
    if let Err(fault) = network.validate(&task).await {
        return task.finish(Err(fault)).await;
    }
    let vif = Object::from(request.vif_info);
    let id = vif.text_member("id").unwrap_or_default().to_owned();
    let attached = network.vif_attach(&mut task, &vif).await;
    done(task, attached, &format!("attach VIF {id} to")).await
}

pub async fn vif_detach(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: VifDetach,
) -> Result<(), Fault> {
    let mut task = core
        .exclusive(context, &request.node_id, Patience::Usual)
        .await?;
    let network = task.interfaces().network.clone();
    if let Err(fault) = network.validate(&task).await {
        return task.finish(Err(fault)).await;
    }
    let detached = network.vif_detach(&mut task, &request.vif_id).await;
    done(
        task,
        detached,
        &format!("detach VIF {} from", request.vif_id),
    )
    .await
}

pub async fn vif_list(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: VifList,
) -> Result<Vec<Value>, Fault> {
    let mut task = core.shared(context, &request.node_id).await?;
    let network = task.interfaces().network.clone();
    network.validate(&task).await?;
    let vifs = network.vif_list(&mut task).await?;
    Ok(vifs.into_iter().map(Value::Object).collect())
}
