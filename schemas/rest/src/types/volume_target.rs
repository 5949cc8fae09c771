//! The fields of a volume target.
//!
//! Source: Ironic 39.0.0, `ironic.api.controllers.v1.volume_target`.

use schemas_model::{Fault, VolumeTarget};
use serde_json::Value;

use crate::field::{Accept, Field, Json, NEEDED_TEXT, OBJECT, Resource, Set, UUID};
use crate::validate::{doc, text};

/// A volume target in the API.
pub struct VolumeTargetResource;

type Row = Field<VolumeTargetResource>;

/// A volume target and what had to be looked up beside it.
#[derive(Clone, Copy, Debug)]
pub struct VolumeTargetView<'a> {
    /// The target.
    pub target: &'a VolumeTarget,
    /// The UUID of its node.
    pub node_uuid: Option<&'a str>,
}

const fn words(name: &'static str, show: crate::field::Show<VolumeTargetResource>) -> Row {
    Row::shown(name, Json::String, show)
}

impl Resource for VolumeTargetResource {
    type View<'a> = VolumeTargetView<'a>;
    type Model = VolumeTarget;
    const NAME: &'static str = "target";
    const COLLECTION: &'static str = "targets";
    const SHORT: &'static [&'static str] = &[
        "uuid",
        "node_uuid",
        "volume_type",
        "boot_index",
        "volume_id",
    ];
    const FIELDS: &'static [Field<Self>] = &[
        words("uuid", |v, out| out.text(v.target.uuid.as_str())).resolved(Set::Create, UUID),
        words("created_at", |v, out| out.time(v.target.created_at)),
        words("updated_at", |v, out| out.time(v.target.updated_at)),
        words("node_uuid", |v, out| out.maybe_text(v.node_uuid))
            .resolved(Set::Both, NEEDED_TEXT.check(crate::validate::uuid))
            .required()
            .unsortable(),
        words("volume_type", |v, out| out.text(&v.target.volume_type))
            .accept(Set::Both, NEEDED_TEXT, |t, v| {
                t.volume_type = text(v).unwrap_or_default();
            })
            .required(),
        words("volume_id", |v, out| out.text(&v.target.volume_id))
            .accept(Set::Both, NEEDED_TEXT, |t, v| {
                t.volume_id = text(v).unwrap_or_default();
            })
            .required(),
        Row::shown("boot_index", Json::Integer, |v, out| {
            out.integer(v.target.boot_index);
        })
        .accept(Set::Both, BOOT_INDEX, |t, v| {
            t.boot_index = super::step::whole(v).unwrap_or_default();
        })
        .required(),
        Row::shown("properties", Json::Object, |v, out| {
            if !out.visible.target_properties {
                out.object(|out| {
                    out.key("redacted_contents").text(REDACTED);
                });
            } else if out.visible.driver_secrets {
                out.doc(&v.target.properties);
            } else {
                out.masked(&v.target.properties, &[]);
            }
        })
        .accept(Set::Both, OBJECT, |t, v| t.properties = doc(v)),
        Row::shown("extra", Json::Object, |v, out| out.doc(&v.target.extra)).accept(
            Set::Both,
            OBJECT,
            |t, v| t.extra = doc(v),
        ),
        Row::shown("links", Json::Array, |v, out| {
            out.links(format_args!("volume/targets/{}", v.target.uuid));
        })
        .always(),
    ];
}

const REDACTED: &str = "** Value redacted: Requires permission \
                        baremetal:volume:view_target_properties access. Permission denied. **";

const BOOT_INDEX: Accept = Accept::of(&[Json::Integer]).check(boot_index);

/// Check: a number that fits the database.
fn boot_index(name: &str, value: Value) -> Result<Value, Fault> {
    match super::step::whole(&value) {
        Some(number) => Ok(number.into()),
        None => Err(Fault::invalid_parameter(format!(
            "Schema error for {name}: {value} is too large"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate;
    use serde_json::json;

    fn created(name: &str, value: Value) -> bool {
        let mut body = json!({
            "node_uuid": "c0de0000-0000-4000-8000-000000000155",
            "volume_type": "iscsi",
            "volume_id": "v",
            "boot_index": 0,
        });
        body[name] = value;
        validate::create::<VolumeTargetResource>(body).is_ok()
    }

    #[test]
    fn the_boot_index_is_a_number() {
        assert!(created("boot_index", json!(-1)));
        assert!(created("boot_index", json!(5.0)));
        for value in [json!("0"), json!(1.5), json!(null), json!(1_i64 << 40)] {
            assert!(!created("boot_index", value.clone()), "{value}");
        }
    }
}
