//! Steps of deploy templates and runbooks.

use schemas_model::step::Step;
use schemas_model::{DeployTemplate, Fault, Runbook};
use serde_json::Map;

fn step(
    interface: &str,
    name: &str,
    args: &schemas_model::Object,
    priority: Option<i32>,
    order: Option<i32>,
) -> Result<Step, Fault> {
    Ok(Step {
        interface: Some(interface.parse().map_err(|_| {
            Fault::invalid_parameter(format!(
                "Step '{name}' is of an unknown interface '{interface}'"
            ))
        })?),
        step: name.to_owned(),
        args: Some(args.clone()),
        priority: priority.map(i64::from),
        abortable: None,
        order: order.map(i64::from),
        rest: Map::new(),
    })
}

/// The steps of templates, template by template.
///
/// # Errors
/// `InvalidParameterValue` for an interface nobody knows.
pub fn of_templates(templates: &[DeployTemplate]) -> Result<Vec<Step>, Fault> {
    templates
        .iter()
        .flat_map(|template| &template.steps)
        .map(|s| step(&s.interface, &s.step, &s.args, Some(s.priority), None))
        .collect()
}

/// The steps of a runbook, in its order.
///
/// # Errors
/// As [`of_templates`].
pub fn of_runbook(runbook: &Runbook) -> Result<Vec<Step>, Fault> {
    runbook
        .steps
        .iter()
        .map(|s| step(&s.interface, &s.step, &s.args, None, Some(s.order)))
        .collect()
}
