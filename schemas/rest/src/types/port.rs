//! The fields of a port.
//!
//! Source: Ironic 39.0.0, `ironic.api.controllers.v1.port`.

use schemas_model::Port;
use serde_json::Value;

use crate::field::{Accept, BOOLEAN, Field, Json, NEEDED_TEXT, OBJECT, Resource, Set, TEXT, UUID};
use crate::validate::{doc, flag, mac, text};
use crate::versions::Feature;

/// A port in the API.
pub struct PortResource;

type Row = Field<PortResource>;

/// A port and what had to be looked up beside it.
#[derive(Clone, Copy, Debug)]
pub struct PortView<'a> {
    /// The port.
    pub port: &'a Port,
    /// The UUID of its node.
    pub node_uuid: Option<&'a str>,
    /// The UUID of its port group.
    pub portgroup_uuid: Option<&'a str>,
}

const fn words(name: &'static str, show: crate::field::Show<PortResource>) -> Field<PortResource> {
    Row::shown(name, Json::String, show)
}

impl Resource for PortResource {
    type View<'a> = PortView<'a>;
    type Model = Port;
    const NAME: &'static str = "port";
    const GATES_NULL: bool = true;
    const COLLECTION: &'static str = "ports";
    const SHORT: &'static [&'static str] = &["uuid", "address"];
    const FIELDS: &'static [Field<Self>] = &[
        words("uuid", |v, out| out.text(v.port.uuid.as_str())).resolved(Set::Create, UUID),
        Row::shown("created_at", Json::String, |v, out| {
            out.time(v.port.created_at)
        }),
        Row::shown("updated_at", Json::String, |v, out| {
            out.time(v.port.updated_at)
        }),
        words("address", |v, out| out.text(&v.port.address))
            .accept(Set::Both, NEEDED_TEXT.check(mac), |p, v| {
                p.address = text(v).unwrap_or_default();
            })
            .required(),
        words("node_uuid", |v, out| out.maybe_text(v.node_uuid))
            .resolved(Set::Both, NEEDED_TEXT.check(crate::validate::uuid))
            .unsortable(),
        Row::hidden("node_ident", Json::String, NEEDED_TEXT),
        words("portgroup_uuid", |v, out| out.maybe_text(v.portgroup_uuid))
            .since(Feature::PortgroupsSubcontrollers)
            .resolved(Set::Both, UUID),
        Row::shown("extra", Json::Object, |v, out| out.doc(&v.port.extra)).accept(
            Set::Both,
            OBJECT,
            |p, v| p.extra = doc(v),
        ),
        Row::shown("internal_info", Json::Object, |v, out| {
            out.doc(&v.port.internal_info);
        })
        .since(Feature::PortInternalInfo)
        // `fields` may name it at any version; it is just not there.
        .ungated(),
        Row::shown("pxe_enabled", Json::Boolean, |v, out| {
            out.boolean(v.port.pxe_enabled)
        })
        .since(Feature::PortAdvancedNetFields)
        .accept(Set::Both, BOOLEAN, |p, v| p.pxe_enabled = flag(v)),
        Row::shown("local_link_connection", Json::Object, |v, out| {
            if hides_link(&v.port.local_link_connection, out.version()) {
                out.object(|_| {});
            } else {
                out.doc(&v.port.local_link_connection);
            }
        })
        .since(Feature::PortAdvancedNetFields)
        .accept(
            Set::Both,
            OBJECT.check(crate::schema::local_link),
            |p, v| p.local_link_connection = doc(v),
        ),
        words("physical_network", |v, out| {
            out.maybe_text(v.port.physical_network.as_deref());
        })
        .since(Feature::PortPhysicalNetwork)
        .accept(Set::Both, TEXT.length(0, 64), |p, v| {
            p.physical_network = text(v)
        }),
        Row::shown("is_smartnic", Json::Boolean, |v, out| {
            out.maybe_boolean(v.port.is_smartnic)
        })
        .since(Feature::PortSmartnic)
        .accept(Set::Both, BOOLEAN, |p, v| p.is_smartnic = v.as_bool()),
        words("name", |v, out| out.maybe_text(v.port.name.as_deref()))
            .since(Feature::PortName)
            .accept(Set::Both, TEXT, |p, v| p.name = text(v)),
        words("description", |v, out| {
            out.maybe_text(v.port.description.as_deref())
        })
        .since(Feature::PortDescription)
        .accept(Set::Both, TEXT.length(0, 255), |p, v| {
            p.description = text(v)
        }),
        words("vendor", |v, out| out.maybe_text(v.port.vendor.as_deref()))
            .since(Feature::PortVendor)
            .accept(Set::Both, TEXT.length(0, 32), |p, v| p.vendor = text(v)),
        words("category", |v, out| {
            out.maybe_text(v.port.category.as_deref())
        })
        .since(Feature::PortCategory)
        .accept(Set::Both, TEXT.length(0, 80), |p, v| p.category = text(v)),
        Row::shown(
            "available_for_dynamic_portgroup",
            Json::Boolean,
            |v, out| {
                out.boolean(v.port.available_for_dynamic_portgroup);
            },
        )
        .since(Feature::DynamicPortgroup)
        .accept(
            Set::Both,
            Accept::of(&[Json::Boolean]).check(crate::validate::boolean),
            |p, v| {
                // Taking it away leaves it as it was.
                if let Some(flag) = v.as_bool() {
                    p.available_for_dynamic_portgroup = flag;
                }
            },
        ),
        Row::shown("links", Json::Array, |v, out| {
            out.links(format_args!("ports/{}", v.port.uuid));
        })
        .always(),
    ];
}

/// The fields a patch is refused for when they are newer than the version; the others pass.
pub const GATED_IN_PATCHES: &[&str] = &[
    "pxe_enabled",
    "local_link_connection",
    "portgroup_uuid",
    "physical_network",
    "is_smartnic",
];

/// Keys of `local_link_connection` known only between two versions.
const VTEP: &[&str] = &["vtep-logical-switch", "vtep-physical-switch"];

fn vtep_allowed(version: crate::versions::Version) -> bool {
    version.allows(Feature::OvnVtep) && !version.allows(Feature::RemoveOvnVtep)
}

fn hides_link(link: &schemas_model::Object, version: crate::versions::Version) -> bool {
    if vtep_allowed(version) {
        return false;
    }
    // Text without the word, and without an escape that could spell it, need not be parsed.
    let may_have = |text: &str| text.contains("vtep-") || text.contains("\\u");
    link.stored_text().is_none_or(may_have) && VTEP.iter().any(|key| link.member(key).is_some())
}

/// Whether a request's `local_link_connection` has keys that are not known at a version.
pub fn link_too_new(link: &Value, version: crate::versions::Version) -> bool {
    let has = |key: &str| link.get(key).is_some();
    (has("network_type") && !version.allows(Feature::LocalLinkConnectionNetworkType))
        || (has(VTEP[0]) && !vtep_allowed(version))
}
