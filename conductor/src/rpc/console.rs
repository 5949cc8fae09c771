//! Consoles.

use std::sync::Arc;

use drivers_interface::Task;
use schemas_model::{Class, Fault};
use schemas_rpc::RequestContext;
use schemas_rpc::methods::{CreateConsoleSession, GetConsoleInformation, SetConsoleMode};
use serde_json::{Map, Value};

use crate::core::Core;
use crate::flow::Work;
use crate::task::{NodeTask, Patience};

pub async fn get_console_information(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: GetConsoleInformation,
) -> Result<Map<String, Value>, Fault> {
    let mut task = core.shared(context, &request.node_id).await?;
    require_enabled(&task)?;
    let console = task.interfaces().console.clone();
    console.validate(&task).await?;
    let info = console.info(&mut task).await?;
    match serde_json::to_value(info) {
        Ok(Value::Object(members)) => Ok(members),
        _ => Ok(Map::new()),
    }
}

pub async fn set_console_mode(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: SetConsoleMode,
) -> Result<(), Fault> {
    let mut task = core.shared(context, &request.node_id).await?;
    let console = task.interfaces().console.clone();
    console.validate(&task).await?;
    if task.node().console_enabled == request.enabled {
        return Ok(());
    }
    task.upgrade(Patience::Usual).await?;
    task.node_mut().last_error = None;
    task.hand_over(Work::Console {
        enabled: request.enabled,
    })
    .await
}

pub async fn create_console_session(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: CreateConsoleSession,
) -> Result<Map<String, Value>, Fault> {
    let task = core.shared(context, &request.node_id).await?;
    require_enabled(&task)?;
    let link = core
        .registry
        .consoles()
        .link(&task.node().uuid, &core.config)?;
    tracing::info!(
        node.uuid = %task.node().uuid,
        request.id = context.request_id,
        "a link to a console was given out"
    );
    let members = [
        ("url", link.url.expose().as_str().into()),
        ("expires_in", link.lifetime.as_secs().into()),
    ];
    Ok(members
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect())
}

fn require_enabled(task: &NodeTask) -> Result<(), Fault> {
    if task.node().console_enabled {
        return Ok(());
    }
    Err(Fault::new(
        Class::NodeConsoleNotEnabled,
        format!("Console access is not enabled on node {}", task.node().uuid),
    ))
}
