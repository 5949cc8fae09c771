//! Cleaning, manual and automated.

use drivers_interface::Task;
use schemas_config::Config;
use schemas_model::provision::Event;
use schemas_model::step::{Step, StepKind};
use schemas_model::{Class, Fault, Node};

use super::engine::{self, Happened, kept_target};
use super::fail::{self, Aftermath, keeps_agent};
use super::record::{self, FlowName};
use super::{restore_deploy_interface, switch_deploy_interface};
use crate::agent;
use crate::cache;
use crate::provision::Move;
use crate::step::{self, CLEAN};
use crate::task::NodeTask;

/// What cleaning was asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CleanRequest {
    /// The steps; without, the interfaces' own.
    pub steps: Option<Vec<Step>>,
    /// Boot no ramdisk.
    pub disable_ramdisk: bool,
    /// The steps are a runbook's for automated cleaning.
    pub automated_with_steps: bool,
}

impl CleanRequest {
    fn is_manual(&self) -> bool {
        self.steps.is_some() && !self.automated_with_steps
    }
}

/// Whether a node needs no automated cleaning.
pub fn is_skipped(node: &Node, config: &Config) -> bool {
    !node
        .automated_clean
        .unwrap_or(config.conductor.automated_clean)
}

/// Prepares cleaning and runs it as far as it goes.
///
/// # Errors
/// Those of saving; a failed cleaning is recorded.
pub async fn run(task: &mut NodeTask, request: CleanRequest) -> Result<(), Fault> {
    let manual = request.is_manual();
    if !manual && is_skipped(task.node(), task.config()) {
        task.node_mut().clean_step = Default::default();
        restore_deploy_interface(task).await?;
        return task.apply(Move::by(Event::Done)).await;
    }
    if let Err((error, aftermath)) = check(task, &request).await {
        return Box::pin(fail::cleaning(task, &error, aftermath)).await;
    }
    let keep_agent = keeps_agent(task);
    let steps = request.steps.unwrap_or_default();
    let mut disable_ramdisk = request.disable_ramdisk;
    let node = task.node_mut();
    agent::forget_flow(node, &CLEAN, keep_agent);
    if !steps.is_empty() {
        CLEAN.list(node, &steps);
        let info = &mut node.driver_internal_info;
        info.set("cleaning_disable_ramdisk", disable_ramdisk);
        info.set("declarative_cleaning", true);
    }
    // What a crash leaves behind is the same as Ironic's.
    task.save().await?;
    Box::pin(cache::update(task)).await?;

    let mut listed = false;
    if !steps.is_empty() && !disable_ramdisk {
        match list_early(task).await {
            Ok((early, without_ramdisk)) => {
                listed = early;
                disable_ramdisk |= without_ramdisk;
            }
            Err(fault) => return cannot(task, &fault).await,
        }
    }
    if !disable_ramdisk {
        let deploy = task.interfaces().deploy.clone();
        let waits = match deploy.prepare_cleaning(task).await {
            Ok(outcome) => outcome.is_wait(),
            // The agent of a fast track is not up yet.
            Err(fault) if fault.is_a(Class::AgentConnectionFailed) => true,
            Err(fault) => {
                let error = format!(
                    "Failed to prepare node {} for cleaning: {fault}",
                    task.node().uuid
                );
                return Box::pin(fail::cleaning(task, &error, Aftermath::FULL)).await;
            }
        };
        if waits {
            if !listed && !steps.is_empty() {
                step::annotate_clean_steps(task).await?;
            }
            let target = kept_target(task, &CLEAN);
            return task.apply(Move::by(Event::Wait).towards(target)).await;
        }
    }
    if !listed {
        let asked = (!steps.is_empty()).then_some(steps);
        if let Err(fault) = Box::pin(step::set_clean_steps(task, asked, disable_ramdisk)).await {
            return cannot(task, &fault).await;
        }
    }
    let name = flow_name(task);
    let listed = CLEAN.listed(task.node());
    record::begins(task, name, &listed);
    Box::pin(engine::run(task, &CLEAN, Happened::Started)).await
}

async fn check(task: &mut NodeTask, request: &CleanRequest) -> Result<(), (String, Aftermath)> {
    let uuid = task.node().uuid.clone();
    if task.node().maintenance && !task.config().conductor.allow_provisioning_in_maintenance {
        let error = "Cleaning a node in maintenance mode is not allowed".to_owned();
        return Err((error, Aftermath::NOTHING_TO_UNDO));
    }
    switch_deploy_interface(task).await.map_err(|fault| {
        let error =
            format!("Failed to select a deploy interface for cleaning node {uuid}: {fault}");
        (error, Aftermath::NOTHING_TO_UNDO)
    })?;
    let interfaces = task.interfaces().clone();
    let validated = async {
        interfaces.power.validate(task).await?;
        if !request.disable_ramdisk {
            interfaces.network.validate(task).await?;
        }
        Ok(())
    };
    validated.await.map_err(|fault: Fault| {
        let error = format!("Validation of node {uuid} for cleaning failed: {fault}");
        (error, Aftermath::FULL)
    })
}

async fn cannot(task: &mut NodeTask, fault: &Fault) -> Result<(), Fault> {
    let error = format!("Cannot clean node {}: {fault}", task.node().uuid);
    Box::pin(fail::cleaning(task, &error, Aftermath::FULL)).await
}

/// Lists the steps before a ramdisk is booted, if all are known: then the ramdisk may be needless.
/// Returns whether they are listed, and whether they run without a ramdisk.
async fn list_early(task: &mut NodeTask) -> Result<(bool, bool), Fault> {
    let asked = CLEAN.listed(task.node());
    match Box::pin(step::set_clean_steps(task, Some(asked), false)).await {
        Ok(()) => {}
        Err(fault) if fault.is_a(Class::InvalidParameterValue) => return Ok((false, false)),
        Err(fault) => return Err(fault),
    }
    let steps = CLEAN.listed(task.node());
    let without = !steps.is_empty() && step::all_without_ramdisk(task, &steps).await?;
    if without {
        task.node_mut()
            .driver_internal_info
            .set("cleaning_disable_ramdisk", true);
        task.save().await?;
    }
    Ok((true, without))
}

fn flow_name(task: &NodeTask) -> FlowName {
    match kept_target(task, &CLEAN) {
        Some(_) => FlowName::ManualCleaning,
        None => FlowName::AutomatedCleaning,
    }
}

/// The agent has come up for the first step: asks it for its steps, lists all, and begins.
///
/// # Errors
/// Those of asking and listing, for the caller to fail the cleaning with.
pub async fn begin_in_ramdisk(task: &mut NodeTask) -> Result<(), Fault> {
    let target = kept_target(task, &CLEAN);
    task.apply(Move::by(Event::Resume).towards(target)).await?;
    let deploy = task.interfaces().deploy.clone();
    deploy.refresh_steps(task, StepKind::Clean).await?;
    let declared = task
        .node()
        .driver_internal_info
        .member("declarative_cleaning")
        .and_then(serde_json::Value::as_bool)
        .unwrap_or_default();
    if declared {
        step::annotate_clean_steps(task).await?;
    }
    let asked = declared.then(|| CLEAN.listed(task.node()));
    Box::pin(step::set_clean_steps(task, asked, false)).await?;
    Box::pin(engine::resume(task, &CLEAN)).await
}

/// All steps are done.
///
/// # Errors
/// Those of saving.
pub async fn finish(task: &mut NodeTask) -> Result<(), Fault> {
    let name = flow_name(task);
    let manual = name == FlowName::ManualCleaning;
    let disable_ramdisk = CLEAN.is_without_ramdisk(task.node());
    let keep_agent = keeps_agent(task);
    let node = task.node_mut();
    node.clean_step = Default::default();
    agent::forget_flow(node, &CLEAN, keep_agent);
    if !disable_ramdisk {
        let deploy = task.interfaces().deploy.clone();
        if let Err(fault) = deploy.tear_down_cleaning(task).await {
            let error = format!(
                "Failed to tear down from cleaning for node {}, reason: {fault}",
                task.node().uuid
            );
            return Box::pin(fail::cleaning(task, &error, Aftermath::NOTHING_TO_UNDO)).await;
        }
    }
    Box::pin(cache::update(task)).await?;
    record::ends(task, name, &[]);
    restore_deploy_interface(task).await?;
    let event = if manual || task.node().is_retired() {
        Event::Manage
    } else {
        Event::Done
    };
    tracing::info!(node.uuid = %task.node().uuid, "cleaning complete");
    task.apply(Move::by(event)).await
}
