//! The fields of an allocation.
//!
//! Source: Ironic 39.0.0, `ironic.api.controllers.v1.allocation`.

use schemas_model::{Allocation, Fault};
use serde_json::{Map, Value};

use crate::field::{Accept, Field, Json, OBJECT, Resource, Set, TEXT};
use crate::params::not_acceptable;
use crate::validate::{doc, text};
use crate::versions::{Feature, Version};

/// An allocation in the API.
pub struct AllocationResource;

type Row = Field<AllocationResource>;

/// An allocation and what had to be looked up beside it.
#[derive(Clone, Copy, Debug)]
pub struct AllocationView<'a> {
    /// The allocation.
    pub allocation: &'a Allocation,
    /// The UUID of the node it got.
    pub node_uuid: Option<&'a str>,
}

const LIST: Accept = Accept::of(&[Json::Array, Json::Null]);

const fn words(name: &'static str, show: crate::field::Show<AllocationResource>) -> Row {
    Row::shown(name, Json::String, show)
}

impl Resource for AllocationResource {
    type View<'a> = AllocationView<'a>;
    type Model = Allocation;
    const NAME: &'static str = "allocation";
    const COLLECTION: &'static str = "allocations";
    // Lists of allocations are never short.
    const SHORT: &'static [&'static str] = &[];
    const FIELDS: &'static [Field<Self>] = &[
        words("uuid", |v, out| out.text(v.allocation.uuid.as_str()))
            // Any text will do (Ironic 39.0.0, observed); the empty one stands for a new UUID.
            .resolved(Set::Create, TEXT),
        words("created_at", |v, out| out.time(v.allocation.created_at)),
        words("updated_at", |v, out| out.time(v.allocation.updated_at)),
        words("name", |v, out| {
            out.maybe_text(v.allocation.name.as_deref());
        })
        .accept(Set::Both, TEXT, |a, v| a.name = text(v)),
        Row::shown("candidate_nodes", Json::Array, |v, out| {
            out.texts(&v.allocation.candidate_nodes);
        })
        .resolved(Set::Create, LIST.check(candidates)),
        Row::shown("extra", Json::Object, |v, out| out.doc(&v.allocation.extra)).accept(
            Set::Both,
            OBJECT,
            |a, v| a.extra = doc(v),
        ),
        words("last_error", |v, out| {
            out.maybe_text(v.allocation.last_error.as_deref());
        }),
        words("node_uuid", |v, out| out.maybe_text(v.node_uuid)).unsortable(),
        Row {
            set: Set::Create,
            ..Row::hidden("node", Json::String, TEXT)
        },
        words("owner", |v, out| {
            out.maybe_text(v.allocation.owner.as_deref());
        })
        .since(Feature::AllocationOwner)
        .ungated()
        .accept(Set::Create, TEXT, |a, v| a.owner = text(v)),
        words("resource_class", |v, out| {
            out.maybe_text(v.allocation.resource_class.as_deref());
        })
        .accept(Set::Create, TEXT.length(0, 80), |a, v| {
            a.resource_class = text(v);
        }),
        words("state", |v, out| out.text(v.allocation.state.as_str())),
        Row::shown("traits", Json::Array, |v, out| {
            out.texts(&v.allocation.traits);
        })
        .accept(Set::Create, LIST.check(traits), |a, v| a.traits = texts(v)),
        Row::shown("links", Json::Array, |v, out| {
            out.links(format_args!("allocations/{}", v.allocation.uuid));
        })
        .always(),
    ];
}

/// The texts of a checked list; none for null.
pub fn texts(value: &Value) -> Vec<String> {
    value
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default()
        .iter()
        .filter_map(text)
        .collect()
}

fn candidates(name: &str, value: Value) -> Result<Value, Fault> {
    each(name, value, |text| {
        if crate::ident::is_uuid_or_name(text) {
            Ok(())
        } else {
            Err(Fault::invalid_parameter(format!(
                "Schema error for {name}: '{text}' is neither a UUID nor a name"
            )))
        }
    })
}

fn traits(name: &str, value: Value) -> Result<Value, Fault> {
    each(name, value, crate::traits::check)
}

fn each(
    name: &str,
    value: Value,
    check: impl Fn(&str) -> Result<(), Fault>,
) -> Result<Value, Fault> {
    for item in value.as_array().map(Vec::as_slice).unwrap_or_default() {
        let text = item.as_str().ok_or_else(|| {
            Fault::invalid_parameter(format!(
                "Schema error for {name}: {item} is not of type 'string'"
            ))
        })?;
        check(text)?;
    }
    Ok(value)
}

/// Refuses members that are newer than the version: a node to backfill is unknown (400), an owner
/// unacceptable (406), even one that is null.
///
/// # Errors
/// 400 or 406.
pub fn check_created(body: &Map<String, Value>, version: Version) -> Result<(), Fault> {
    if body.contains_key("node") && !version.allows(Feature::AllocationBackfill) {
        return Err(Fault::invalid_parameter(
            "Schema error: Additional properties are not allowed ('node' was unexpected)",
        ));
    }
    Ok(())
}

/// As [`check_created`], once the policy has allowed the request.
///
/// # Errors
/// 406.
pub fn gate_owner(body: &Map<String, Value>, version: Version) -> Result<(), Fault> {
    if body.contains_key("owner") && !version.allows(Feature::AllocationOwner) {
        return Err(not_acceptable("Request not acceptable."));
    }
    Ok(())
}

/// Refuses a choice of fields with an owner before there were any.
///
/// # Errors
/// 400.
pub fn check_selected(names: &[String], version: Version) -> Result<(), Fault> {
    let owner = names.iter().any(|name| name == "owner");
    if owner && !version.allows(Feature::AllocationOwner) {
        return Err(Fault::invalid_parameter("Field(s) \"owner\" are not valid"));
    }
    Ok(())
}

/// Refuses values that no patch of an allocation can have: lists and fractions.
///
/// # Errors
/// 400.
pub fn check_patch_values(patch: &Value) -> Result<(), Fault> {
    let wrong = |value: &&Value| {
        value.is_array() || value.as_f64().is_some_and(|number| number.fract() != 0.0)
    };
    let items = patch.as_array().map(Vec::as_slice).unwrap_or_default();
    match items
        .iter()
        .filter_map(|item| item.get("value"))
        .find(wrong)
    {
        None => Ok(()),
        Some(value) => Err(Fault::invalid_parameter(format!(
            "Schema error: {value} is not of type 'string', 'object', 'null', 'integer', 'boolean'"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate;
    use serde_json::json;

    fn created(body: Value) -> Result<validate::Members, u16> {
        validate::create::<AllocationResource>(body).map_err(|fault| fault.code())
    }

    #[test]
    fn lists_hold_what_they_should() {
        assert!(created(json!({"candidate_nodes": null, "traits": []})).is_ok());
        assert!(created(json!({"candidate_nodes": ["n-1"], "traits": ["CUSTOM_A"]})).is_ok());
        for bad in [
            json!({"candidate_nodes": "x"}),
            json!({"candidate_nodes": [5]}),
            json!({"candidate_nodes": ["a b"]}),
            json!({"traits": ["bad"]}),
            json!({"resource_class": "r".repeat(81)}),
            json!({"node_uuid": "x"}),
            json!({"state": "active"}),
            json!([]),
        ] {
            assert_eq!(created(bad.clone()), Err(400), "{bad}");
        }
    }

    #[test]
    fn gates() {
        let check = |body: Value, version: Version| {
            let body = body.as_object().unwrap().clone();
            check_created(&body, version)
                .and_then(|()| gate_owner(&body, version))
                .map_err(|fault| fault.code())
        };
        let early = Version::of(Feature::Allocation);
        assert_eq!(check(json!({"node": null}), early), Err(400));
        assert_eq!(check(json!({"owner": null}), early), Err(406));
        assert_eq!(
            check(json!({"node": "n", "owner": "o"}), Version::MAX),
            Ok(())
        );
    }

    #[test]
    fn owners_cannot_be_chosen_before_there_were_any() {
        let names = ["owner".to_owned()];
        let early = Version::of(Feature::Allocation);
        assert_eq!(check_selected(&names, early).unwrap_err().code(), 400);
        assert!(check_selected(&names, Version::MAX).is_ok());
    }

    #[test]
    fn patches_hold_no_lists() {
        let patch = |value: Value| json!([{"op": "add", "path": "/extra/a", "value": value}]);
        assert!(check_patch_values(&patch(json!([]))).is_err());
        assert!(check_patch_values(&patch(json!(1.5))).is_err());
        assert!(check_patch_values(&patch(json!({"a": [1]}))).is_ok());
    }
}
