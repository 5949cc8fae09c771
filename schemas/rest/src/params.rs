//! Parameters of a request, checked against the rows of its operation.
//!
//! A parameter comes from the query (text, or a list when repeated) or from the members of a
//! keyword body (any JSON). Order of checks: unknown ones, then each row's kind, all 400; version
//! gates ([`Arguments::gate`]) come when the handler says so.

use std::collections::BTreeMap;

use schemas_model::{Class, Fault, Uuid};
use serde_json::Value;

use crate::ident;
use crate::operations::{Early, Kind, Operation, Param};
use crate::versions::Version;

/// The raw parameters of a request, by name.
pub type Raw = BTreeMap<String, Value>;

/// Adds a parameter; the same name twice makes a list.
pub fn add(raw: &mut Raw, name: String, value: Value) {
    match raw.get_mut(&name) {
        None => {
            raw.insert(name, value);
        }
        Some(Value::Array(list)) => list.push(value),
        Some(first) => {
            let earlier = first.take();
            *first = Value::Array(vec![earlier, value]);
        }
    }
}

/// Reads a query string (or a form body): `a=1&b=2`, percent-encoded, `+` for blank.
pub fn parse_query(query: &str) -> Raw {
    let mut raw = Raw::new();
    let decode = |text: &str| {
        let spaced = text.replace('+', " ");
        percent_encoding::percent_decode_str(&spaced)
            .decode_utf8_lossy()
            .into_owned()
    };
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        add(&mut raw, decode(name), Value::String(decode(value)));
    }
    raw
}

/// A checked parameter.
#[derive(Clone, Debug, PartialEq)]
enum Argument {
    Text(String),
    Boolean(bool),
    Integer(i64),
    List(Vec<String>),
    Json(Value),
}

/// The checked parameters of a request.
#[derive(Debug)]
pub struct Arguments {
    operation: &'static Operation,
    values: BTreeMap<&'static str, Argument>,
    /// Parameters that the operation passes on unchecked.
    pub others: Raw,
}

/// Checks the parameters of a request.
///
/// # Errors
/// `InvalidParameterValue` for unknown ones and wrong kinds, `MissingParameterValue` for a
/// mandatory one that is absent.
pub fn check(operation: &'static Operation, mut raw: Raw) -> Result<Arguments, Fault> {
    let known = |name: &str| operation.params.iter().any(|param| param.name == name);
    if !operation.open_params
        && let Some(name) = raw.keys().find(|name| !known(name))
    {
        return Err(Fault::invalid_parameter(format!(
            "Unexpected arguments: {name}"
        )));
    }
    let mut values = BTreeMap::new();
    for param in operation.params {
        match raw.remove(param.name) {
            None if param.required => return Err(missing(param.name)),
            None | Some(Value::Null) => {}
            Some(value) => {
                values.insert(param.name, convert(param, value)?);
            }
        }
    }
    Ok(Arguments {
        operation,
        values,
        others: raw,
    })
}

/// The failure of a mandatory parameter that is absent.
pub fn missing(name: &str) -> Fault {
    Fault::missing_parameter(format!("Missing mandatory parameter: {name}"))
}

fn convert(param: &Param, value: Value) -> Result<Argument, Fault> {
    let name = param.name;
    let wrong = |what: &str, value: &Value| {
        // A password is not repeated, not even to who sent it.
        match crate::mask::SECRET_WORDS
            .iter()
            .any(|word| name.contains(word))
        {
            true => Fault::invalid_parameter(format!("Expected {what} for {name}")),
            false => Fault::invalid_parameter(format!("Expected {what} for {name}: {value}")),
        }
    };
    let text = |value: &Value, what: &str, fits: fn(&str) -> bool| match value {
        Value::String(text) if fits(text) => Ok(Argument::Text(text.clone())),
        other => Err(wrong(what, other)),
    };
    match param.kind {
        Kind::Json => Ok(Argument::Json(value)),
        Kind::Text => text(&value, "string", |_| true),
        Kind::Uuid => text(&value, "UUID", Uuid::is_like),
        Kind::Name => text(&value, "name", ident::is_logical_name),
        Kind::UuidOrName => text(&value, "UUID or name", ident::is_uuid_or_name),
        Kind::HostPort => text(&value, "host", ident::is_host_port),
        Kind::Mac => value
            .as_str()
            .and_then(ident::mac)
            .map(Argument::Text)
            .ok_or_else(|| wrong("valid MAC address", &value)),
        Kind::Boolean => boolean(&value)
            .map(Argument::Boolean)
            .ok_or_else(|| wrong("a boolean", &value)),
        Kind::Integer => integer(&value)
            .map(Argument::Integer)
            .ok_or_else(|| wrong("an integer", &value)),
        Kind::List => list(&value)
            .map(Argument::List)
            .ok_or_else(|| wrong("a list of strings", &value)),
    }
}

/// A boolean as oslo reads it from JSON: true, false, or a word or number for them.
pub fn boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(word) => ident::boolean(word),
        Value::Number(number) => ident::boolean(&number.to_string()),
        _ => None,
    }
}

/// A number as Python's `int()` reads it.
fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Bool(flag) => Some(i64::from(*flag)),
        Value::Number(number) => number
            .as_i64()
            .or_else(|| number.as_f64().map(|float| float.trunc() as i64)),
        Value::String(text) => python_integer(text.trim()),
        _ => None,
    }
}

/// Text as `int()` reads it: full-width digits, and single `_` between digits. What is too large
/// is cut to what fits; no parameter takes as much.
pub(crate) fn python_integer(text: &str) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let mut number = 0_i64;
    let mut after_digit = false;
    for c in digits.chars() {
        let digit = match c {
            '\u{FF10}'..='\u{FF19}' => u32::from(c) - 0xFF10,
            '_' if after_digit => {
                after_digit = false;
                continue;
            }
            _ => c.to_digit(10)?,
        };
        after_digit = true;
        number = number.saturating_mul(10).saturating_add(i64::from(digit));
    }
    after_digit.then_some(if negative { -number } else { number })
}

/// A comma list, or a list of strings; lower-cased and without repetition when it was text.
fn list(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::String(text) => {
            let mut items: Vec<String> = Vec::new();
            for item in text.split(',').map(|item| item.trim().to_lowercase()) {
                if !item.is_empty() && !items.contains(&item) {
                    items.push(item);
                }
            }
            Some(items)
        }
        Value::Array(items) => items
            .iter()
            .map(|item| item.as_str().map(str::to_owned))
            .collect(),
        _ => None,
    }
}

impl Arguments {
    /// A text parameter.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.values.get(name) {
            Some(Argument::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// A UUID parameter.
    pub fn uuid(&self, name: &str) -> Option<Uuid> {
        self.text(name).and_then(|text| Uuid::parse(text).ok())
    }

    /// A boolean parameter.
    pub fn boolean(&self, name: &str) -> Option<bool> {
        match self.values.get(name) {
            Some(Argument::Boolean(flag)) => Some(*flag),
            _ => None,
        }
    }

    /// A number.
    pub fn integer(&self, name: &str) -> Option<i64> {
        match self.values.get(name) {
            Some(Argument::Integer(number)) => Some(*number),
            _ => None,
        }
    }

    /// A list.
    pub fn list(&self, name: &str) -> Option<&[String]> {
        match self.values.get(name) {
            Some(Argument::List(list)) => Some(list),
            _ => None,
        }
    }

    /// A JSON value.
    pub fn json(&self, name: &str) -> Option<&Value> {
        match self.values.get(name) {
            Some(Argument::Json(value)) => Some(value),
            _ => None,
        }
    }

    /// Refuses parameters that are newer than the version.
    ///
    /// # Errors
    /// 406 or 400, as the parameter's row says.
    pub fn gate(&self, version: Version) -> Result<(), Fault> {
        for param in self.operation.params {
            let Some((since, early)) = param.since else {
                continue;
            };
            if version.allows(since) || self.is_blank(param.name) {
                continue;
            }
            return Err(match early {
                Early::NotAcceptable => not_acceptable(format!(
                    "Request not acceptable. {} needs API version {since} or newer.",
                    param.name
                )),
                Early::BadRequest => Fault::invalid_parameter(format!(
                    "Invalid query parameter {}: it needs API version {since} or newer.",
                    param.name
                )),
            });
        }
        Ok(())
    }

    /// Absent, or the kind of empty that Ironic's version checks overlook.
    fn is_blank(&self, name: &str) -> bool {
        match self.values.get(name) {
            None => true,
            Some(Argument::Integer(0)) => name == "timeout",
            _ => false,
        }
    }
}

/// 406.
pub fn not_acceptable(message: impl Into<std::borrow::Cow<'static, str>>) -> Fault {
    Fault::new(Class::NotAcceptable, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::{OperationId, operations};
    use serde_json::json;

    fn node_list() -> &'static Operation {
        operations()
            .map(|(_, op)| op)
            .find(|op| op.id == OperationId::NodeList)
            .unwrap()
    }

    #[test]
    fn repeated_parameters_are_lists() {
        let raw = parse_query("fields=uuid&fields=name&limit=1");
        let arguments = check(node_list(), raw).unwrap();
        assert_eq!(arguments.list("fields").unwrap(), ["uuid", "name"]);
        assert_eq!(arguments.integer("limit"), Some(1));
        assert!(check(node_list(), parse_query("limit=1&limit=2")).is_err());
    }

    #[test]
    fn unknown_parameters_are_refused() {
        let fault = check(node_list(), parse_query("colour=red")).unwrap_err();
        assert_eq!(fault.code(), 400);
    }

    #[test]
    fn gates_follow_the_rows() {
        let arguments = check(node_list(), parse_query("detail=true")).unwrap();
        assert_eq!(arguments.gate(Version::MIN).unwrap_err().code(), 400);
        let arguments = check(node_list(), parse_query("owner=x")).unwrap();
        assert_eq!(arguments.gate(Version::MIN).unwrap_err().code(), 406);
        assert!(arguments.gate(Version::MAX).is_ok());
    }

    #[test]
    fn kinds() {
        assert_eq!(boolean(&json!("Yes")), Some(true));
        assert_eq!(boolean(&json!(1)), Some(true));
        assert_eq!(boolean(&json!([])), None);
        assert_eq!(integer(&json!(" +5 ")), Some(5));
        assert_eq!(integer(&json!("1_0")), Some(10));
        assert_eq!(integer(&json!("9".repeat(30))), Some(i64::MAX));
        for text in ["", "-", "_1", "1_", "1__0", "1.5", "0x1"] {
            assert_eq!(integer(&json!(text)), None, "{text}");
        }
        assert_eq!(integer(&json!(5.7)), Some(5));
        assert_eq!(
            list(&json!("A, b,,a")),
            Some(vec!["a".to_owned(), "b".to_owned()])
        );
    }
}
