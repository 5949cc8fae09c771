//! The fields of a conductor.
//!
//! Source: Ironic 39.0.0, `ironic.api.controllers.v1.conductor`.

use schemas_model::Conductor;

use crate::field::{Field, Json, Resource};

/// A conductor in the API.
pub struct ConductorResource;

type Row = Field<ConductorResource>;

/// A conductor and whether it lives.
#[derive(Clone, Copy, Debug)]
pub struct ConductorView<'a> {
    /// The conductor.
    pub conductor: &'a Conductor,
    /// Whether it is online and was heard of within `[conductor]heartbeat_timeout`.
    pub alive: bool,
}

impl Resource for ConductorResource {
    type View<'a> = ConductorView<'a>;
    type Model = Conductor;
    const NAME: &'static str = "conductor";
    const COLLECTION: &'static str = "conductors";
    const SHORT: &'static [&'static str] = &["hostname", "conductor_group", "alive"];
    const FIELDS: &'static [Field<Self>] = &[
        Row::shown("created_at", Json::String, |v, out| {
            out.time(v.conductor.created_at)
        }),
        Row::shown("updated_at", Json::String, |v, out| {
            out.time(v.conductor.updated_at)
        }),
        Row::shown("hostname", Json::String, |v, out| {
            out.text(&v.conductor.hostname)
        }),
        Row::shown("conductor_group", Json::String, |v, out| {
            out.text(&v.conductor.conductor_group);
        }),
        Row::shown("drivers", Json::Array, |v, out| {
            out.texts(&v.conductor.drivers)
        }),
        Row::shown("alive", Json::Boolean, |v, out| out.boolean(v.alive)).unsortable(),
        Row::shown("links", Json::Array, |v, out| {
            out.links(format_args!("conductors/{}", v.conductor.hostname));
        })
        .always(),
    ];
}
