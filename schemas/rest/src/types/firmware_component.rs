//! The fields of a firmware component.
//!
//! Source: Ironic 39.0.0, `ironic.api.controllers.v1.firmware`.

use schemas_model::{Fault, FirmwareComponent};

use crate::field::{Field, Json, Resource};
use crate::versions::{Feature, Version};

/// A firmware component in the API.
pub struct FirmwareComponentResource;

type Row = Field<FirmwareComponentResource>;

/// A row that tells what the component is; `fields` may not name it before its version (400).
const fn identity(name: &'static str, show: crate::field::Show<FirmwareComponentResource>) -> Row {
    Row::shown(name, Json::String, show)
        .since(Feature::FirmwareIdentity)
        .ungated()
}

impl Resource for FirmwareComponentResource {
    type View<'a> = &'a FirmwareComponent;
    type Model = FirmwareComponent;
    const NAME: &'static str = "firmware component";
    const COLLECTION: &'static str = "firmware";
    // Lists of components are never short.
    const SHORT: &'static [&'static str] = &[];
    const FIELDS: &'static [Field<Self>] = &[
        Row::shown("created_at", Json::String, |c, out| out.time(c.created_at)).always(),
        Row::shown("updated_at", Json::String, |c, out| out.time(c.updated_at)).always(),
        Row::shown("component", Json::String, |c, out| out.text(&c.component)),
        Row::shown("initial_version", Json::String, |c, out| {
            out.text(&c.initial_version);
        }),
        Row::shown("current_version", Json::String, |c, out| {
            out.maybe_text(c.current_version.as_deref());
        }),
        Row::shown("last_version_flashed", Json::String, |c, out| {
            out.maybe_text(c.last_version_flashed.as_deref());
        }),
        identity("vendor", |c, out| out.maybe_text(c.vendor.as_deref())),
        identity("model", |c, out| out.maybe_text(c.model.as_deref())),
        identity("serial_number", |c, out| {
            out.maybe_text(c.serial_number.as_deref());
        }),
    ];
}

/// Refuses a choice of fields with one that is newer than the version.
///
/// # Errors
/// 400.
pub fn check_selected(names: &[String], version: Version) -> Result<(), Fault> {
    let early = names
        .iter()
        .filter_map(|name| FirmwareComponentResource::field(name))
        .find(|field| !field.exists_at(version));
    match early {
        None => Ok(()),
        Some(field) => Err(Fault::invalid_parameter(format!(
            "Fields {} are not allowed in API version {version}. They need at least {}.",
            field.name,
            Feature::FirmwareIdentity
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identity_fields_are_400_before_their_version() {
        let names = ["vendor".to_owned()];
        let early = Version::of(Feature::FirmwareInterface);
        assert_eq!(check_selected(&names, early).unwrap_err().code(), 400);
        assert!(check_selected(&names, Version::MAX).is_ok());
    }
}
