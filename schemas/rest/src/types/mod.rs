//! The tables of fields, a file a resource.

pub mod allocation;
pub mod bios_setting;
pub mod chassis;
pub mod conductor;
pub mod deploy_template;
pub mod driver;
pub mod firmware_component;
pub mod history;
pub mod inspection_rule;
pub mod node;
pub mod port;
pub mod portgroup;
pub mod runbook;
mod step;
pub mod volume_connector;
pub mod volume_target;

use serde_json::{Map, Value};

use crate::field::Resource;
use crate::out::{Out, Visibility};
use crate::shape::Selection;
use crate::versions::Version;

/// The document of a resource a patch is applied to: every field, nothing masked.
pub fn document<R: Resource>(view: &R::View<'_>) -> Map<String, Value> {
    let mut out = Out::new("", Version::MAX);
    out.visible = Visibility::EVERYTHING;
    Selection::<R>::all(Version::MAX).write(view, &mut out);
    // What was just written is an object.
    serde_json::from_slice(&out.finish()).unwrap_or_default()
}
