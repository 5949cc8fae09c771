//! The fields of an inspection rule.
//!
//! What a rule may say is in [`schemas_model::rule`]; the rows here say what is shown and stored.
//! Links lead to `/v1/inspection/...`, where nothing is: a slip of the reference that clients have
//! got used to. Source: Ironic 39.0.0, `ironic.api.controllers.v1.inspection_rule`.

use schemas_model::{Array, Class, Fault, InspectionRule, rule};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use super::step::whole;
use crate::field::{Accept, Field, Json, Resource, Set, TEXT};
use crate::mask::is_truthy;
use crate::out::Out;
use crate::patch::Patch;
use crate::validate::{Members, flag, text};

/// An inspection rule in the API.
pub struct InspectionRuleResource;

type Row = Field<InspectionRuleResource>;

impl Resource for InspectionRuleResource {
    type View<'a> = &'a InspectionRule;
    type Model = InspectionRule;
    const NAME: &'static str = "inspection rule";
    const COLLECTION: &'static str = "inspection_rules";
    const SHORT: &'static [&'static str] = &["uuid", "priority", "phase", "description"];
    const FIELDS: &'static [Field<Self>] = &[
        Row::shown("uuid", Json::String, |r, out| out.text(r.uuid.as_str()))
            .resolved(Set::Both, TEXT),
        Row::shown("created_at", Json::String, |r, out| out.time(r.created_at)),
        Row::shown("updated_at", Json::String, |r, out| out.time(r.updated_at)),
        Row::shown("description", Json::String, |r, out| {
            out.maybe_text(r.description.as_deref());
        })
        .accept(Set::Both, TEXT.length(0, 255), |r, v| {
            r.description = text(v);
        }),
        Row::shown("priority", Json::Integer, |r, out| out.integer(r.priority)).accept(
            Set::Both,
            Accept::of(&[Json::Integer]),
            |r, v| r.priority = whole(v).unwrap_or_default(),
        ),
        Row::shown("sensitive", Json::Boolean, |r, out| {
            out.boolean(r.sensitive);
        })
        .accept(
            Set::Both,
            Accept::of(&[Json::Boolean, Json::Null]),
            |r, v| r.sensitive = flag(v),
        ),
        Row::shown("phase", Json::String, |r, out| {
            out.maybe_text(r.phase.as_deref());
        })
        .accept(Set::Both, TEXT.length(0, 16), |r, v| r.phase = text(v)),
        Row::shown("conditions", Json::Array, |r, out| {
            operations(r, &r.conditions, true, out);
        })
        .accept(Set::Both, Accept::of(&[Json::Array]), |r, v| {
            r.conditions = list(v);
        }),
        Row::shown("actions", Json::Array, |r, out| {
            operations(r, &r.actions, false, out);
        })
        .accept(Set::Both, Accept::of(&[Json::Array]), |r, v| {
            r.actions = list(v);
        })
        .required(),
        Row::shown("links", Json::Array, |r, out| {
            out.links(format_args!("inspection/{}", r.uuid));
        })
        .always(),
    ];
}

fn list(value: &Value) -> Array {
    Array::from_parsed(value.as_array().cloned().unwrap_or_default())
}

/// Conditions or actions: nothing but the members that mean something; null for sensitive rules.
fn operations(rule: &InspectionRule, list: &Array, conditions: bool, out: &mut Out<'_>) {
    if rule.sensitive {
        return out.null();
    }
    let stored = list.stored_text().unwrap_or_default();
    if let Ok(operations) = serde_json::from_str::<Vec<Operation<'_>>>(stored) {
        return write(&operations, conditions, out);
    }
    // Not stored yet, or with a member twice, of which the last counts.
    let text = serde_json::to_string(list.get()).unwrap_or_default();
    let operations: Vec<Operation<'_>> = serde_json::from_str(&text).unwrap_or_default();
    write(&operations, conditions, out);
}

/// A condition or an action. Its members stay the text they are: a list of rules is not to parse and
/// print what it only passes on.
#[derive(serde::Deserialize)]
struct Operation<'a> {
    #[serde(borrow)]
    op: Option<&'a RawValue>,
    #[serde(borrow)]
    args: Option<&'a RawValue>,
    #[serde(borrow)]
    r#loop: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "given")]
    multiple: Option<&'a RawValue>,
}

/// A member that is there, also when it is null.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'de RawValue>, D::Error> {
    Deserialize::deserialize(deserializer).map(Some)
}

fn write(operations: &[Operation<'_>], conditions: bool, out: &mut Out<'_>) {
    out.array(|out| {
        for operation in operations {
            out.item().object(|out| {
                out.key("op").value(&operation.op);
                out.key("args").value(&operation.args);
                let Some(around) = operation.r#loop.filter(says_something) else {
                    return;
                };
                out.key("loop").value(&around);
                match operation.multiple {
                    _ if !conditions => {}
                    Some(multiple) => out.key("multiple").value(&multiple),
                    None => out.key("multiple").text("any"),
                }
            });
        }
    });
}

fn says_something(text: &&RawValue) -> bool {
    serde_json::from_str(text.get()).is_ok_and(|value| is_truthy(&value))
}

/// Checks a create request.
///
/// # Errors
/// 400.
pub fn created(body: &Value) -> Result<Members, Fault> {
    let Value::Object(members) = body else {
        return Err(Fault::invalid_parameter(format!(
            "Schema error: {body} is not of type 'object'"
        )));
    };
    rule::check(members, rule::Origin::User)?;
    Ok(completed(members.clone()))
}

fn completed(mut members: Members) -> Members {
    if let Some(Value::Array(actions)) = members.get_mut("actions") {
        *actions = rule::filled_in(actions);
    }
    members
}

/// What is answered, after the rule was stored, to a request that left it without conditions. The
/// reference stores it and then fails to show it; a rule that applies to every node is seldom meant.
///
/// # Errors
/// 400.
pub fn check_shown(members: &Members) -> Result<(), Fault> {
    if members.contains_key("conditions") {
        return Ok(());
    }
    Err(Fault::invalid_parameter(
        "The rule was stored without 'conditions', which means that it applies to every node. \
         Delete it if that was not meant, or say 'conditions: []'.",
    ))
}

/// The document of a rule that patches are applied to, with what sensitive rules hide.
pub fn document(rule: &InspectionRule) -> Map<String, Value> {
    let pairs = [
        ("id", json!(rule.id.0)),
        ("uuid", json!(rule.uuid.as_str())),
        ("created_at", Value::Null),
        ("updated_at", Value::Null),
        ("description", json!(rule.description)),
        ("priority", json!(rule.priority)),
        ("scope", json!(rule.scope)),
        ("sensitive", json!(rule.sensitive)),
        ("phase", json!(rule.phase)),
        ("conditions", rule.conditions.to_value()),
        ("actions", rule.actions.to_value()),
    ];
    pairs
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// Applies a patch to the document of a rule and checks the result.
///
/// # Errors
/// 400; 404 when the UUID is another, because no such rule is there to be changed.
pub fn patched(rule: &InspectionRule, patch: &Patch) -> Result<Members, Fault> {
    let unset = patch.values("sensitive").next();
    if rule.sensitive && unset.is_some_and(|value| !value.is_null() && !is_truthy(value)) {
        return Err(Fault::new(
            Class::PatchError,
            "Couldn't apply patch. Reason: Inspection rules cannot have the sensitive flag unset.",
        ));
    }
    let mut members = patch.apply(document(rule))?;
    members.retain(|name, _| {
        InspectionRuleResource::field(name).is_some_and(|field| field.accept.is_some())
    });
    rule::check(&members, rule::Origin::User)?;
    match members.get("uuid") {
        Some(Value::String(uuid)) if uuid == rule.uuid.as_str() => {}
        Some(Value::String(uuid)) if schemas_model::Uuid::is_like(uuid) => {
            return Err(Fault::new(
                Class::InspectionRuleNotFound,
                format!("Rule {uuid} could not be found."),
            ));
        }
        other => {
            return Err(Fault::invalid_parameter(format!(
                "Expected UUID for uuid: {}",
                other.unwrap_or(&Value::Null)
            )));
        }
    }
    Ok(completed(members))
}

#[cfg(test)]
mod tests {
    use super::*;
    use schemas_model::Uuid;
    use schemas_model::ids::InspectionRuleId;

    fn rule(sensitive: bool) -> InspectionRule {
        InspectionRule {
            id: InspectionRuleId(1),
            uuid: Uuid::from_stored("c0de0000-0000-4000-8000-0000000001cc".to_owned()),
            priority: 0,
            description: Some("p".to_owned()),
            scope: None,
            sensitive,
            phase: Some("main".to_owned()),
            conditions: Array::default(),
            actions: Array::from_text(r#"[{"op": "fail", "args": {"msg": "x"}}]"#),
            created_at: None,
            updated_at: None,
        }
    }

    fn applied(rule: &InspectionRule, patch: Value) -> Result<Members, u16> {
        Patch::parse(&patch)
            .and_then(|patch| patched(rule, &patch))
            .map_err(|fault| fault.code())
    }

    #[test]
    fn patches_that_pass() {
        let after = applied(
            &rule(false),
            json!([{"op": "replace", "path": "/actions/0/args/msg", "value": "y"}]),
        );
        assert_eq!(after.unwrap()["actions"][0]["args"]["msg"], "y");
        for patch in [
            json!([]),
            json!([{"op": "remove", "path": "/priority"}]),
            json!([{"op": "remove", "path": "/phase"}]),
            json!([{"op": "replace", "path": "/scope", "value": "x"}]),
            json!([{"op": "replace", "path": "/created_at", "value": 7}]),
            json!([{"op": "replace", "path": "/sensitive", "value": null}]),
        ] {
            assert!(applied(&rule(false), patch.clone()).is_ok(), "{patch}");
        }
    }

    #[test]
    fn patches_that_are_refused() {
        for (patch, code) in [
            (json!([{"op": "add", "path": "/nosuch", "value": 1}]), 400),
            (json!([{"op": "remove", "path": "/links"}]), 400),
            (json!([{"op": "remove", "path": "/actions"}]), 400),
            (
                json!([{"op": "replace", "path": "/phase", "value": "early"}]),
                400,
            ),
            (
                json!([{"op": "replace", "path": "/priority", "value": "x"}]),
                400,
            ),
            (
                json!([{"op": "replace", "path": "/uuid", "value": "x"}]),
                400,
            ),
            (
                json!([{"op": "replace", "path": "/uuid",
                        "value": "c0de0000-0000-4000-8000-0000000001ce"}]),
                404,
            ),
        ] {
            assert_eq!(applied(&rule(false), patch.clone()), Err(code), "{patch}");
        }
    }

    #[test]
    fn rules_without_conditions_are_told_about() {
        let gone = json!([{"op": "remove", "path": "/conditions"}]);
        let members = applied(&rule(false), gone).unwrap();
        assert_eq!(check_shown(&members).unwrap_err().code(), 400);
        assert!(check_shown(&applied(&rule(false), json!([])).unwrap()).is_ok());
    }

    #[test]
    fn operations_are_shown_as_they_are_stored() {
        let shown = |stored: Array, conditions: bool| {
            let mut out = Out::new("", crate::Version::MAX);
            operations(&rule(false), &stored, conditions, &mut out);
            serde_json::from_slice::<Value>(&out.finish()).unwrap()
        };
        for (stored, expected) in [
            (
                r#"[{"op": "eq", "args": {"v": [1.50, "\u00e9"]}, "loop": [], "multiple": "all"}]"#,
                json!([{"op": "eq", "args": {"v": [1.5, "é"]}}]),
            ),
            (
                r#"[{"op": "eq", "args": {}, "loop": ["a"]}]"#,
                json!([{"op": "eq", "args": {}, "loop": ["a"], "multiple": "any"}]),
            ),
            (
                r#"[{"args": {}, "loop": {"a": 1}, "multiple": null}]"#,
                json!([{"op": null, "args": {}, "loop": {"a": 1}, "multiple": null}]),
            ),
            (
                r#"[{"op": "eq", "op": "ne", "args": {}}]"#,
                json!([{"op": "ne", "args": {}}]),
            ),
            ("null", json!([])),
        ] {
            assert_eq!(shown(Array::from_text(stored), true), expected, "{stored}");
        }
        let made = Array::from_parsed(vec![
            json!({"op": "fail", "args": {"msg": "x"}, "loop": [1]}),
        ]);
        let expected = json!([{"op": "fail", "args": {"msg": "x"}, "loop": [1]}]);
        assert_eq!(shown(made, false), expected);
    }

    #[test]
    fn sensitive_rules_stay_sensitive() {
        let unset = json!([{"op": "replace", "path": "/sensitive", "value": false}]);
        assert_eq!(applied(&rule(true), unset.clone()), Err(400));
        assert!(applied(&rule(false), unset).is_ok());
    }
}
