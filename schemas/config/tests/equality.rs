//! Every option of Ironic 39.0.0 is known, with the same type, default, limits, words, old names.
//!
//! `data/ironic-39.0.0-options.json` was read off Ironic's own option definitions (and those of the
//! libraries that it uses, but for Kafka's). Deviations are listed here, each with its reason.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};

use schemas_config::dump::{self, DumpedOption};
use serde_json::Value;

/// Defaults that Ironic changes when it starts.
const SET_AT_START: &[(&str, &str, Option<&str>)] = &[
    ("DEFAULT", "control_exchange", Some("ironic")),
    ("json_rpc", "timeout", Some("120.0")),
    ("json_rpc", "auth_type", Some("password")),
    ("json_rpc", "valid_interfaces", Some("internal,public")),
    ("ironic_networking_json_rpc", "timeout", Some("120.0")),
    ("ironic_networking_json_rpc", "auth_type", Some("password")),
];

/// Defaults that the definitions show as examples only.
const EXAMPLES: &[(&str, &str, Option<&str>)] = &[
    ("DEFAULT", "my_ipv6", None),
    ("console", "port_range", None),
    ("inspector", "physical_network_cidr_map", Some("")),
    ("oslo_messaging_rabbit", "hostname", None),
    ("oslo_messaging_rabbit", "processname", None),
];

/// Old names beyond those of Ironic 39.0.0, which deployment tools still write.
const MORE_OLD_NAMES: &[&str] = &["conductor.send_sensor_data", "ssl."];

fn reference() -> Vec<Value> {
    serde_json::from_str(include_str!("data/ironic-39.0.0-options.json")).unwrap()
}

fn ours() -> BTreeMap<(&'static str, &'static str), DumpedOption> {
    dump::options()
        .map(|option| ((option.section, option.row.name), option))
        .collect()
}

/// Calls `check` for each option of the reference with ours, and shows what it says.
fn compare(check: impl Fn(&Value, &DumpedOption) -> Option<String>) {
    let ours = ours();
    let mut differences = Vec::new();
    for theirs in reference() {
        let (section, name) = key(&theirs);
        match ours.get(&(section, name)) {
            None => differences.push(format!("[{section}]{name} is not known")),
            Some(option) => {
                differences.extend(
                    check(&theirs, option).map(|text| format!("[{section}]{name}: {text}")),
                );
            }
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

fn key(theirs: &Value) -> (&str, &str) {
    (
        theirs["section"].as_str().unwrap(),
        theirs["name"].as_str().unwrap(),
    )
}

#[test]
fn kinds() {
    compare(|theirs, ours| {
        let theirs = match theirs["type"].as_str().unwrap() {
            // keystoneauth's plugin options have no type: they are text.
            "type" => "String",
            other => other,
        };
        let ours = serde_json::to_value(ours.row.kind).unwrap();
        (ours != theirs).then(|| format!("{ours} instead of {theirs}"))
    });
}

#[test]
fn defaults() {
    compare(|theirs, ours| {
        let deviation = SET_AT_START
            .iter()
            .chain(EXAMPLES)
            .find(|(section, name, ..)| (*section, *name) == (ours.section, ours.row.name));
        let expected = match deviation {
            Some((_, _, default)) => default.map(str::to_owned),
            None => as_text(&theirs["default"]),
        };
        // An empty list that may be repeated is the same as an unset one.
        let found = match ours.section_default {
            None if ours.row.multi => Some(String::new()),
            other => other.map(str::to_owned),
        };
        (!same(&expected, &found)).then(|| format!("{found:?} instead of {expected:?}"))
    });
}

/// A default as it would be written in a file.
fn as_text(default: &Value) -> Option<String> {
    Some(match default {
        Value::Null => return None,
        Value::Bool(value) => value.to_string(),
        Value::Number(value) => value.to_string(),
        Value::String(value) => value.clone(),
        Value::Array(items) => items
            .iter()
            .filter_map(as_text)
            .collect::<Vec<_>>()
            .join(","),
        Value::Object(pairs) => pairs
            .iter()
            .filter_map(|(key, value)| as_text(value).map(|value| format!("{key}:{value}")))
            .collect::<Vec<_>>()
            .join(","),
    })
}

/// Numbers are compared as numbers: 60 is 60.0.
fn same(a: &Option<String>, b: &Option<String>) -> bool {
    let number = |text: &Option<String>| text.as_deref().and_then(|text| text.parse::<f64>().ok());
    a == b || (number(a).is_some() && number(a) == number(b))
}

#[test]
fn limits() {
    compare(|theirs, ours| {
        let port = ours.row.kind == schemas_config::Kind::Port;
        let limit = |name: &str| theirs[name].as_f64().filter(|_| !port);
        let theirs = (limit("min"), limit("max"));
        let ours = (ours.row.min, ours.row.max);
        (ours != theirs).then(|| format!("{ours:?} instead of {theirs:?}"))
    });
}

#[test]
fn words() {
    compare(|theirs, ours| {
        let theirs: BTreeSet<_> = match theirs["choices"].as_array() {
            Some(words) => words.iter().filter_map(Value::as_str).collect(),
            // The reference has the words of lists nowhere.
            None if ours.row.kind == schemas_config::Kind::List => return None,
            None => BTreeSet::new(),
        };
        let ours: BTreeSet<_> = ours.row.choices.iter().copied().collect();
        (ours != theirs).then(|| format!("{ours:?} instead of {theirs:?}"))
    });
}

#[test]
fn old_names() {
    compare(|theirs, ours| {
        let theirs: BTreeSet<_> = theirs["deprecated"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|name| name.as_str().map(str::to_owned))
            .collect();
        let ours: BTreeSet<_> = ours
            .row
            .deprecated
            .iter()
            .map(|(section, name)| format!("{}.{name}", section.unwrap_or(ours.section)))
            .filter(|name| !MORE_OLD_NAMES.iter().any(|more| name.starts_with(more)))
            .collect();
        (ours != theirs).then(|| format!("{ours:?} instead of {theirs:?}"))
    });
}

#[test]
fn flags() {
    compare(|theirs, ours| {
        let flag = |name: &str| theirs[name].as_bool().unwrap_or(false);
        let theirs = (flag("mutable"), flag("removal"));
        let mine = (ours.row.mutable, ours.row.to_be_removed);
        if flag("secret") && !ours.row.secret {
            return Some("is secret".to_owned());
        }
        (mine != theirs).then(|| format!("{mine:?} instead of {theirs:?}"))
    });
}

#[test]
fn all_of_them() {
    assert!(reference().len() > 1000, "the reference is whole");
}
