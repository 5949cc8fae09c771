//! Whether conditions hold.

use std::cmp::Ordering;
use std::net::IpAddr;

use fancy_regex::RegexBuilder;
use schemas_model::rule::{Args, Multiple, Operator};
use schemas_model::{Class, Fault};
use serde_json::Value;

use super::format::Context;
use super::python;

/// How often matching an expression may go back.
const MAX_STEPS_BACK: usize = 1_000_000;

/// Whether a condition holds.
///
/// # Errors
/// When it cannot be told: values that cannot be compared, a malformed network or expression.
pub fn holds(condition: &Value, context: &Context<'_>) -> Result<bool, Fault> {
    let word = condition
        .get("op")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let (operator, inverted) =
        Operator::parse(word).ok_or_else(|| failed(format!("Unsupported operator: '{word}'.")))?;
    let args = condition.get("args").unwrap_or(&Value::Null);
    let check = |item: Option<&Value>| {
        let context = Context {
            node: context.node,
            inventory: context.inventory,
            plugin_data: context.plugin_data,
            item,
            masked: context.masked,
            missing_is_null: operator == Operator::IsEmpty,
        };
        let args = bound(operator, args, &context)?;
        Ok(evaluate(operator, &args)? != inverted)
    };
    let given = condition
        .get("loop")
        .filter(|items| python::is_truthy(items));
    let items: &[Value] = match given {
        None => return check(None),
        Some(Value::Array(items)) => items,
        Some(one) => std::slice::from_ref(one),
    };
    let multiple = condition
        .get("multiple")
        .and_then(Value::as_str)
        .and_then(|word| word.parse().ok())
        .unwrap_or(Multiple::Any);
    combine(items, multiple, |item| check(Some(item)))
}

/// One result of many; every item is looked at unless the first that holds decides.
fn combine(
    items: &[Value],
    multiple: Multiple,
    check: impl Fn(&Value) -> Result<bool, Fault>,
) -> Result<bool, Fault> {
    let mut results = Vec::with_capacity(items.len());
    for item in items {
        let result = check(item)?;
        if multiple == Multiple::First && result {
            return Ok(true);
        }
        results.push(result);
    }
    Ok(match multiple {
        Multiple::Any => results.contains(&true),
        Multiple::All => !results.contains(&false),
        Multiple::First => results.first().copied().unwrap_or(false),
        Multiple::Last => results.last().copied().unwrap_or(false),
    })
}

fn bound(operator: Operator, args: &Value, context: &Context<'_>) -> Result<Args, Fault> {
    let signature = operator.signature();
    let mut args = signature.bind(args).map_err(failed)?;
    for (name, value) in &mut args {
        if context.item.is_some() || operator.interpolated().contains(&name.as_str()) {
            *value = context.fill(value);
        }
    }
    if context.item.is_some() && signature.optional.contains(&"force_strings") {
        // Items are filled in as text.
        args.insert("force_strings".to_owned(), Value::Bool(true));
    }
    Ok(args)
}

fn evaluate(operator: Operator, args: &Args) -> Result<bool, Fault> {
    let arg = |name: &str| args.get(name).unwrap_or(&Value::Null);
    let value = arg("value");
    match operator {
        Operator::Eq => in_order(args, |a, b| Some(python::equal(a, b))),
        Operator::Lt => in_order(args, |a, b| {
            python::compare(a, b).map(|order| order == Ordering::Less)
        }),
        Operator::Gt => in_order(args, |a, b| {
            python::compare(a, b).map(|order| order == Ordering::Greater)
        }),
        Operator::IsEmpty => Ok(matches!(
            python::text(value).as_str(),
            "" | "None" | "[]" | "{}"
        )),
        Operator::InNet => in_network(arg("address"), arg("subnet")),
        Operator::Matches => {
            let expression = arg("regex").as_str().unwrap_or_default();
            if expression.is_empty() {
                return Err(failed("the regular expression is empty"));
            }
            // From the first character to the last, or to the line break that ends the text.
            let end = if expression.ends_with('$') { "" } else { "$" };
            let whole = format!("^(?:{expression}{end})");
            let text = python::text(value);
            let line = text.strip_suffix('\n').unwrap_or(&text);
            found(&whole, line)
        }
        Operator::Contains => {
            let expression = arg("regex").as_str().unwrap_or_default();
            found(expression, &python::text(value))
        }
        Operator::OneOf => one_of(value, arg("values")),
        Operator::IsNone => Ok(value.is_null()),
        Operator::IsTrue => Ok(match value {
            Value::Bool(_) | Value::Number(_) => python::is_truthy(value),
            Value::String(word) => is_word(word, &["yes", "true"]),
            _ => false,
        }),
        Operator::IsFalse => Ok(match value {
            Value::Bool(_) | Value::Number(_) => !python::is_truthy(value),
            Value::String(word) => is_word(word, &["no", "false"]),
            other => other.is_null(),
        }),
    }
}

fn is_word(word: &str, words: &[&str]) -> bool {
    words.iter().any(|known| word.eq_ignore_ascii_case(known))
}

/// Whether each value stands to the next as wanted.
fn in_order(args: &Args, wanted: impl Fn(&Value, &Value) -> Option<bool>) -> Result<bool, Fault> {
    let given = args.get("values").unwrap_or(&Value::Null);
    let Value::Array(values) = given else {
        return Err(failed(format!(
            "expected a list of values, got {}",
            python::repr(given)
        )));
    };
    let forced: Vec<Value>;
    let values = if args.get("force_strings").is_some_and(python::is_truthy) {
        forced = values
            .iter()
            .map(|v| Value::from(python::text(v)))
            .collect();
        &forced
    } else {
        values
    };
    for pair in values.windows(2) {
        match wanted(&pair[0], &pair[1]) {
            Some(true) => {}
            Some(false) => return Ok(false),
            None => {
                return Err(failed(format!(
                    "{} and {} cannot be compared",
                    python::repr(&pair[0]),
                    python::repr(&pair[1])
                )));
            }
        }
    }
    Ok(true)
}

fn one_of(value: &Value, values: &Value) -> Result<bool, Fault> {
    match (values, value) {
        (Value::Null, _) => Ok(false),
        (Value::Array(items), _) => Ok(items.iter().any(|item| python::equal(item, value))),
        (Value::Object(members), Value::String(name)) => Ok(members.contains_key(name)),
        (Value::String(text), Value::String(part)) => Ok(text.contains(part.as_str())),
        _ => Err(failed(format!("{} is no list", python::repr(values)))),
    }
}

/// Whether an expression is found somewhere in a text. One that goes back too often is given up.
fn found(expression: &str, text: &str) -> Result<bool, Fault> {
    let regex = RegexBuilder::new(expression)
        .backtrack_limit(MAX_STEPS_BACK)
        .build()
        .map_err(|error| failed(format!("invalid regular expression: {error}")))?;
    regex
        .is_match(text)
        .map_err(|error| failed(format!("regular expression {expression}: {error}")))
}

fn in_network(address: &Value, subnet: &Value) -> Result<bool, Fault> {
    let text = subnet.as_str().unwrap_or_default();
    let (network, prefix) =
        parse_network(text).ok_or_else(|| failed(format!("invalid network: {text}")))?;
    let given = address.as_str().unwrap_or_default();
    let address: IpAddr = given
        .parse()
        .map_err(|_| failed(format!("invalid address: {given}")))?;
    Ok(match (network, address) {
        (IpAddr::V4(network), IpAddr::V4(address)) => {
            let bits = u32::MAX.checked_shl(32 - prefix).unwrap_or(0);
            u32::from(network) & bits == u32::from(address) & bits
        }
        (IpAddr::V6(network), IpAddr::V6(address)) => {
            let bits = u128::MAX.checked_shl(128 - prefix).unwrap_or(0);
            u128::from(network) & bits == u128::from(address) & bits
        }
        _ => false,
    })
}

/// `address`, `address/prefix` or `address/netmask`.
fn parse_network(text: &str) -> Option<(IpAddr, u32)> {
    let (address, mask) = match text.split_once('/') {
        Some((address, mask)) => (address, Some(mask)),
        None => (text, None),
    };
    let address: IpAddr = address.parse().ok()?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let prefix = match mask {
        None => most,
        Some(mask) => match mask.parse::<u32>() {
            Ok(prefix) => prefix,
            Err(_) => match mask.parse().ok()? {
                IpAddr::V4(mask) => {
                    let bits = u32::from(mask);
                    (bits.leading_ones() + bits.trailing_zeros() >= 32)
                        .then(|| bits.leading_ones())?
                }
                IpAddr::V6(_) => return None,
            },
        },
    };
    (prefix <= most).then_some((address, prefix))
}

fn failed(reason: impl std::fmt::Display) -> Fault {
    Fault::new(
        Class::RuleConditionCheckFailure,
        format!("Failed to check inspection rule condition: {reason}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use schemas_model::{Node, Uuid};
    use serde_json::json;

    fn check(condition: Value) -> Result<bool, Class> {
        let node = Node::new(Uuid::from_stored("u-1".to_owned()), "ipmi");
        let inventory = json!({"memory": {"physical_mb": 1024}, "disks": ["sda", "sdb"]});
        let context = Context {
            node: &node,
            inventory: &inventory,
            plugin_data: &json!({}),
            item: None,
            masked: true,
            missing_is_null: false,
        };
        holds(&condition, &context).map_err(|fault| fault.class)
    }

    #[test]
    fn operators() {
        for (op, args, expected) in [
            ("eq", json!({"values": [1, 1.0, true]}), true),
            (
                "eq",
                json!({"values": ["{inventory[memory][physical_mb]}", 1024]}),
                false,
            ),
            (
                "eq",
                json!([["{inventory[memory][physical_mb]}", 1024], true]),
                true,
            ),
            ("!eq", json!({"values": [1, 2]}), true),
            ("lt", json!({"values": [1, 2, 3]}), true),
            ("gt", json!({"values": [3, 2, 2]}), false),
            ("is-empty", json!({"value": "{inventory[nosuch]}"}), true),
            ("is-empty", json!({"value": []}), true),
            ("!is-empty", json!({"value": "x"}), true),
            (
                "in-net",
                json!({"address": "10.1.2.3", "subnet": "10.1.0.0/16"}),
                true,
            ),
            (
                "in-net",
                json!({"address": "10.2.2.3", "subnet": "10.1.0.0/255.255.0.0"}),
                false,
            ),
            (
                "in-net",
                json!({"address": "fe80::1", "subnet": "fe80::/10"}),
                true,
            ),
            (
                "in-net",
                json!({"address": "fe80::1", "subnet": "0.0.0.0/0"}),
                false,
            ),
            (
                "matches",
                json!({"value": "sda1", "regex": "sd[a-z]"}),
                false,
            ),
            ("matches", json!({"value": "sda", "regex": "sd[a-z]"}), true),
            (
                "contains",
                json!({"value": "my sda1", "regex": "sd[a-z]"}),
                true,
            ),
            (
                "contains",
                json!({"value": "sda sda", "regex": r"(\w+) \1"}),
                true,
            ),
            (
                "matches",
                json!({"value": "sdb", "regex": "(?!sda)sd."}),
                true,
            ),
            ("one-of", json!({"value": "a", "values": ["a", "b"]}), true),
            ("one-of", json!({"value": "a"}), false),
            ("is-none", json!({"value": null}), true),
            ("is-true", json!({"value": "Yes"}), true),
            ("is-true", json!({"value": 0}), false),
            ("is-false", json!({"value": null}), true),
        ] {
            let condition = json!({"op": op, "args": args});
            assert_eq!(check(condition.clone()), Ok(expected), "{condition}");
        }
    }

    #[test]
    fn loops_combine_results() {
        for (multiple, expected) in [
            ("any", true),
            ("all", false),
            ("first", true),
            ("last", false),
        ] {
            let condition = json!({
                "op": "eq",
                "args": {"values": ["{item}", 2]},
                "loop": [1, 2, 3],
                "multiple": multiple,
            });
            assert_eq!(check(condition), Ok(expected), "{multiple}");
        }
    }

    #[test]
    fn what_cannot_be_told_fails() {
        for (op, args) in [
            ("lt", json!({"values": ["a", 1]})),
            ("eq", json!({"values": "x"})),
            ("in-net", json!({"address": "x", "subnet": "10.0.0.0/8"})),
            (
                "in-net",
                json!({"address": "10.0.0.1", "subnet": "10.0.0.0/33"}),
            ),
            ("matches", json!({"value": "x", "regex": "["})),
            ("matches", json!({"value": "x", "regex": ""})),
        ] {
            let condition = json!({"op": op, "args": args});
            let failed = Err(Class::RuleConditionCheckFailure);
            assert_eq!(check(condition.clone()), failed, "{condition}");
        }
    }
}
