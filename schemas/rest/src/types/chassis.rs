//! The fields of a chassis.
//!
//! Source: Ironic 39.0.0, `ironic.api.controllers.v1.chassis`.

use schemas_model::Chassis;

use crate::field::{Field, Json, OBJECT, Resource, Set, TEXT, UUID};
use crate::validate::{doc, text};

/// A chassis in the API.
pub struct ChassisResource;

type Row = Field<ChassisResource>;

impl Resource for ChassisResource {
    type View<'a> = &'a Chassis;
    type Model = Chassis;
    const NAME: &'static str = "chassis";
    const COLLECTION: &'static str = "chassis";
    const SHORT: &'static [&'static str] = &["uuid", "description"];
    const FIELDS: &'static [Field<Self>] = &[
        Row::shown("uuid", Json::String, |c, out| out.text(c.uuid.as_str())).accept(
            Set::Both,
            UUID,
            |c, v| {
                if let Some(uuid) = text(v) {
                    c.uuid = schemas_model::Uuid::from_stored(uuid);
                }
            },
        ),
        Row::shown("created_at", Json::String, |c, out| out.time(c.created_at)),
        Row::shown("updated_at", Json::String, |c, out| out.time(c.updated_at)),
        Row::shown("description", Json::String, |c, out| {
            out.maybe_text(c.description.as_deref());
        })
        .accept(Set::Both, TEXT.length(0, 255), |c, v| {
            c.description = text(v)
        }),
        Row::shown("extra", Json::Object, |c, out| out.doc(&c.extra)).accept(
            Set::Both,
            OBJECT,
            |c, v| c.extra = doc(v),
        ),
        Row::shown("links", Json::Array, |c, out| {
            out.links(format_args!("chassis/{}", c.uuid));
        })
        .always(),
        // A list in a list: a slip of the reference that clients have got used to.
        Row::shown("nodes", Json::Array, |c, out| {
            out.array(|out| {
                out.item();
                out.links(format_args!("chassis/{}/nodes", c.uuid));
            });
        }),
    ];
}
