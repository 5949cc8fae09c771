//! `/` and `/v1`: what there is, at which versions.

use schemas_rest::links::Link;
use schemas_rest::{Feature, Out, Version};

/// Collections that were always there.
const FIRST: &[&str] = &["chassis", "nodes", "ports", "drivers"];

/// Collections that came later.
const LATER: &[(&str, Feature)] = &[
    ("portgroups", Feature::Portgroups),
    ("volume", Feature::Volume),
    ("lookup", Feature::LookupHeartbeat),
    ("heartbeat", Feature::LookupHeartbeat),
    ("conductors", Feature::Conductors),
    ("allocations", Feature::Allocation),
    ("events", Feature::Events),
    ("deploy_templates", Feature::DeployTemplates),
    ("shards", Feature::NodeShard),
    ("runbooks", Feature::Runbooks),
    ("inspection_rules", Feature::InspectionRules),
    ("continue_inspection", Feature::ContinueInspection),
];

/// The answer to `/`.
pub fn root(base: &str) -> Vec<u8> {
    let mut out = Out::new(base, Version::MAX);
    out.object(|out| {
        out.key("name").text("OpenStack Ironic API");
        out.key("description").text(
            "Ironic is an OpenStack project which enables the provision and management of \
             baremetal machines.",
        );
        default_version(out.key("default_version"));
        out.key("versions").array(|out| default_version(out.item()));
    });
    out.finish()
}

/// The answer to `/v1`.
pub fn v1(base: &str, version: Version) -> Vec<u8> {
    let mut out = Out::new(base, version);
    out.object(|out| {
        out.key("id").text("v1");
        out.key("links").array(|out| {
            let mut own = Link::bookmark(base, format_args!("v1/"));
            own.rel = "self";
            out.item().link(&own);
            out.item().link(&Link {
                href: "https://docs.openstack.org//ironic/latest/contributor//webapi.html"
                    .to_owned(),
                rel: "describedby",
                media_type: Some("text/html"),
            });
        });
        out.key("media_types").object(|out| {
            out.key("base").text("application/json");
            out.key("type")
                .text("application/vnd.openstack.ironic.v1+json");
        });
        let later = LATER
            .iter()
            .filter(|(_, since)| version.allows(*since))
            .map(|(name, _)| name);
        for name in FIRST.iter().chain(later) {
            out.key(name).links(format_args!("{name}/"));
        }
        default_version(out.key("version"));
    });
    out.finish()
}

fn default_version(out: &mut Out<'_>) {
    out.object(|out| {
        let mut own = Link::bookmark(out.base(), format_args!("v1/"));
        own.rel = "self";
        out.key("id").text("v1");
        out.key("links").array(|out| out.item().link(&own));
        out.key("status").text("CURRENT");
        out.key("min_version").text(&Version::MIN.to_string());
        out.key("version").text(&Version::MAX.to_string());
    });
}
