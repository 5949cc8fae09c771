//! Rules from the file of `[inspection_rules]built_in_rules`, once it is read and parsed.

use schemas_model::rule::{self, Origin};
use schemas_model::{Class, Fault};
use serde_json::{Map, Value};

use super::engine::Rule;

/// The rules of a parsed file: a list. Rules without a UUID get one by their place.
///
/// # Errors
/// `IronicException` when it is no list; what is wrong with the first rule that is.
pub fn rules(file: &Value) -> Result<Vec<Rule>, Fault> {
    let Value::Array(items) = file else {
        return Err(Fault::new(
            Class::IronicException,
            "The file of built-in inspection rules should contain a list of rules.",
        ));
    };
    let mut unnamed = 0_u64;
    let mut rules = Vec::with_capacity(items.len());
    for item in items {
        let given = item.as_object().ok_or_else(|| {
            Fault::invalid("A built-in inspection rule should be a mapping of its fields.")
        })?;
        let uuid = match given.get("uuid").and_then(Value::as_str) {
            Some(uuid) => uuid.to_owned(),
            None => {
                let uuid = format!("00000000-0000-0000-0000-{unnamed:012x}");
                unnamed += 1;
                uuid
            }
        };
        rules.push(read(given, uuid)?);
    }
    Ok(rules)
}

/// Members the reference does not know are ignored.
const KNOWN: &[&str] = &[
    "priority",
    "description",
    "sensitive",
    "phase",
    "actions",
    "conditions",
];

fn read(given: &Map<String, Value>, uuid: String) -> Result<Rule, Fault> {
    let mut known = given.clone();
    known.retain(|name, _| KNOWN.contains(&name.as_str()));
    rule::check(&known, Origin::BuiltIn)?;
    let list = |name: &str| known.get(name).and_then(Value::as_array).cloned();
    Ok(Rule {
        uuid,
        priority: known
            .get("priority")
            .and_then(Value::as_f64)
            .map_or(0, |priority| priority as i64),
        sensitive: known.get("sensitive").and_then(Value::as_bool) == Some(true),
        conditions: list("conditions").unwrap_or_default(),
        actions: rule::filled_in(&list("actions").unwrap_or_default()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn rules_get_names_and_may_be_very_important() {
        let action = json!({"op": "fail", "args": {"msg": "x"}});
        let rules = rules(&json!([
            {"actions": [action], "priority": 20000},
            {"uuid": "u-1", "actions": [action], "colour": "red"},
            {"actions": [action]},
        ]))
        .unwrap();
        let uuids: Vec<&str> = rules.iter().map(|rule| rule.uuid.as_str()).collect();
        assert_eq!(
            uuids,
            [
                "00000000-0000-0000-0000-000000000000",
                "u-1",
                "00000000-0000-0000-0000-000000000001"
            ]
        );
        assert_eq!(rules[0].priority, 20000);
    }

    #[test]
    fn malformed_files_are_refused() {
        for file in [
            json!({}),
            json!(["x"]),
            json!([{"actions": []}]),
            json!([{"actions": [{"op": "nosuch", "args": {}}]}]),
        ] {
            assert!(rules(&file).is_err(), "{file}");
        }
    }
}
