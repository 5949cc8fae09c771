//! Whether a rule is well-formed.

use serde_json::{Map, Value, json};

use super::action::PLUGIN_DATA;
use super::{Action, Multiple, Operator};
use crate::error::{Class, Fault};

/// The only phase there is.
pub const MAIN_PHASE: &str = "main";
/// The highest priority a person may give.
const MAX_PRIORITY: i64 = 9999;
const DESCRIPTION_LIMIT: usize = 255;
const PHASE_LIMIT: usize = 16;

/// Where a rule comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The API.
    User,
    /// The file of `[inspection_rules]built_in_rules`.
    BuiltIn,
}

/// Checks a rule: its members, the words of its conditions and actions, and their arguments.
///
/// # Errors
/// `Invalid` (400); `InspectionRuleValidationFailure`, answered with 400, for wrong arguments.
pub fn check(rule: &Map<String, Value>, origin: Origin) -> Result<(), Fault> {
    members(rule).map_err(|what| Fault::invalid(format!("Schema error: {what}")))?;
    if let Some(phase) = rule.get("phase")
        && phase.as_str() != Some(MAIN_PHASE)
    {
        return Err(Fault::invalid(format!(
            "Invalid phase: {phase}. Valid phases are: {MAIN_PHASE}"
        )));
    }
    let priority = rule.get("priority").and_then(whole).unwrap_or_default();
    if priority > MAX_PRIORITY && origin == Origin::User {
        return Err(Fault::invalid(format!(
            "Priority must be between 0 and {MAX_PRIORITY} for user-defined rules."
        )));
    }
    for condition in items(rule, "conditions") {
        if let Some((operator, _)) = word(condition).and_then(Operator::parse) {
            let args = condition.get("args").unwrap_or(&Value::Null);
            let bound = operator.signature().bind(args);
            bound.map_err(|what| wrong_arguments(operator.as_str(), &what))?;
        }
    }
    for action in items(rule, "actions") {
        if let Some(kind) = word(action).and_then(|word| word.parse::<Action>().ok()) {
            let args = with_plugin_data(kind, action.get("args").unwrap_or(&Value::Null));
            let bound = kind.signature().bind(&args);
            bound.map_err(|what| wrong_arguments(kind.as_str(), &what))?;
        }
    }
    Ok(())
}

/// The actions of a rule as they are stored: those that take the plugin data have a place for them
/// among their arguments.
pub fn filled_in(actions: &[Value]) -> Vec<Value> {
    actions
        .iter()
        .map(|action| {
            let mut action = action.clone();
            if let Some(kind) = word(&action).and_then(|word| word.parse::<Action>().ok())
                && let Some(args) = action.get_mut("args")
            {
                *args = with_plugin_data(kind, args);
            }
            action
        })
        .collect()
}

fn with_plugin_data(kind: Action, args: &Value) -> Value {
    let mut args = args.clone();
    if kind.takes_plugin_data() {
        match &mut args {
            Value::Object(members) => {
                members.insert(PLUGIN_DATA.to_owned(), json!({}));
            }
            Value::Array(items) if items.last() != Some(&json!({})) => items.push(json!({})),
            _ => {}
        }
    }
    args
}

fn wrong_arguments(op: &str, what: &str) -> Fault {
    // A failure of the server in Ironic; here the sender is told.
    Fault::new(
        Class::InspectionRuleValidationFailure,
        format!("Invalid arguments of '{op}': {what}"),
    )
    .with_code(400)
}

fn items<'a>(rule: &'a Map<String, Value>, name: &str) -> &'a [Value] {
    rule.get(name)
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default()
}

fn word(operation: &Value) -> Option<&str> {
    operation.get("op").and_then(Value::as_str)
}

/// A whole number, also one that is written with a fraction of zero.
fn whole(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| {
        value
            .as_f64()
            .filter(|number| number.fract() == 0.0)
            .map(|number| number as i64)
    })
}

fn members(rule: &Map<String, Value>) -> Result<(), String> {
    for (name, value) in rule {
        match name.as_str() {
            "actions" => operations(value, true, |action| {
                one_of_words(action, Action::ALL.iter().map(|a| a.as_str()), |word| {
                    word.parse::<Action>().is_ok()
                })
            })?,
            "conditions" => operations(value, false, |condition| {
                one_of_words(
                    condition,
                    Operator::ALL.iter().map(|o| o.as_str()),
                    |word| Operator::parse(word).is_some(),
                )?;
                match condition.get("multiple") {
                    None => Ok(()),
                    Some(Value::String(word)) if word.parse::<Multiple>().is_ok() => Ok(()),
                    Some(other) => Err(format!("{other} is no way to combine results")),
                }
            })?,
            "description" => text(name, value, DESCRIPTION_LIMIT)?,
            "phase" => text(name, value, PHASE_LIMIT)?,
            "uuid" => text(name, value, usize::MAX)?,
            "priority" => match whole(value) {
                Some(number) if number >= 0 => {}
                Some(number) => return Err(format!("{number} is less than the minimum of 0")),
                None => return Err(format!("{value} is not of type 'integer'")),
            },
            "sensitive" if value.is_boolean() || value.is_null() => {}
            "sensitive" => return Err(format!("{value} is not of type 'boolean', 'null'")),
            other => {
                return Err(format!(
                    "Additional properties are not allowed ('{other}' was unexpected)"
                ));
            }
        }
    }
    if rule.contains_key("actions") {
        Ok(())
    } else {
        Err("'actions' is a required property".to_owned())
    }
}

fn text(name: &str, value: &Value, limit: usize) -> Result<(), String> {
    match value {
        Value::Null => Ok(()),
        Value::String(text) if text.chars().count() <= limit => Ok(()),
        Value::String(_) => Err(format!("{name} is longer than {limit} characters")),
        other => Err(format!("{other} is not of type 'string', 'null'")),
    }
}

fn operations(
    value: &Value,
    needed: bool,
    check: impl Fn(&Map<String, Value>) -> Result<(), String>,
) -> Result<(), String> {
    let Value::Array(items) = value else {
        return Err(format!("{value} is not of type 'array'"));
    };
    if needed && items.is_empty() {
        return Err("[] should be non-empty".to_owned());
    }
    for item in items {
        let Value::Object(operation) = item else {
            return Err(format!("{item} is not of type 'object'"));
        };
        for name in ["op", "args"] {
            if !operation.contains_key(name) {
                return Err(format!("'{name}' is a required property"));
            }
        }
        for name in ["args", "loop"] {
            if let Some(value) = operation.get(name)
                && !value.is_array()
                && !value.is_object()
            {
                return Err(format!("{value} is not of type 'array', 'object'"));
            }
        }
        check(operation)?;
    }
    Ok(())
}

fn one_of_words<'a>(
    operation: &Map<String, Value>,
    words: impl Iterator<Item = &'a str>,
    known: impl Fn(&str) -> bool,
) -> Result<(), String> {
    match operation.get("op") {
        Some(Value::String(word)) if known(word) => Ok(()),
        other => Err(format!(
            "{} is not one of {}",
            other.unwrap_or(&Value::Null),
            words.collect::<Vec<_>>().join(", ")
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(rule: Value) -> Result<(), u16> {
        check(rule.as_object().unwrap(), Origin::User).map_err(|fault| fault.code())
    }

    fn with(name: &str, value: Value) -> Value {
        let mut rule = json!({
            "conditions": [],
            "actions": [{"op": "set-attribute", "args": {"path": "/extra/a", "value": 1}}],
        });
        rule[name] = value;
        rule
    }

    #[test]
    fn rules_that_pass() {
        for (name, value) in [
            (
                "conditions",
                json!([{"op": "!eq", "args": {"values": [1, 1]}}]),
            ),
            (
                "conditions",
                json!([{"op": "eq", "args": [[1, 1], true, 5]}]),
            ),
            (
                "conditions",
                json!([{"op": "eq", "args": {"values": []}, "loop": [1], "multiple": "any"}]),
            ),
            (
                "actions",
                json!([{"op": "fail", "args": {"msg": 1}, "extra": 1, "loop": {"a": 1}}]),
            ),
            (
                "actions",
                json!([{"op": "set-plugin-data", "args": ["a.b", 1]}]),
            ),
            ("priority", json!(9999)),
            ("priority", json!(5.0)),
            ("phase", json!("main")),
            ("sensitive", json!(null)),
            ("uuid", json!("x")),
            ("description", json!("d".repeat(255))),
        ] {
            assert_eq!(checked(with(name, value.clone())), Ok(()), "{name} {value}");
        }
    }

    #[test]
    fn rules_that_are_refused() {
        for (name, value) in [
            ("actions", json!([])),
            ("actions", json!("x")),
            ("actions", json!([{}])),
            ("actions", json!([{"op": "nosuch", "args": {}}])),
            ("actions", json!([{"op": "fail", "args": []}])),
            ("actions", json!([{"op": "fail", "args": "x"}])),
            (
                "actions",
                json!([{"op": "set-attribute", "args": {"path": "x"}}]),
            ),
            ("actions", json!([{"op": "unset-plugin-data", "args": []}])),
            ("conditions", json!(null)),
            (
                "conditions",
                json!([{"op": "ne", "args": {"values": [1, 2]}}]),
            ),
            (
                "conditions",
                json!([{"op": "eq", "args": {"values": []}, "multiple": "nosuch"}]),
            ),
            ("description", json!("d".repeat(256))),
            ("phase", json!("early")),
            ("phase", json!(null)),
            ("priority", json!(10000)),
            ("priority", json!(-1)),
            ("priority", json!("5")),
            ("priority", json!(1.5)),
            ("sensitive", json!("x")),
            ("scope", json!("x")),
        ] {
            assert_eq!(
                checked(with(name, value.clone())),
                Err(400),
                "{name} {value}"
            );
        }
    }

    #[test]
    fn plugin_data_get_a_place() {
        let actions = [
            json!({"op": "set-plugin-data", "args": {"path": "a.b", "value": 1}}),
            json!({"op": "unset-plugin-data", "args": ["a.b"]}),
            json!({"op": "add-trait", "args": {"name": "CUSTOM_A"}}),
        ];
        assert_eq!(
            filled_in(&actions),
            [
                json!({"op": "set-plugin-data", "args": {"path": "a.b", "value": 1, "plugin_data": {}}}),
                json!({"op": "unset-plugin-data", "args": ["a.b", {}]}),
                actions[2].clone(),
            ]
        );
    }
}
