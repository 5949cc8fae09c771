//! The fields of a firmware setting.
//!
//! Source: Ironic 39.0.0, `ironic.api.controllers.v1.bios`.

use schemas_model::BiosSetting;

use crate::field::{Field, Json, Resource};
use crate::versions::Feature;

/// A firmware setting in the API.
pub struct BiosSettingResource;

type Row = Field<BiosSettingResource>;

/// A firmware setting and how the request called its node.
#[derive(Clone, Copy, Debug)]
pub struct BiosSettingView<'a> {
    /// The setting.
    pub setting: &'a BiosSetting,
    /// Name or UUID of its node, for links.
    pub node: &'a str,
}

/// A row of the attribute registry.
const fn registry(
    name: &'static str,
    json: Json,
    show: crate::field::Show<BiosSettingResource>,
) -> Row {
    Row::shown(name, json, show).since(Feature::BiosRegistry)
}

impl Resource for BiosSettingResource {
    type View<'a> = BiosSettingView<'a>;
    type Model = BiosSetting;
    const NAME: &'static str = "bios setting";
    const COLLECTION: &'static str = "bios";
    const SHORT: &'static [&'static str] = &["name", "value"];
    const FIELDS: &'static [Field<Self>] = &[
        Row::shown("created_at", Json::String, |v, out| {
            out.time(v.setting.created_at);
        })
        .always(),
        Row::shown("updated_at", Json::String, |v, out| {
            out.time(v.setting.updated_at);
        })
        .always(),
        Row::shown("name", Json::String, |v, out| out.text(&v.setting.name)),
        Row::shown("value", Json::String, |v, out| {
            out.maybe_text(v.setting.value.as_deref());
        }),
        registry("attribute_type", Json::String, |v, out| {
            out.maybe_text(v.setting.attribute_type.as_deref());
        }),
        registry("allowable_values", Json::Array, |v, out| {
            out.texts(&v.setting.allowable_values);
        }),
        registry("lower_bound", Json::Integer, |v, out| {
            out.maybe_integer(v.setting.lower_bound);
        }),
        registry("upper_bound", Json::Integer, |v, out| {
            out.maybe_integer(v.setting.upper_bound);
        }),
        registry("min_length", Json::Integer, |v, out| {
            out.maybe_integer(v.setting.min_length);
        }),
        registry("max_length", Json::Integer, |v, out| {
            out.maybe_integer(v.setting.max_length);
        }),
        registry("read_only", Json::Boolean, |v, out| {
            out.maybe_boolean(v.setting.read_only);
        }),
        registry("reset_required", Json::Boolean, |v, out| {
            out.maybe_boolean(v.setting.reset_required);
        }),
        registry("unique", Json::Boolean, |v, out| {
            out.maybe_boolean(v.setting.unique);
        }),
        Row::shown("links", Json::Array, |v, out| {
            out.links(format_args!("nodes/{}/bios/{}", v.node, v.setting.name));
        })
        .unselectable()
        .always(),
    ];
}
