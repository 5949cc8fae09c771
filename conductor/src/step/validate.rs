//! Steps that people ask for, against the steps the interfaces have.

use std::collections::BTreeSet;

use drivers_interface::StepSpec;
use schemas_model::step::{RESERVED_STEPS, Step, StepKind};
use schemas_model::{Fault, Object};
use serde_json::{Map, Value};

/// `interface.step`, as people and configuration name a step.
pub fn step_id(step: &Step) -> String {
    match step.interface {
        Some(interface) => format!("{interface}.{}", step.step),
        None => step.step.clone(),
    }
}

/// Whether the conductor itself carries the step out.
pub fn is_reserved(step: &Step) -> bool {
    RESERVED_STEPS.contains(&step.step.as_str())
}

/// Whether the step is for the node's children.
pub fn on_child_nodes(step: &Step) -> bool {
    step.rest
        .get("execute_on_child_nodes")
        .and_then(Value::as_bool)
        .unwrap_or_default()
}

/// Whether the step needs the agent's ramdisk; steps that do not say need it.
pub fn requires_ramdisk(step: &Step) -> bool {
    step.rest
        .get("requires_ramdisk")
        .and_then(Value::as_bool)
        .unwrap_or(true)
}

/// Reads steps out of a request.
///
/// # Errors
/// `InvalidParameterValue` for what is no step.
pub fn parse_steps(kind: StepKind, values: &[Value]) -> Result<Vec<Step>, Fault> {
    values
        .iter()
        .map(|value| {
            let mut value = value.clone();
            // An order may be written as text; nobody reads it after the API has sorted by it.
            if let Some(order) = value.get("order").and_then(Value::as_str) {
                value["order"] = order.parse::<i64>().ok().into();
            }
            serde_json::from_value(value.clone()).map_err(|why| {
                Fault::invalid_parameter(format!("This is no {kind} step: {value} ({why})"))
            })
        })
        .collect()
}

/// Refuses arguments that a step of this name does not take, for steps that could not be validated
/// because their flow does not have them.
///
/// # Errors
/// `InvalidParameterValue`.
pub fn check_unvalidated(kind: StepKind, step: &Step, table: &[StepSpec]) -> Result<(), Fault> {
    let Some(row) = table
        .iter()
        .find(|row| row.name == step.step && row.kind != kind)
    else {
        return Ok(());
    };
    if table
        .iter()
        .any(|other| other.name == step.step && other.kind == kind)
    {
        return Ok(());
    }
    let given = step.args.as_ref().map(Object::get);
    let unexpected = given.into_iter().flat_map(Map::keys).find(|name| {
        row.arguments
            .iter()
            .all(|known| known.name != name.as_str())
    });
    match unexpected {
        None => Ok(()),
        Some(name) => Err(Fault::invalid_parameter(format!(
            "step {} got an unexpected argument '{name}'",
            step_id(step)
        ))),
    }
}

/// How strictly to look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Strictness {
    /// Steps that are not known yet may become known once an agent runs.
    pub skip_missing: bool,
    /// No ramdisk will be booted.
    pub disable_ramdisk: bool,
}

/// The steps asked for that the interfaces have, with what the interfaces say about them.
///
/// Reserved steps and steps for child nodes are left out, and so, with `skip_missing`, are unknown
/// ones (Ironic 39.0.0, observed).
///
/// # Errors
/// `InvalidParameterValue` with every reason, after `prefix`.
pub fn validate_steps(
    kind: StepKind,
    asked: Vec<Step>,
    known: &[Step],
    strictness: Strictness,
    prefix: &str,
) -> Result<Vec<Step>, Fault> {
    let mut reasons = Vec::new();
    let mut valid: Vec<Step> = Vec::with_capacity(asked.len());
    for mut step in asked {
        if on_child_nodes(&step) || is_reserved(&step) {
            continue;
        }
        let id = step_id(&step);
        match known.iter().find(|candidate| step_id(candidate) == id) {
            None if strictness.skip_missing => {
                tracing::debug!(step = %id, "a step is not known yet; it is checked when the ramdisk is up");
            }
            None => reasons.push(format!("node does not support this {kind} step: {id}")),
            Some(found) => {
                check_one(kind, &mut step, found, strictness, &mut reasons);
                valid.push(step);
            }
        }
    }
    if kind == StepKind::Deploy {
        let mut seen = BTreeSet::new();
        let twice: BTreeSet<_> = valid
            .iter()
            .map(step_id)
            .filter(|id| !seen.insert(id.clone()))
            .collect();
        if !twice.is_empty() {
            let twice: Vec<_> = twice.into_iter().collect();
            reasons.push(format!(
                "deploy steps of all templates that match the node's instance traits must differ; \
                 given more than once: {}",
                twice.join(", ")
            ));
        }
    }
    if reasons.is_empty() {
        Ok(valid)
    } else {
        Err(Fault::invalid_parameter(format!(
            "{prefix}{}",
            reasons.join("; ")
        )))
    }
}

/// Notes with each step that is known what its interface says about it, whether it fits or not.
/// Ironic 39.0.0 leaves this behind also when the steps are refused, observed.
pub fn annotate(asked: &mut [Step], known: &[Step]) {
    for step in asked {
        if on_child_nodes(step) || is_reserved(step) {
            continue;
        }
        let id = step_id(step);
        if let Some(found) = known.iter().find(|candidate| step_id(candidate) == id) {
            step.abortable = Some(found.abortable.unwrap_or_default());
            step.priority = Some(found.priority.unwrap_or_default());
        }
    }
}

fn check_one(
    kind: StepKind,
    step: &mut Step,
    found: &Step,
    strictness: Strictness,
    reasons: &mut Vec<String>,
) {
    let id = step_id(step);
    let arguments = found.rest.get("argsinfo").and_then(Value::as_object);
    let given = step
        .args
        .as_ref()
        .map(|args| args.get().clone())
        .unwrap_or_default();
    let unexpected: Vec<_> = given
        .keys()
        .filter(|name| !arguments.is_some_and(|known| known.contains_key(*name)))
        .map(String::as_str)
        .collect();
    if !unexpected.is_empty() {
        reasons.push(format!(
            "{kind} step {id} has unexpected arguments: {}",
            unexpected.join(", ")
        ));
    }
    let runs = kind != StepKind::Deploy || step.priority.unwrap_or_default() > 0;
    if runs {
        let missing: Vec<_> = arguments
            .into_iter()
            .flatten()
            .filter(|(name, about)| is_required(about) && !given.contains_key(*name))
            .map(
                |(name, about)| match about.get("description").and_then(Value::as_str) {
                    Some(text) => format!("{name} ({text})"),
                    None => name.clone(),
                },
            )
            .collect();
        if !missing.is_empty() {
            reasons.push(format!(
                "{kind} step {id} is missing required arguments: {}",
                missing.join(", ")
            ));
        }
        if strictness.disable_ramdisk && requires_ramdisk(found) {
            reasons.push(format!(
                "{kind} step {id} needs the ramdisk, which is disabled"
            ));
        }
    }
    if kind != StepKind::Deploy {
        step.abortable = Some(found.abortable.unwrap_or_default());
        step.priority = Some(found.priority.unwrap_or_default());
    } else if runs && id == "deploy.deploy" {
        reasons.push(format!(
            "deploy step {id} is a core step and cannot be overridden; priority 0 switches it off"
        ));
    }
}

fn is_required(about: &Value) -> bool {
    about
        .get("required")
        .and_then(Value::as_bool)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use drivers_interface::Argument;
    use schemas_model::interface::InterfaceKind;
    use serde_json::json;

    const SETTINGS: &[Argument] = &[Argument {
        name: "settings",
        description: "a list",
        required: true,
    }];

    fn known() -> Vec<Step> {
        vec![
            StepSpec::clean("apply", 5)
                .args(SETTINGS)
                .abortable()
                .to_step(InterfaceKind::Bios),
            StepSpec::clean("reset", 0)
                .out_of_band()
                .to_step(InterfaceKind::Bios),
        ]
    }

    fn check(asked: Value, strictness: Strictness) -> Result<Vec<Step>, String> {
        let asked = parse_steps(StepKind::Clean, asked.as_array().unwrap()).unwrap();
        validate_steps(StepKind::Clean, asked, &known(), strictness, "")
            .map_err(|fault| fault.message.into_owned())
    }

    #[test]
    fn a_good_step_learns_what_the_interface_says() {
        let steps = check(
            json!([{"interface": "bios", "step": "apply", "args": {"settings": []}}]),
            Strictness::default(),
        )
        .unwrap();
        assert_eq!(steps[0].abortable, Some(true));
        assert_eq!(steps[0].priority, Some(5));
    }

    #[test]
    fn every_reason_is_given() {
        let error = check(
            json!([{"interface": "bios", "step": "apply", "args": {"x": 1}},
                   {"interface": "raid", "step": "nothing"}]),
            Strictness::default(),
        )
        .unwrap_err();
        assert!(error.contains("unexpected arguments: x"), "{error}");
        assert!(
            error.contains("missing required arguments: settings (a list)"),
            "{error}"
        );
        assert!(error.contains("raid.nothing"), "{error}");
    }

    #[test]
    fn reserved_and_child_steps_are_dropped() {
        let steps = check(
            json!([{"step": "hold"}, {"interface": "raid", "step": "x", "execute_on_child_nodes": true}]),
            Strictness::default(),
        );
        assert_eq!(steps, Ok(vec![]));
    }

    #[test]
    fn without_a_ramdisk_only_out_of_band_steps_pass() {
        let strict = Strictness {
            disable_ramdisk: true,
            ..Strictness::default()
        };
        assert!(check(json!([{"interface": "bios", "step": "reset"}]), strict).is_ok());
        let apply = json!([{"interface": "bios", "step": "apply", "args": {"settings": []}}]);
        assert!(
            check(apply, strict)
                .unwrap_err()
                .contains("needs the ramdisk")
        );
    }

    #[test]
    fn the_core_step_is_not_for_users() {
        let deploy = StepSpec::deploy("deploy", 100).to_step(InterfaceKind::Deploy);
        let fault = validate_steps(
            StepKind::Deploy,
            vec![deploy.clone()],
            std::slice::from_ref(&deploy),
            Strictness::default(),
            "",
        )
        .unwrap_err();
        assert!(fault.message.contains("core step"), "{fault}");
    }
}
