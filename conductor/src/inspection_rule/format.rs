//! Placeholders in arguments: `{node.driver_info[ipmi_address]}`, `{inventory[disks][0][name]}`,
//! `{plugin_data[x]}`, `{item}`.
//!
//! The subset of Python's format strings that fields, members and indexes need; `{{` and `}}` are
//! braces. What cannot be filled in leaves the text as it is.

use serde_json::{Map, Value};

use super::fields::field;
use super::python;
use schemas_model::Node;

/// Members of inventory and plugin data that rules do not see.
const SECRETS: &[&str] = &["password", "auth_token", "bmc_password"];
const MASK: &str = "***";

/// What placeholders may name.
pub struct Context<'a> {
    /// `node`
    pub node: &'a Node,
    /// `inventory`
    pub inventory: &'a Value,
    /// `plugin_data`
    pub plugin_data: &'a Value,
    /// `item`, inside loops.
    pub item: Option<&'a Value>,
    /// Whether secrets are hidden.
    pub masked: bool,
    /// Whether something that is not there becomes null instead of leaving the text alone.
    pub missing_is_null: bool,
}

/// Why a placeholder cannot be filled in.
#[derive(Debug, PartialEq, Eq)]
enum Unfilled {
    /// There is no such member.
    Missing,
    /// It makes no sense.
    Other,
}

impl Context<'_> {
    /// An argument with its placeholders filled in; lists and objects are entered.
    pub fn fill(&self, value: &Value) -> Value {
        // Inside loops text is filled in twice, so an item may hold placeholders.
        let once = match value {
            Value::String(text) if self.item.is_some() => self.fill_text(text),
            other => other.clone(),
        };
        match once {
            Value::String(text) => self.fill_text(&text),
            Value::Array(items) => items
                .iter()
                .map(|item| match item {
                    Value::String(text) => self.fill_text(text),
                    other => self.fill(other),
                })
                .collect(),
            Value::Object(members) => {
                let filled: Map<String, Value> = members
                    .iter()
                    .map(|(key, value)| (python::text(&self.fill_text(key)), self.fill(value)))
                    .collect();
                Value::Object(filled)
            }
            other => other,
        }
    }

    fn fill_text(&self, text: &str) -> Value {
        match self.filled(text) {
            Ok(filled) => Value::String(filled),
            Err(Unfilled::Missing) if self.missing_is_null => Value::Null,
            Err(_) => {
                tracing::debug!(text, "a placeholder of an inspection rule names nothing");
                Value::String(text.to_owned())
            }
        }
    }

    fn filled(&self, text: &str) -> Result<String, Unfilled> {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            out.push_str(&rest[..at]);
            let brace = &rest[at..=at];
            let tail = &rest[at + 1..];
            if let Some(tail) = tail.strip_prefix(brace) {
                out.push_str(brace);
                rest = tail;
                continue;
            }
            if brace == "}" {
                return Err(Unfilled::Other);
            }
            let end = tail.find('}').ok_or(Unfilled::Other)?;
            out.push_str(&self.placeholder(&tail[..end])?);
            rest = &tail[end + 1..];
        }
        out.push_str(rest);
        Ok(out)
    }

    fn placeholder(&self, inside: &str) -> Result<String, Unfilled> {
        let (name, conversion) = match inside.split_once('!') {
            Some((name, conversion)) => (name, conversion),
            None => (inside, "s"),
        };
        let value = self.look_up(name)?;
        match conversion {
            "s" => Ok(python::text(&value)),
            "r" => Ok(python::repr(&value)),
            _ => Err(Unfilled::Other),
        }
    }

    fn look_up(&self, name: &str) -> Result<Value, Unfilled> {
        let end = name.find(['.', '[']).unwrap_or(name.len());
        let (root, mut rest) = name.split_at(end);
        let mut current = match root {
            "node" => return self.look_up_node(rest),
            "inventory" => self.inventory.clone(),
            "plugin_data" => self.plugin_data.clone(),
            "item" => self.item.cloned().ok_or(Unfilled::Missing)?,
            // Arguments by place are not missing: there never are any.
            place if place.bytes().all(|b| b.is_ascii_digit()) => return Err(Unfilled::Other),
            _ => return Err(Unfilled::Missing),
        };
        let masked = self.masked && root != "item";
        while !rest.is_empty() {
            let (key, tail) = index(rest)?;
            current = member(&current, key, masked)?;
            rest = tail;
        }
        Ok(if masked { hidden(current) } else { current })
    }

    fn look_up_node(&self, rest: &str) -> Result<Value, Unfilled> {
        let rest = rest.strip_prefix('.').ok_or(Unfilled::Other)?;
        let end = rest.find(['.', '[']).unwrap_or(rest.len());
        let (name, mut rest) = rest.split_at(end);
        let mut current = field(self.node, name).ok_or(Unfilled::Other)?;
        while !rest.is_empty() {
            let (key, tail) = index(rest)?;
            current = member(&current, key, false)?;
            rest = tail;
        }
        Ok(current)
    }
}

/// `[key]` at the beginning of a text, and what follows.
fn index(text: &str) -> Result<(&str, &str), Unfilled> {
    let inside = text.strip_prefix('[').ok_or(Unfilled::Other)?;
    inside
        .split_once(']')
        .filter(|(key, _)| !key.is_empty())
        .ok_or(Unfilled::Other)
}

fn member(value: &Value, key: &str, masked: bool) -> Result<Value, Unfilled> {
    match value {
        Value::Object(members) => {
            // Digits are a number to Python, and no member has a number for a name.
            if key.bytes().all(|b| b.is_ascii_digit()) {
                return Err(Unfilled::Missing);
            }
            let found = members.get(key).ok_or(Unfilled::Missing)?;
            if masked && SECRETS.contains(&key) {
                return Ok(Value::from(MASK));
            }
            Ok(found.clone())
        }
        Value::Array(items) => {
            let at: usize = key.parse().map_err(|_| Unfilled::Other)?;
            items.get(at).cloned().ok_or(Unfilled::Other)
        }
        _ => Err(Unfilled::Other),
    }
}

/// A value with its secrets hidden.
fn hidden(value: Value) -> Value {
    match value {
        Value::Object(members) => Value::Object(
            members
                .into_iter()
                .map(|(key, value)| {
                    let value = if SECRETS.contains(&key.as_str()) {
                        Value::from(MASK)
                    } else {
                        hidden(value)
                    };
                    (key, value)
                })
                .collect(),
        ),
        Value::Array(items) => items.into_iter().map(hidden).collect(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use schemas_model::Uuid;
    use serde_json::json;

    fn fill(value: Value, item: Option<Value>, missing_is_null: bool) -> Value {
        let mut node = Node::new(Uuid::from_stored("u-1".to_owned()), "ipmi");
        node.driver_info.set("ipmi_address", "10.0.0.1");
        let inventory = json!({
            "cpu": {"architecture": "x86_64", "count": 4},
            "disks": [{"name": "/dev/sda"}],
            "bmc_password": "hunter2",
        });
        let context = Context {
            node: &node,
            inventory: &inventory,
            plugin_data: &json!({"a": {"password": "x"}}),
            item: item.as_ref(),
            masked: true,
            missing_is_null,
        };
        context.fill(&value)
    }

    #[test]
    fn placeholders_are_filled_in() {
        for (given, filled) in [
            (json!("{inventory[cpu][architecture]}"), json!("x86_64")),
            (json!("{inventory[cpu][count]} CPUs"), json!("4 CPUs")),
            (json!("{inventory[disks][0][name]}"), json!("/dev/sda")),
            (
                json!("{node.uuid}/{node.driver_info[ipmi_address]}"),
                json!("u-1/10.0.0.1"),
            ),
            (json!("{{x}}"), json!("{x}")),
            (json!(["{node.driver}", 1]), json!(["ipmi", 1])),
            (
                json!({"{node.driver}": "{node.uuid}"}),
                json!({"ipmi": "u-1"}),
            ),
            (json!("{node.driver!r}"), json!("'ipmi'")),
            (json!(5), json!(5)),
        ] {
            assert_eq!(fill(given.clone(), None, false), filled, "{given}");
        }
    }

    #[test]
    fn secrets_are_hidden() {
        assert_eq!(fill(json!("{inventory[bmc_password]}"), None, false), "***");
        let shown = fill(json!("{plugin_data}"), None, false);
        assert_eq!(shown, "{'a': {'password': '***'}}");
    }

    #[test]
    fn what_is_not_there_is_left_alone() {
        for text in [
            "{inventory[nosuch]}",
            "{node.nosuch}",
            "{}",
            "{",
            "}",
            "{0}",
            "{item}",
        ] {
            assert_eq!(fill(json!(text), None, false), text);
        }
        assert_eq!(fill(json!("{inventory[nosuch]}"), None, true), Value::Null);
        for text in ["{node.nosuch}", "{}", "{0}"] {
            assert_eq!(fill(json!(text), None, true), text);
        }
    }

    #[test]
    fn items_of_loops() {
        let item = json!({"name": "{node.uuid}"});
        assert_eq!(fill(json!("{item[name]}"), Some(item), false), "u-1");
    }
}
