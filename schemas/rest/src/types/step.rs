//! Steps of deploy templates and runbooks: how they are written, read and compared.
//!
//! Numbers may come as text of digits; the database holds 32 bits.

use schemas_model::{Class, Fault, Object};
use serde_json::{Map, Value};

use crate::out::Out;

/// A whole number of 32 bits: an integer, or a fraction of zero behind one.
pub(super) fn whole(value: &Value) -> Option<i32> {
    let number = value.as_i64().or_else(|| {
        value
            .as_f64()
            .filter(|number| number.fract() == 0.0)
            .map(|number| number as i64)
    })?;
    i32::try_from(number).ok()
}

/// The number of a step: a priority, or a place in the order.
pub(super) fn number(value: &Value) -> Option<i32> {
    match value {
        Value::String(digits) => digits.parse().ok(),
        other => whole(other),
    }
}

/// What a step does: interface and name, empty when the request did not say.
pub(super) fn called(step: &Value) -> (&str, &str) {
    let text = |name: &str| step.get(name).and_then(Value::as_str).unwrap_or_default();
    (text("interface"), text("step"))
}

/// The arguments of a step.
pub(super) fn args(step: &Value) -> Object {
    crate::validate::doc(step.get("args").unwrap_or(&Value::Null))
}

/// Checks what the schemas of steps cannot: there is one, no two do the same, and each `number`
/// fits the database.
///
/// # Errors
/// 400.
pub(super) fn check(what: &str, key: &str, steps: &Value) -> Result<(), Fault> {
    let steps = steps.as_array().map(Vec::as_slice).unwrap_or_default();
    if steps.is_empty() {
        return Err(Fault::invalid_parameter(format!(
            "Schema error for {what}: steps should be non-empty"
        )));
    }
    let too_large = |step: &&Value| step.get(key).and_then(number).is_none();
    if let Some(step) = steps.iter().find(too_large) {
        return Err(Fault::invalid_parameter(format!(
            "Schema error for {what}: the {key} of step {} is too large",
            called(step).1
        )));
    }
    for (at, step) in steps.iter().enumerate() {
        if steps[..at]
            .iter()
            .any(|other| called(other) == called(step))
        {
            let (interface, name) = called(step);
            return Err(Fault::new(
                Class::InvalidDeployTemplate,
                format!(
                    "Duplicate deploy steps. A template cannot have multiple deploy steps with \
                     the same interface and step. Duplicates: interface: {interface}, step: {name}"
                ),
            ));
        }
    }
    Ok(())
}

/// Takes out of a patched document what steps do not have: a patch, unlike a create request, may say
/// more.
pub(super) fn forget_unknown(key: &str, patched: &mut Map<String, Value>) {
    let steps = patched.get_mut("steps").and_then(Value::as_array_mut);
    for step in steps.into_iter().flatten() {
        if let Value::Object(members) = step {
            members.retain(|name, _| {
                name == key || matches!(name.as_str(), "interface" | "step" | "args")
            });
        }
    }
}

/// Refuses patches that crash the reference: a stored step gets a new number as text, or a step has
/// no arguments.
///
/// # Errors
/// 400.
pub(super) fn check_patched(key: &str, before: &Value, after: &Value) -> Result<(), Fault> {
    let list = |steps: &'_ Value| steps.as_array().cloned().unwrap_or_default();
    let stored = list(before);
    let clash = list(after).into_iter().find(|step| {
        if step.get("args").is_none() {
            return true;
        }
        step.get(key).is_some_and(Value::is_string)
            && stored.iter().any(|old| called(old) == called(step))
    });
    match clash {
        None => Ok(()),
        Some(step) => Err(Fault::invalid_parameter(format!(
            "Schema error for patch: step {} needs args and a {key} of type 'integer'",
            called(&step).1
        ))),
    }
}

/// Writes a step; secrets in the arguments are masked unless everything may be seen.
pub(super) fn write(
    out: &mut Out<'_>,
    (interface, step): (&str, &str),
    args: &Object,
    (key, number): (&str, &Value),
) {
    out.object(|out| {
        out.key("interface").text(interface);
        out.key("step").text(step);
        out.key("args");
        if out.visible.driver_secrets {
            out.doc(args);
        } else {
            out.masked(args, &[]);
        }
        out.key(key).value(number);
    });
}

/// Writes steps as a request gave them.
pub(super) fn write_given(out: &mut Out<'_>, key: &str, steps: &[Value]) {
    out.array(|out| {
        for step in steps {
            let number = step.get(key).unwrap_or(&Value::Null);
            write(out.item(), called(step), &args(step), (key, number));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers() {
        assert_eq!(number(&json!("77")), Some(77));
        assert_eq!(number(&json!(5.0)), Some(5));
        assert_eq!(number(&json!(1_i64 << 40)), None);
        assert_eq!(number(&json!("99999999999")), None);
    }

    #[test]
    fn the_same_step_twice_is_refused() {
        let step = json!({"interface": "deploy", "step": "deploy", "args": {}, "priority": 10});
        let twice = json!([step, step]);
        let fault = check("template", "priority", &twice).unwrap_err();
        assert_eq!(fault.class, Class::InvalidDeployTemplate);
        assert!(check("template", "priority", &json!([step])).is_ok());
        assert!(check("template", "priority", &json!([])).is_err());
    }

    #[test]
    fn renumbering_needs_a_number() {
        let step = |priority: Value| json!([{"interface": "bios", "step": "x", "args": {}, "priority": priority}]);
        assert!(check_patched("priority", &step(json!(1)), &step(json!("2"))).is_err());
        assert!(check_patched("priority", &step(json!(1)), &step(json!(2))).is_ok());
        assert!(check_patched("priority", &json!([]), &step(json!("2"))).is_ok());
    }
}
