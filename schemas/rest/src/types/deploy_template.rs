//! The fields of a deploy template.
//!
//! Source: Ironic 39.0.0, `ironic.api.controllers.v1.deploy_template`.

use schemas_model::{DeployTemplate, Fault, TemplateStep};
use serde_json::Value;

use super::step;
use crate::field::{Accept, Field, Json, NEEDED_TEXT, OBJECT, Resource, Set, TEXT, UUID};
use crate::schema;
use crate::validate::{Members, doc, text};

/// A deploy template in the API.
pub struct DeployTemplateResource;

type Row = Field<DeployTemplateResource>;

/// The name of a step's number.
const NUMBER: &str = "priority";

/// A template, and its steps as the request gave them: a priority given as text is shown as text,
/// once.
#[derive(Clone, Copy, Debug)]
pub struct DeployTemplateView<'a> {
    /// The template.
    pub template: &'a DeployTemplate,
    /// The steps of the request that created it.
    pub given_steps: Option<&'a [Value]>,
}

impl<'a> From<&'a DeployTemplate> for DeployTemplateView<'a> {
    fn from(template: &'a DeployTemplate) -> Self {
        DeployTemplateView {
            template,
            given_steps: None,
        }
    }
}

impl Resource for DeployTemplateResource {
    type View<'a> = DeployTemplateView<'a>;
    type Model = DeployTemplate;
    const NAME: &'static str = "template";
    const COLLECTION: &'static str = "deploy_templates";
    const SHORT: &'static [&'static str] = &["uuid", "name"];
    const FIELDS: &'static [Field<Self>] = &[
        Row::shown("uuid", Json::String, |v, out| {
            out.text(v.template.uuid.as_str());
        })
        .resolved(Set::Create, UUID),
        Row::shown("created_at", Json::String, |v, out| {
            out.time(v.template.created_at);
        }),
        Row::shown("updated_at", Json::String, |v, out| {
            out.time(v.template.updated_at);
        }),
        Row::shown("name", Json::String, |v, out| out.text(&v.template.name))
            .accept(Set::Both, NEEDED_TEXT.length(1, 255).check(name), |t, v| {
                t.name = text(v).unwrap_or_default()
            })
            .required(),
        // Taken and forgotten, as in the reference.
        Row::hidden("description", Json::String, TEXT.length(0, 255)),
        Row::shown("extra", Json::Object, |v, out| out.doc(&v.template.extra)).accept(
            Set::Both,
            OBJECT,
            |t, v| t.extra = doc(v),
        ),
        Row::shown("steps", Json::Array, |v, out| match v.given_steps {
            Some(steps) => step::write_given(out, NUMBER, steps),
            None => out.array(|out| {
                for one in &v.template.steps {
                    let called = (one.interface.as_str(), one.step.as_str());
                    let priority = one.priority.into();
                    step::write(out.item(), called, &one.args, (NUMBER, &priority));
                }
            }),
        })
        .accept(
            Set::Both,
            Accept::of(&[Json::Array]).check(steps),
            |t, v| t.steps = read(v),
        )
        .required(),
        Row::shown("links", Json::Array, |v, out| {
            out.links(format_args!("deploy_templates/{}", v.template.uuid));
        })
        .always(),
    ];
}

/// Check: the name is a trait.
pub(super) fn name(_: &str, value: Value) -> Result<Value, Fault> {
    crate::traits::check(value.as_str().unwrap_or_default())?;
    Ok(value)
}

fn steps(name: &str, value: Value) -> Result<Value, Fault> {
    schema::deploy_steps(name, &value)?;
    step::check("template", NUMBER, &value)?;
    Ok(value)
}

fn read(steps: &Value) -> Vec<TemplateStep> {
    let steps = steps.as_array().map(Vec::as_slice).unwrap_or_default();
    steps
        .iter()
        .map(|given| {
            let (interface, name) = step::called(given);
            TemplateStep {
                interface: interface.to_owned(),
                step: name.to_owned(),
                args: step::args(given),
                priority: given.get(NUMBER).and_then(step::number).unwrap_or_default(),
            }
        })
        .collect()
}

/// Takes out of a patched document what steps do not have.
pub fn forget_unknown(patched: &mut Members) {
    step::forget_unknown(NUMBER, patched);
}

/// Refuses what only patches can do wrong.
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

    fn created(name: &str, value: Value) -> Result<Members, u16> {
        let mut body = json!({
            "name": "CUSTOM_V",
            "steps": [{"interface": "deploy", "step": "deploy", "args": {}, "priority": 10}],
        });
        body[name] = value;
        validate::create::<DeployTemplateResource>(body).map_err(|fault| fault.code())
    }

    fn step(member: &str, value: Value) -> Value {
        let mut step = json!({"interface": "deploy", "step": "deploy", "args": {}, "priority": 10});
        step[member] = value;
        json!([step])
    }

    #[test]
    fn what_passes() {
        for (name, value) in [
            ("name", json!("HW_CPU_X86_VMX")),
            ("steps", step("priority", json!("5"))),
            ("steps", step("interface", json!("power"))),
            ("description", json!(null)),
            ("extra", json!(null)),
            ("uuid", json!(null)),
        ] {
            assert!(created(name, value.clone()).is_ok(), "{name} {value}");
        }
    }

    #[test]
    fn what_is_refused() {
        for (name, value) in [
            ("name", json!("CUSTOM_a")),
            ("name", json!("")),
            ("name", json!(null)),
            ("steps", json!([])),
            ("steps", json!(null)),
            ("steps", step("priority", json!("x"))),
            ("steps", step("priority", json!(-1))),
            ("steps", step("priority", json!(1.5))),
            ("steps", step("args", json!([]))),
            ("steps", step("interface", json!("network"))),
            ("steps", step("foo", json!(1))),
            ("description", json!("d".repeat(256))),
            ("disable_ramdisk", json!(true)),
            ("owner", json!(null)),
            ("uuid", json!("")),
        ] {
            assert_eq!(created(name, value.clone()), Err(400), "{name} {value}");
        }
    }
}
