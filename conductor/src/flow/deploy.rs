//! Deployment and rebuild.

use drivers_interface::Task;
use schemas_model::provision::Event;
use schemas_model::step::Step;
use schemas_model::{Class, Fault};
use serde_json::Value;

use super::engine::{self, Happened};
use super::fail::{self, forget_deployment};
use super::record::{self, FlowName};
use crate::flow::console;
use crate::provision::Move;
use crate::step::{self, DEPLOY};
use crate::task::NodeTask;

/// What deployment was asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DeployRequest {
    /// Config drive: text, or an object to build one from; null for none.
    pub configdrive: Value,
    /// Steps beside those of interfaces and templates.
    pub steps: Vec<Step>,
}

/// Prepares the deployment and runs it as far as it goes.
///
/// # Errors
/// Those of saving; a failed deployment is recorded.
pub async fn run(task: &mut NodeTask, request: DeployRequest) -> Result<(), Fault> {
    forget_deployment(task);
    if !is_nothing(&request.configdrive) {
        task.node_mut()
            .instance_info
            .set("configdrive", request.configdrive);
    }
    let deploy = task.interfaces().deploy.clone();
    match deploy.prepare(task).await {
        Ok(()) => {}
        // The agent of a fast track is not up yet.
        Err(fault) if fault.is_a(Class::AgentConnectionFailed) => {
            return task.apply(Move::by(Event::Wait)).await;
        }
        Err(fault) => {
            let error = format!("Failed to prepare to deploy: {fault}");
            return Box::pin(fail::deploying(task, &error, false)).await;
        }
    }
    if !request.steps.is_empty() {
        let steps: Vec<Value> = request.steps.iter().map(step::to_value).collect();
        task.node_mut()
            .driver_internal_info
            .set("user_deploy_steps", steps);
    }
    if let Err(fault) = Box::pin(step::set_deploy_steps(task, true, true)).await {
        let error = format!("Cannot get deploy steps; failed to deploy: {fault}");
        return Box::pin(fail::deploying(task, &error, true)).await;
    }
    let listed = DEPLOY.listed(task.node());
    if listed.is_empty() {
        return Box::pin(fail::deploying(
            task,
            "No deploy steps returned by the driver",
            true,
        ))
        .await;
    }
    task.node_mut().conductor_affinity = Some(task.core().id()?);
    record::begins(task, FlowName::Deployment, &listed);
    Box::pin(engine::run(task, &DEPLOY, Happened::Started)).await
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

/// Takes a waiting deployment up again. With the agent running, the final list of steps is made.
///
/// # Errors
/// Those of saving.
pub async fn resume(task: &mut NodeTask) -> Result<(), Fault> {
    let validated = task
        .node()
        .driver_internal_info
        .member("steps_validated")
        .and_then(Value::as_bool)
        .unwrap_or_default();
    if !validated {
        let listed = async {
            step::validate_deploy_requests(task, None, false).await?;
            Box::pin(step::set_deploy_steps(task, false, false)).await
        };
        if let Err(fault) = listed.await {
            let error = format!(
                "Failed to validate the final deploy steps list for node {}: {fault}",
                task.node().uuid
            );
            return Box::pin(fail::deploying(task, &error, true)).await;
        }
        task.node_mut()
            .driver_internal_info
            .set("steps_validated", true);
        task.save().await?;
    }
    Box::pin(engine::resume(task, &DEPLOY)).await
}

/// All steps are done.
///
/// # Errors
/// Those of saving.
pub async fn finish(task: &mut NodeTask) -> Result<(), Fault> {
    let listed = DEPLOY.listed(task.node());
    record::ends(task, FlowName::Deployment, &listed);
    task.node_mut().deploy_step = Default::default();
    forget_deployment(task);
    console::restore(task, console::Occasion::Deploy).await?;
    task.apply(Move::by(Event::Done)).await?;
    tracing::info!(node.uuid = %task.node().uuid, instance = task.node().instance_uuid, "node deployed");
    Ok(())
}
