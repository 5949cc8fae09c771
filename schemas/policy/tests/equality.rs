//! The table of rules is that of Ironic 39.0.0: names, checks, scopes, operations, rules of old.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use schemas_policy::{Check, Rule, Scope};
use serde_json::Value;

fn reference() -> Vec<Value> {
    serde_json::from_str(include_str!("data/ironic-39.0.0-policies.json")).unwrap()
}

fn texts(value: &Value) -> Vec<&str> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

#[test]
fn every_rule_is_ironic_s() {
    let reference = reference();
    assert_eq!(reference.len(), 133);
    let names: Vec<_> = reference
        .iter()
        .map(|rule| rule["name"].as_str().unwrap())
        .collect();
    let ours: Vec<_> = Rule::ALL.iter().map(|rule| rule.name()).collect();
    assert_eq!(ours, names);
    for (theirs, rule) in reference.iter().zip(Rule::ALL) {
        let row = rule.row();
        assert_eq!(row.check, theirs["check"], "{rule}");
        let scopes: Vec<_> = row.scopes.iter().copied().map(Scope::as_str).collect();
        assert_eq!(scopes, texts(&theirs["scopes"]), "{rule}");
        assert_eq!(row.operations, texts(&theirs["operations"]), "{rule}");
        let was: Vec<_> = row
            .was
            .iter()
            .flat_map(|was| [was.name, was.check])
            .collect();
        assert_eq!(was, texts(&theirs["was"]), "{rule}");
        assert_eq!(Rule::named(row.name), Some(*rule));
    }
}

#[test]
fn every_check_is_understood() {
    for rule in Rule::ALL {
        let row = rule.row();
        for text in [row.check].into_iter().chain(row.was.map(|was| was.check)) {
            let understood = Check::parse(text) != Check::Never || text == "!";
            assert!(understood, "{rule}: {text}");
        }
    }
}
