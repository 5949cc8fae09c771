//! The fields of a runbook.
//!
//! Source: Ironic 39.0.0, `ironic.api.controllers.v1.runbook`. Members that are newer than the
//! version are unknown (400), not unacceptable (406), here.

use schemas_model::{Fault, Runbook, RunbookStep};
use serde_json::{Map, Value};

use super::step;
use crate::field::{Accept, Field, Json, NEEDED_TEXT, OBJECT, Resource, Set, TEXT, UUID};
use crate::patch::Patch;
use crate::schema;
use crate::validate::{Members, doc, flag, text};
use crate::versions::{Feature, Version};

/// A runbook in the API.
pub struct RunbookResource;

type Row = Field<RunbookResource>;

/// The name of a step's number.
const NUMBER: &str = "order";

const YES_NO: Accept = Accept::of(&[Json::Boolean, Json::Null]);

impl Resource for RunbookResource {
    type View<'a> = &'a Runbook;
    type Model = Runbook;
    const NAME: &'static str = "runbook";
    const COLLECTION: &'static str = "runbooks";
    const SHORT: &'static [&'static str] = &["uuid", "name"];
    const FIELDS: &'static [Field<Self>] = &[
        Row::shown("uuid", Json::String, |r, out| out.text(r.uuid.as_str()))
            .resolved(Set::Create, UUID),
        Row::shown("created_at", Json::String, |r, out| out.time(r.created_at)),
        Row::shown("updated_at", Json::String, |r, out| out.time(r.updated_at)),
        Row::shown("name", Json::String, |r, out| out.text(&r.name))
            .accept(Set::Both, NEEDED_TEXT.length(1, 255).check(name), |r, v| {
                r.name = text(v).unwrap_or_default()
            })
            .required(),
        Row::shown("description", Json::String, |r, out| {
            out.maybe_text(r.description.as_deref());
        })
        .since(Feature::RunbookTraits)
        .ungated()
        .accept(Set::Both, TEXT.length(0, 255), |r, v| {
            r.description = text(v);
        }),
        Row::shown("steps", Json::Array, |r, out| {
            out.array(|out| {
                for one in &r.steps {
                    let called = (one.interface.as_str(), one.step.as_str());
                    let order = one.order.into();
                    step::write(out.item(), called, &one.args, (NUMBER, &order));
                }
            });
        })
        .accept(
            Set::Both,
            Accept::of(&[Json::Array]).check(steps),
            |r, v| r.steps = read(v),
        )
        .required(),
        Row::shown("disable_ramdisk", Json::Boolean, |r, out| {
            out.boolean(r.disable_ramdisk);
        })
        .accept(Set::Both, YES_NO, |r, v| r.disable_ramdisk = flag(v)),
        Row::shown("public", Json::Boolean, |r, out| out.boolean(r.public)).accept(
            Set::Both,
            YES_NO,
            |r, v| r.public = flag(v),
        ),
        Row::shown("owner", Json::String, |r, out| {
            out.maybe_text(r.owner.as_deref());
        })
        .accept(Set::Both, TEXT.length(0, 255), |r, v| r.owner = text(v)),
        Row::shown("extra", Json::Object, |r, out| out.doc(&r.extra)).accept(
            Set::Both,
            OBJECT,
            |r, v| r.extra = doc(v),
        ),
        Row::shown("traits", Json::Array, |r, out| out.texts(&r.traits))
            .since(Feature::RunbookTraits)
            .ungated(),
        Row::shown("links", Json::Array, |r, out| {
            out.links(format_args!("runbooks/{}", r.uuid));
        })
        .always(),
    ];
}

/// Check: 1–255 unreserved characters.
fn name(_: &str, value: Value) -> Result<Value, Fault> {
    let text = value.as_str().unwrap_or_default();
    if crate::ident::is_logical_name(text) {
        Ok(value)
    } else {
        Err(unknown(format!(
            "'{text}' does not match '^[A-Za-z0-9\\-._~]+$'"
        )))
    }
}

fn steps(name: &str, value: Value) -> Result<Value, Fault> {
    schema::runbook_steps(name, &value)?;
    step::check("runbook", NUMBER, &value)?;
    Ok(value)
}

fn read(steps: &Value) -> Vec<RunbookStep> {
    let steps = steps.as_array().map(Vec::as_slice).unwrap_or_default();
    steps
        .iter()
        .map(|given| {
            let (interface, name) = step::called(given);
            RunbookStep {
                interface: interface.to_owned(),
                step: name.to_owned(),
                args: step::args(given),
                order: given.get(NUMBER).and_then(step::number).unwrap_or_default(),
            }
        })
        .collect()
}

fn unknown(what: String) -> Fault {
    Fault::invalid_parameter(format!("Schema error for runbook: {what}"))
}

/// Fields a version does not know.
fn too_new(version: Version) -> impl Iterator<Item = &'static str> {
    RunbookResource::FIELDS
        .iter()
        .filter(move |field| !field.exists_at(version))
        .map(|field| field.name)
}

/// Refuses a create request with members or a name that its version does not know: names were
/// traits once.
///
/// # Errors
/// 400.
pub fn check_created(body: &Map<String, Value>, version: Version) -> Result<(), Fault> {
    if let Some(name) = too_new(version).find(|name| body.contains_key(*name)) {
        return Err(unknown(format!(
            "Additional properties are not allowed ('{name}' was unexpected)"
        )));
    }
    if !version.allows(Feature::RunbookTraits)
        && let Some(name) = body.get("name").and_then(Value::as_str)
    {
        crate::traits::check(name)?;
    }
    Ok(())
}

/// Refuses a choice of fields with one that the version does not know.
///
/// # Errors
/// 400.
pub fn check_selected(names: &[String], version: Version) -> Result<(), Fault> {
    match too_new(version).find(|name| names.iter().any(|asked| asked == name)) {
        None => Ok(()),
        Some(name) => Err(Fault::invalid_parameter(format!(
            "Field(s) \"{name}\" are not valid"
        ))),
    }
}

/// Refuses a patch of fields that the version does not know.
///
/// # Errors
/// 400.
pub fn check_patch(patch: &Patch, version: Version) -> Result<(), Fault> {
    let early = patch
        .0
        .iter()
        .find(|change| too_new(version).any(|name| name == change.field()));
    match early {
        None => Ok(()),
        Some(change) => Err(Fault::invalid(format!("Cannot patch {}.", change.path))),
    }
}

/// Takes out of a patched document what steps do not have.
pub fn forget_unknown(patched: &mut Members) {
    step::forget_unknown(NUMBER, patched);
}

/// Refuses what only patches can do wrong with steps.
///
/// # Errors
/// 400.
pub fn check_patched(before: &Members, after: &Members) -> Result<(), Fault> {
    let steps = |members: &Members| members.get("steps").cloned().unwrap_or_default();
    step::check_patched(NUMBER, &steps(before), &steps(after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate;
    use serde_json::json;

    const EARLY: Version = Version::of(Feature::Runbooks);

    fn created(name: &str, value: Value, version: Version) -> Result<Members, u16> {
        let mut body = json!({
            "name": "CUSTOM_V",
            "steps": [{"interface": "bios", "step": "factory_reset", "args": {}, "order": 1}],
        });
        body[name] = value;
        check_created(body.as_object().unwrap(), version)
            .and_then(|()| validate::create::<RunbookResource>(body))
            .map_err(|fault| fault.code())
    }

    #[test]
    fn names_were_traits_once() {
        for name in ["CUSTOM_a", "rb-tr", "a.b~c"] {
            assert!(created("name", json!(name), Version::MAX).is_ok(), "{name}");
            assert_eq!(created("name", json!(name), EARLY), Err(400), "{name}");
        }
        assert!(created("name", json!("HW_CPU_X86_VMX"), EARLY).is_ok());
        assert_eq!(created("name", json!("a b"), Version::MAX), Err(400));
        assert_eq!(created("name", json!(null), EARLY), Err(400));
    }

    #[test]
    fn new_members_are_unknown_before_their_version() {
        assert!(created("description", json!("d"), Version::MAX).is_ok());
        assert_eq!(created("description", json!(null), EARLY), Err(400));
        assert_eq!(created("traits", json!([]), Version::MAX), Err(400));
        let names = ["description".to_owned()];
        assert!(check_selected(&names, EARLY).is_err());
        assert!(check_selected(&names, Version::MAX).is_ok());
    }

    #[test]
    fn booleans_are_booleans() {
        assert!(created("disable_ramdisk", json!(null), EARLY).is_ok());
        assert_eq!(created("disable_ramdisk", json!("x"), EARLY), Err(400));
        assert_eq!(created("public", json!(1), EARLY), Err(400));
    }
}
