//! What a person may ask of `PUT /v1/nodes/{node}/states/provision`, and the event it means.

use super::event::Event;
use crate::wire_enum::wire_enum;

wire_enum! {
    /// A provision verb as written in a request's `target`.
    #[allow(missing_docs, reason = "the names are Ironic's")]
    pub enum Verb("provision verb") {
        Active = "active",
        Deploy = "deploy",
        Deleted = "deleted",
        Undeploy = "undeploy",
        Rebuild = "rebuild",
        Manage = "manage",
        Provide = "provide",
        Inspect = "inspect",
        Abort = "abort",
        Clean = "clean",
        Adopt = "adopt",
        Rescue = "rescue",
        Unrescue = "unrescue",
        Unhold = "unhold",
        Service = "service",
    }
}

impl Verb {
    /// The event of the state machine this verb stands for.
    pub const fn event(self) -> Event {
        match self {
            Verb::Active | Verb::Deploy => Event::Deploy,
            Verb::Deleted | Verb::Undeploy => Event::Delete,
            Verb::Rebuild => Event::Rebuild,
            Verb::Manage => Event::Manage,
            Verb::Provide => Event::Provide,
            Verb::Inspect => Event::Inspect,
            Verb::Abort => Event::Abort,
            Verb::Clean => Event::Clean,
            Verb::Adopt => Event::Adopt,
            Verb::Rescue => Event::Rescue,
            Verb::Unrescue => Event::Unrescue,
            Verb::Unhold => Event::Unhold,
            Verb::Service => Event::Service,
        }
    }
}
