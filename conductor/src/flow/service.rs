//! Servicing of active nodes.

use drivers_interface::Task;
use schemas_model::provision::Event;
use schemas_model::step::{Step, StepKind};
use schemas_model::{Class, Fault};
use serde_json::Value;

use super::engine::{self, Happened};
use super::fail::{self, Aftermath};
use super::record::{self, FlowName};
use super::{restore_deploy_interface, switch_deploy_interface};
use crate::agent;
use crate::cache;
use crate::provision::Move;
use crate::step::{self, SERVICE};
use crate::task::NodeTask;

/// What servicing was asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ServiceRequest {
    /// The steps.
    pub steps: Vec<Step>,
    /// Boot no ramdisk; `None` when nobody said.
    pub disable_ramdisk: Option<bool>,
}

/// Prepares servicing and runs it as far as it goes.
///
/// # Errors
/// Those of saving, and of steps that cannot run without a ramdisk; a failed servicing is recorded.
pub async fn run(task: &mut NodeTask, request: ServiceRequest) -> Result<(), Fault> {
    let uuid = task.node().uuid.clone();
    let disable_ramdisk = request.disable_ramdisk.unwrap_or_default();
    if let Err(fault) = switch_deploy_interface(task).await {
        let error =
            format!("Failed to select a deploy interface for servicing node {uuid}: {fault}");
        return Box::pin(fail::servicing(task, &error, Aftermath::NOTHING_TO_UNDO)).await;
    }
    let interfaces = task.interfaces().clone();
    let validated = async {
        interfaces.power.validate(task).await?;
        if !disable_ramdisk {
            interfaces.network.validate(task).await?;
        }
        Ok::<_, Fault>(())
    };
    if let Err(fault) = validated.await {
        let error = format!("Validation of node {uuid} for service failed: {fault}");
        return Box::pin(fail::servicing(task, &error, Aftermath::FULL)).await;
    }
    let node = task.node_mut();
    agent::forget_flow(node, &SERVICE, false);
    SERVICE.list(node, &request.steps);
    node.driver_internal_info
        .set("service_disable_ramdisk", request.disable_ramdisk);
    task.save().await?;
    Box::pin(cache::update(task)).await?;

    let mut ramdisk_needed = false;
    match Box::pin(step::set_service_steps(task, disable_ramdisk)).await {
        Ok(()) => {}
        Err(fault) if fault.is_a(Class::InvalidParameterValue) && !disable_ramdisk => {
            ramdisk_needed = true;
        }
        Err(fault) => {
            let error = format!("Cannot service node {uuid}: {fault}");
            return Box::pin(fail::servicing(task, &error, Aftermath::FULL)).await;
        }
    }
    let listed = SERVICE.listed(task.node());
    record::begins(task, FlowName::Servicing, &listed);
    ramdisk_needed |= listed.iter().any(asks_for_ramdisk);
    if ramdisk_needed && !disable_ramdisk {
        match interfaces.deploy.prepare_service(task).await {
            Ok(outcome) if outcome.is_wait() => return task.apply(Move::by(Event::Wait)).await,
            Ok(_) => {}
            Err(fault) => {
                let error = format!("Failed to prepare node {uuid} for service: {fault}");
                return Box::pin(fail::servicing(task, &error, Aftermath::FULL)).await;
            }
        }
    } else {
        task.node_mut()
            .driver_internal_info
            .set("service_disable_ramdisk", true);
        task.save().await?;
    }
    Box::pin(engine::run(task, &SERVICE, Happened::Started)).await
}

/// Unlike elsewhere, a step that does not say needs none here (Ironic 39.0.0, observed).
fn asks_for_ramdisk(step: &Step) -> bool {
    step.rest
        .get("requires_ramdisk")
        .and_then(Value::as_bool)
        .unwrap_or_default()
}

/// The agent has come up for the first step: asks it for its steps, lists all, and begins.
///
/// # Errors
/// Those of asking and listing, for the caller to fail the servicing with.
pub async fn begin_in_ramdisk(task: &mut NodeTask) -> Result<(), Fault> {
    task.apply(Move::by(Event::Resume)).await?;
    let deploy = task.interfaces().deploy.clone();
    deploy.refresh_steps(task, StepKind::Service).await?;
    Box::pin(step::set_service_steps(task, false)).await?;
    Box::pin(engine::resume(task, &SERVICE)).await
}

/// All steps are done.
///
/// # Errors
/// Those of saving.
pub async fn finish(task: &mut NodeTask) -> Result<(), Fault> {
    let disable_ramdisk = SERVICE.is_without_ramdisk(task.node());
    let node = task.node_mut();
    node.service_step = Default::default();
    agent::forget_flow(node, &SERVICE, false);
    task.save().await?;
    record::ends(task, FlowName::Servicing, &[]);
    if !disable_ramdisk {
        let deploy = task.interfaces().deploy.clone();
        if let Err(fault) = deploy.tear_down_service(task).await {
            let error = format!(
                "Failed to tear down from service for node {}, reason: {fault}",
                task.node().uuid
            );
            return Box::pin(fail::servicing(task, &error, Aftermath::NOTHING_TO_UNDO)).await;
        }
    }
    Box::pin(cache::update(task)).await?;
    restore_deploy_interface(task).await?;
    task.apply(Move::by(Event::Done)).await
}
