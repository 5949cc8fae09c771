//! Taking an instance off a machine, followed by automated cleaning.

use drivers_interface::Task;
use schemas_config::Config;
use schemas_config::section::conductor::CleaningStepSource;
use schemas_db::DbError;
use schemas_model::provision::{Event, State};
use schemas_model::step::StepKind;
use schemas_model::{Class, Fault, Node, Runbook, Uuid};

use super::clean::{self, CleanRequest};
use super::{console, switch_deploy_interface};
use crate::core::Core;
use crate::flow::fail::forget_deployment;
use crate::history::EventType;
use crate::notify::Action;
use crate::provision::Move;
use crate::step::{of_runbook, without_disallowed};
use crate::task::NodeTask;

/// Takes the instance off and cleans the node.
///
/// # Errors
/// What cannot be torn down, after it was recorded; those of saving.
pub async fn run(task: &mut NodeTask, initial: State) -> Result<(), Fault> {
    let torn_down = tear_down(task, initial).await;
    if let Err(fault) = &torn_down {
        failed(task, fault).await?;
    }
    forget_instance(task);
    if let Err(fault) = detach_vifs(task).await {
        if torn_down.is_ok() {
            failed(task, &fault).await?;
        }
        return Err(fault);
    }
    if let Some(id) = task.node().allocation_id {
        task.save().await?;
        let database = task.core().database.clone();
        match database.allocation_destroy(id).await {
            Ok(()) | Err(DbError::NotFound { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        task.refresh().await?;
    }
    torn_down?;
    let request = automated_cleaning(task.core(), task.node()).await;
    task.apply(Move::by(Event::Clean)).await?;
    match request {
        Ok(mut request) => {
            if let Some(steps) = request.steps.take() {
                let steps = without_disallowed(task.config(), StepKind::Clean, steps);
                request.steps = Some(steps);
            }
            Box::pin(clean::run(task, request)).await
        }
        Err(fault) => {
            super::fail::cleaning(
                task,
                &fault.message,
                super::fail::Aftermath::NOTHING_TO_UNDO,
            )
            .await
        }
    }
}

async fn tear_down(task: &mut NodeTask, initial: State) -> Result<(), Fault> {
    let was_rescued = matches!(
        initial,
        State::RescueWait | State::Rescue | State::UnrescueFailed | State::RescueFailed
    );
    if was_rescued {
        let rescue = task.interfaces().rescue.clone();
        rescue.clean_up(task).await?;
    }
    console::stop(task, Action::ConsoleStop).await?;
    switch_deploy_interface(task).await?;
    let deploy = task.interfaces().deploy.clone();
    deploy.clean_up(task).await?;
    deploy.tear_down(task).await?;
    tracing::info!(node.uuid = %task.node().uuid, instance = task.node().instance_uuid, "instance taken off");
    Ok(())
}

async fn failed(task: &mut NodeTask, fault: &Fault) -> Result<(), Fault> {
    let error = format!("Failed to tear down: {fault}");
    tracing::error!(node.uuid = %task.node().uuid, error, "tear-down failed");
    task.record_error(EventType::Unprovision, &error);
    task.apply(Move::by(Event::Fail)).await
}

fn forget_instance(task: &mut NodeTask) {
    forget_deployment(task);
    let node = task.node_mut();
    node.instance_info = Default::default();
    node.instance_uuid = None;
    node.instance_name = None;
    let info = &mut node.driver_internal_info;
    for key in [
        "instance",
        "root_uuid_or_disk_id",
        "is_whole_disk_image",
        "is_source_a_path",
        "deploy_boot_mode",
    ] {
        info.unset(key);
    }
    let automatic = info
        .unset("automatic_lessee")
        .and_then(|lessee| lessee.as_bool());
    if automatic.unwrap_or_default() {
        node.lessee = None;
    }
}

async fn detach_vifs(task: &mut NodeTask) -> Result<(), Fault> {
    let network = task.interfaces().network.clone();
    for vif in network.vif_list(task).await? {
        let Some(id) = vif.get("id").and_then(serde_json::Value::as_str) else {
            tracing::warn!(node.uuid = %task.node().uuid, "a VIF without an id is left alone");
            continue;
        };
        match network.vif_detach(task, id).await {
            Err(fault) if fault.is_a(Class::VifNotAttached) || fault.is_a(Class::NetworkError) => {
                tracing::warn!(node.uuid = %task.node().uuid, vif = id, error = %fault, "a VIF was not detached");
            }
            other => other?,
        }
    }
    Ok(())
}

/// What automated cleaning of a node consists of: the interfaces' own steps, or a runbook's.
///
/// # Errors
/// `NodeCleaningFailure` when a runbook is demanded and there is none that fits the node;
/// `RunbookNotFound`.
pub async fn automated_cleaning(core: &Core, node: &Node) -> Result<CleanRequest, Fault> {
    let conductor = &core.config.conductor;
    let source = conductor.automated_cleaning_step_source;
    if source == CleaningStepSource::Autogenerated {
        return Ok(CleanRequest::default());
    }
    let Some(ident) = runbook_of(&core.config, node) else {
        return match source {
            CleaningStepSource::Runbook => Err(cleaning_failure(format!(
                "Unable to perform cleaning for node {}: [conductor]automated_cleaning_step_source \
                 demands a runbook, and none is configured for the node.",
                node.uuid
            ))),
            _ => Ok(CleanRequest::default()),
        };
    };
    let runbook = if Uuid::is_like(&ident) {
        core.database
            .runbook_by_uuid(&Uuid::from_stored(ident))
            .await?
    } else {
        core.database.runbook_by_name(&ident).await?
    };
    if conductor.automated_cleaning_runbook_validate_traits {
        check_traits(&runbook, node)?;
    }
    let steps = of_runbook(&runbook)?;
    Ok(CleanRequest {
        automated_with_steps: !steps.is_empty(),
        steps: Some(steps),
        disable_ramdisk: runbook.disable_ramdisk,
    })
}

fn runbook_of(config: &Config, node: &Node) -> Option<String> {
    let conductor = &config.conductor;
    let own = conductor
        .automated_cleaning_runbook_from_node
        .then(|| node.driver_info.text_member("cleaning_runbook"))
        .flatten();
    let by_class = node.resource_class.as_ref().and_then(|class| {
        conductor
            .automated_cleaning_runbook_by_resource_class
            .get(class)
    });
    own.map(str::to_owned)
        .or_else(|| by_class.cloned())
        .or_else(|| conductor.automated_cleaning_runbook.clone())
        .filter(|ident| !ident.is_empty())
}

fn check_traits(runbook: &Runbook, node: &Node) -> Result<(), Fault> {
    if runbook
        .traits
        .iter()
        .any(|wanted| node.traits.contains(wanted))
    {
        return Ok(());
    }
    Err(cleaning_failure(format!(
        "Automated cleaning runbook {} is not valid for node {}: none of its traits ({}) is a trait of the node.",
        runbook.name,
        node.uuid,
        runbook.traits.join(", ")
    )))
}

fn cleaning_failure(message: String) -> Fault {
    Fault::new(Class::NodeCleaningFailure, message)
}
