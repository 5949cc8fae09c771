//! The fields of a port group.
//!
//! Source: Ironic 39.0.0, `ironic.api.controllers.v1.portgroup`.

use schemas_model::{Fault, Portgroup};

use crate::field::{Accept, Field, Json, NEEDED_TEXT, OBJECT, Resource, Set, TEXT, UUID};
use crate::mask::is_truthy;
use crate::params::not_acceptable;
use crate::validate::{Members, doc, flag, mac, text};
use crate::versions::{Feature, Version};

/// A port group in the API.
pub struct PortgroupResource;

type Row = Field<PortgroupResource>;

/// A port group and what had to be looked up beside it.
#[derive(Clone, Copy, Debug)]
pub struct PortgroupView<'a> {
    /// The port group.
    pub portgroup: &'a Portgroup,
    /// The UUID of its node.
    pub node_uuid: Option<&'a str>,
}

const fn words(name: &'static str, show: crate::field::Show<PortgroupResource>) -> Row {
    Row::shown(name, Json::String, show)
}

impl Resource for PortgroupResource {
    type View<'a> = PortgroupView<'a>;
    type Model = Portgroup;
    const NAME: &'static str = "portgroup";
    const COLLECTION: &'static str = "portgroups";
    const SHORT: &'static [&'static str] = &["uuid", "address", "name"];
    const FIELDS: &'static [Field<Self>] = &[
        words("uuid", |v, out| out.text(v.portgroup.uuid.as_str())).resolved(Set::Create, UUID),
        words("created_at", |v, out| out.time(v.portgroup.created_at)),
        words("updated_at", |v, out| out.time(v.portgroup.updated_at)),
        words("address", |v, out| {
            out.maybe_text(v.portgroup.address.as_deref());
        })
        .accept(Set::Both, TEXT.check(mac), |p, v| p.address = text(v)),
        words("name", |v, out| out.maybe_text(v.portgroup.name.as_deref())).accept(
            Set::Both,
            TEXT,
            |p, v| p.name = text(v),
        ),
        words("node_uuid", |v, out| out.maybe_text(v.node_uuid))
            .resolved(Set::Both, NEEDED_TEXT.check(crate::validate::uuid))
            .required()
            .unsortable(),
        Row::shown("extra", Json::Object, |v, out| out.doc(&v.portgroup.extra)).accept(
            Set::Both,
            OBJECT,
            |p, v| p.extra = doc(v),
        ),
        Row::shown("internal_info", Json::Object, |v, out| {
            out.doc(&v.portgroup.internal_info);
        }),
        words("mode", |v, out| out.maybe_text(v.portgroup.mode.as_deref()))
            .since(Feature::PortgroupModeProperties)
            .accept(Set::Both, TEXT, |p, v| p.mode = text(v)),
        Row::shown("properties", Json::Object, |v, out| {
            out.doc(&v.portgroup.properties);
        })
        .since(Feature::PortgroupModeProperties)
        .accept(Set::Both, OBJECT, |p, v| p.properties = doc(v)),
        Row::shown("standalone_ports_supported", Json::Boolean, |v, out| {
            out.boolean(v.portgroup.standalone_ports_supported);
        })
        .accept(
            Set::Both,
            // Null crashes the reference.
            Accept::of(&[Json::String, Json::Boolean]).check(crate::validate::boolean),
            |p, v| p.standalone_ports_supported = flag(v),
        ),
        words("physical_network", |v, out| {
            out.maybe_text(v.portgroup.physical_network.as_deref());
        })
        .since(Feature::PortgroupPhysicalNetwork)
        .ungated()
        .accept(Set::Both, TEXT.length(0, 64), |p, v| {
            p.physical_network = text(v);
        }),
        words("category", |v, out| {
            out.maybe_text(v.portgroup.category.as_deref());
        })
        .since(Feature::PortgroupCategory)
        .ungated()
        .accept(Set::Both, TEXT.length(0, 80), |p, v| p.category = text(v)),
        Row::shown("dynamic_portgroup", Json::Boolean, |v, out| {
            out.boolean(v.portgroup.dynamic_portgroup);
        })
        .since(Feature::DynamicPortgroup),
        Row::shown("links", Json::Array, |v, out| {
            out.links(format_args!("portgroups/{}", v.portgroup.uuid));
        })
        .always(),
        Row::shown("ports", Json::Array, |v, out| {
            out.links(format_args!("portgroups/{}/ports", v.portgroup.uuid));
        }),
    ];
}

/// The fields that requests may not set before [`Feature::PortgroupModeProperties`]; the other new
/// ones pass.
pub const GATED: &[&str] = &["mode", "properties"];

/// Refuses a mode or properties in a create request of an early version.
///
/// # Errors
/// 406.
pub fn gate(members: &Members, version: Version) -> Result<(), Fault> {
    let says = |name: &&str| members.get(*name).is_some_and(is_truthy);
    if !version.allows(Feature::PortgroupModeProperties) && GATED.iter().any(says) {
        return Err(not_acceptable("Request not acceptable."));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate;
    use serde_json::{Value, json};

    const NODE: &str = "c0de0000-0000-4000-8000-000000000155";

    fn created(name: &str, value: Value) -> Result<Members, u16> {
        let mut body = json!({"node_uuid": NODE});
        body[name] = value;
        validate::create::<PortgroupResource>(body).map_err(|fault| fault.code())
    }

    #[test]
    fn values_that_pass() {
        let members = created("address", json!("52:54:00:AA:00:01")).unwrap();
        assert_eq!(members["address"], "52:54:00:aa:00:01");
        let members = created("standalone_ports_supported", json!("no")).unwrap();
        assert_eq!(members["standalone_ports_supported"], false);
        for (name, value) in [
            ("address", json!(null)),
            ("name", json!("")),
            ("mode", json!("4")),
            ("physical_network", json!("p".repeat(64))),
            ("extra", json!(null)),
            ("uuid", json!(null)),
        ] {
            assert!(created(name, value).is_ok(), "{name}");
        }
    }

    #[test]
    fn values_that_are_refused() {
        for (name, value) in [
            ("address", json!("52-54-00-40-00-0a")),
            ("category", json!("c".repeat(81))),
            ("dynamic_portgroup", json!(true)),
            ("internal_info", json!({})),
            ("standalone_ports_supported", json!(null)),
            ("standalone_ports_supported", json!("x")),
            ("uuid", json!("")),
            ("node_uuid", json!("n")),
            ("node_uuid", json!(null)),
        ] {
            assert_eq!(created(name, value.clone()), Err(400), "{name} {value}");
        }
    }

    #[test]
    fn only_mode_and_properties_are_gated() {
        let early = Version::of(Feature::PortgroupsSubcontrollers);
        let gated = |name, value| gate(&created(name, value).unwrap(), early).is_err();
        assert!(gated("mode", json!("802.3ad")));
        assert!(gated("properties", json!({"miimon": "1"})));
        assert!(!gated("mode", json!("")));
        assert!(!gated("category", json!("c")));
    }
}
