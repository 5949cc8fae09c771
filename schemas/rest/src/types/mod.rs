//! The tables of fields, a file a resource.

pub mod chassis;
pub mod conductor;
pub mod driver;
pub mod node;
pub mod port;

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
