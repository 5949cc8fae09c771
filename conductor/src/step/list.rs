//! Making the list of steps a flow will run, and writing it into the node. It is saved with what comes
//! next: the first step, or the wait for the ramdisk.

use drivers_interface::Task;
use schemas_model::Fault;
use schemas_model::step::{Step, StepKind};
use serde_json::Value;

use super::collect::collect;
use super::disallowed::without_disallowed;
use super::flow::{CLEAN, DEPLOY, SERVICE};
use super::validate::{Strictness, annotate, parse_steps, step_id, validate_steps};
use super::{order, template};
use crate::task::NodeTask;

/// Lists the steps of a cleaning: those asked for, or the enabled ones of the interfaces.
///
/// # Errors
/// `InvalidParameterValue` for steps that do not fit; those of asking interfaces.
pub async fn set_clean_steps(
    task: &mut NodeTask,
    asked: Option<Vec<Step>>,
    disable_ramdisk: bool,
) -> Result<(), Fault> {
    let steps = match asked {
        Some(asked) => {
            let known = collect(task, StepKind::Clean, false).await?;
            let strictness = Strictness {
                disable_ramdisk,
                ..Strictness::default()
            };
            validate_steps(StepKind::Clean, asked, &known, strictness, "")?
        }
        None => collect(task, StepKind::Clean, true).await?,
    };
    let steps = without_disallowed(task.config(), StepKind::Clean, steps);
    let node = task.node_mut();
    node.clean_step = Default::default();
    CLEAN.list(node, &steps);
    node.driver_internal_info.set(CLEAN.index, Value::Null);
    Ok(())
}

/// Notes with the listed clean steps what is known about them before the agent has come up.
///
/// # Errors
/// As [`collect`].
pub async fn annotate_clean_steps(task: &mut NodeTask) -> Result<(), Fault> {
    let mut listed = CLEAN.listed(task.node());
    let known = collect(task, StepKind::Clean, false).await?;
    annotate(&mut listed, &known);
    CLEAN.list(task.node_mut(), &listed);
    Ok(())
}

/// Lists the steps of a servicing: those the node has been given.
///
/// # Errors
/// As [`set_clean_steps`].
pub async fn set_service_steps(task: &mut NodeTask, disable_ramdisk: bool) -> Result<(), Fault> {
    let mut asked = SERVICE.listed(task.node());
    let known = collect(task, StepKind::Service, false).await?;
    annotate(&mut asked, &known);
    SERVICE.list(task.node_mut(), &asked);
    let strictness = Strictness {
        disable_ramdisk,
        ..Strictness::default()
    };
    let steps = validate_steps(StepKind::Service, asked, &known, strictness, "")?;
    let steps = without_disallowed(task.config(), StepKind::Service, steps);
    let node = task.node_mut();
    node.service_step = Default::default();
    SERVICE.list(node, &steps);
    node.driver_internal_info.set(SERVICE.index, Value::Null);
    Ok(())
}

/// Lists the steps of a deployment: those people asked for, before those of the templates that match
/// the instance's traits, before those of the interfaces.
///
/// # Errors
/// As [`set_clean_steps`].
pub async fn set_deploy_steps(
    task: &mut NodeTask,
    reset_current: bool,
    skip_missing: bool,
) -> Result<(), Fault> {
    let asked = requested(task, None, skip_missing).await?;
    let templates = of_templates(task, skip_missing).await?;
    let own = collect(task, StepKind::Deploy, false).await?;
    let own = own
        .into_iter()
        .filter(|step| step.priority != Some(0))
        .collect();
    let steps = merge(asked, templates, own);
    let steps = without_disallowed(task.config(), StepKind::Deploy, steps);
    let node = task.node_mut();
    DEPLOY.list(node, &steps);
    if reset_current {
        node.deploy_step = Default::default();
        node.driver_internal_info.set(DEPLOY.index, Value::Null);
    }
    Ok(())
}

/// Checks what people and templates ask of a deployment.
///
/// # Errors
/// `InvalidParameterValue` for steps that do not fit.
pub async fn validate_deploy_requests(
    task: &mut NodeTask,
    asked: Option<&[Step]>,
    skip_missing: bool,
) -> Result<(), Fault> {
    of_templates(task, skip_missing).await?;
    requested(task, asked, skip_missing).await?;
    Ok(())
}

async fn requested(
    task: &mut NodeTask,
    asked: Option<&[Step]>,
    skip_missing: bool,
) -> Result<Vec<Step>, Fault> {
    let asked = match asked {
        Some(asked) if !asked.is_empty() => asked.to_vec(),
        _ => match task.node().driver_internal_info.member("user_deploy_steps") {
            Some(Value::Array(steps)) => parse_steps(StepKind::Deploy, steps)?,
            _ => Vec::new(),
        },
    };
    if asked.is_empty() {
        return Ok(asked);
    }
    let known = collect(task, StepKind::Deploy, false).await?;
    let strictness = Strictness {
        skip_missing,
        ..Strictness::default()
    };
    let prefix = "Validation of deploy steps from \"deploy steps\" argument failed. ";
    validate_steps(StepKind::Deploy, asked, &known, strictness, prefix)
}

async fn of_templates(task: &mut NodeTask, skip_missing: bool) -> Result<Vec<Step>, Fault> {
    let traits: Vec<String> = match task.node().instance_info.member("traits") {
        Some(Value::Array(traits)) => traits
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        _ => Vec::new(),
    };
    if traits.is_empty() {
        return Ok(Vec::new());
    }
    let database = task.core().database.clone();
    let templates = database.deploy_template_list_by_names(&traits).await?;
    if templates.is_empty() {
        return Ok(Vec::new());
    }
    let names: Vec<_> = templates.iter().map(|t| t.name.as_str()).collect();
    let prefix = format!(
        "Validation of deploy steps from deploy templates matching this node's instance traits \
         failed. Matching deploy templates: {}. Errors: ",
        names.join(",")
    );
    let known = collect(task, StepKind::Deploy, false).await?;
    let strictness = Strictness {
        skip_missing,
        ..Strictness::default()
    };
    let asked = template::of_templates(&templates)?;
    validate_steps(StepKind::Deploy, asked, &known, strictness, &prefix)
}

/// Who asked first, wins; priority 0 switches a step off.
fn merge(mut asked: Vec<Step>, templates: Vec<Step>, own: Vec<Step>) -> Vec<Step> {
    let is_in = |steps: &[Step], step: &Step| steps.iter().any(|s| step_id(s) == step_id(step));
    let new: Vec<_> = templates
        .into_iter()
        .filter(|step| !is_in(&asked, step))
        .collect();
    asked.extend(new);
    let mut steps: Vec<Step> = own
        .into_iter()
        .filter(|step| !is_in(&asked, step))
        .collect();
    steps.extend(
        asked
            .into_iter()
            .filter(|step| step.priority.unwrap_or_default() > 0),
    );
    order::sort(StepKind::Deploy, &mut steps);
    steps
}

#[cfg(test)]
mod tests {
    use super::*;
    use drivers_interface::StepSpec;
    use schemas_model::interface::InterfaceKind::{Bios, Deploy, Raid};

    #[test]
    fn people_beat_templates_beat_interfaces() {
        let step = |kind, name, priority| StepSpec::deploy(name, priority).to_step(kind);
        let steps = merge(
            vec![step(Bios, "a", 50), step(Raid, "off", 0)],
            vec![step(Bios, "a", 60), step(Raid, "t", 70)],
            vec![
                step(Deploy, "deploy", 100),
                step(Raid, "off", 90),
                step(Raid, "t", 10),
            ],
        );
        let shown: Vec<_> = steps.iter().map(|s| (step_id(s), s.priority)).collect();
        let expected = [("deploy.deploy", 100), ("raid.t", 70), ("bios.a", 50)];
        assert_eq!(shown, expected.map(|(id, p)| (id.to_owned(), Some(p))));
    }
}
