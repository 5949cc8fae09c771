//! The fields of an entry of a node's history.
//!
//! Source: Ironic 39.0.0, `ironic.api.controllers.v1.node.NodeHistoryController`.

use std::borrow::Cow;

use schemas_model::NodeHistory;

use crate::field::{Field, Json, Resource};
use crate::versions::Feature;

/// An entry of a node's history in the API.
pub struct HistoryResource;

type Row = Field<HistoryResource>;

/// An entry, its node, and whether it is shown in full.
#[derive(Clone, Copy, Debug)]
pub struct HistoryView<'a> {
    /// The entry.
    pub entry: &'a NodeHistory,
    /// The UUID of its node.
    pub node_uuid: &'a str,
    /// Whether all fields are shown; the event is cut when not.
    pub detail: bool,
}

/// The most characters of an event in a short list, and how many are left when there are more.
const EVENT_LIMIT: usize = 255;
const EVENT_HEAD: usize = 251;

const fn words(name: &'static str, show: crate::field::Show<HistoryResource>) -> Row {
    Row::shown(name, Json::String, show)
}

impl Resource for HistoryResource {
    type View<'a> = HistoryView<'a>;
    type Model = NodeHistory;
    const NAME: &'static str = "history";
    const COLLECTION: &'static str = "history";
    const SHORT: &'static [&'static str] = &["uuid", "created_at", "severity", "event"];
    const FIELDS: &'static [Field<Self>] = &[
        words("uuid", |v, out| out.text(v.entry.uuid.as_str())),
        words("created_at", |v, out| out.time(v.entry.created_at)),
        words("severity", |v, out| {
            out.maybe_text(v.entry.severity.as_deref());
        }),
        words("event_type", |v, out| {
            out.maybe_text(v.entry.event_type.as_deref());
        }),
        words("event", |v, out| {
            let event = v.entry.event.as_deref();
            if v.detail {
                out.maybe_text(event);
            } else {
                out.maybe_text(event.map(shortened).as_deref());
            }
        }),
        words("conductor", |v, out| {
            out.maybe_text(v.entry.conductor.as_deref());
        }),
        words("user", |v, out| out.maybe_text(v.entry.user.as_deref())),
        words("project", |v, out| {
            out.maybe_text(v.entry.project.as_deref());
        })
        .since(Feature::NodeHistoryProject),
        words("state", |v, out| out.maybe_text(v.entry.state.as_deref()))
            .since(Feature::NodeHistoryFields),
        words("target_provision_state", |v, out| {
            out.maybe_text(v.entry.target_provision_state.as_deref());
        })
        .since(Feature::NodeHistoryFields),
        Row::shown("duration_seconds", Json::Integer, |v, out| {
            out.maybe_integer(v.entry.duration_seconds);
        })
        .since(Feature::NodeHistoryFields),
        Row::shown("links", Json::Array, |v, out| {
            out.own_link(format_args!(
                "nodes/{}/history/{}",
                v.node_uuid, v.entry.uuid
            ));
        })
        .always(),
    ];
}

/// The names a `next` link of a detailed list repeats, whatever the version.
pub const DETAILED: &[&str] = &[
    "uuid",
    "created_at",
    "severity",
    "event_type",
    "event",
    "conductor",
    "user",
    "project",
    "state",
    "target_provision_state",
    "duration_seconds",
];

fn shortened(event: &str) -> Cow<'_, str> {
    // There are no more characters than bytes.
    if event.len() <= EVENT_LIMIT || event.chars().count() <= EVENT_LIMIT {
        return Cow::Borrowed(event);
    }
    let head: String = event.chars().take(EVENT_HEAD).collect();
    Cow::Owned(format!("{head}..."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_events_are_cut() {
        let exact = "é".repeat(EVENT_LIMIT);
        assert_eq!(shortened(&exact), exact);
        let long = "é".repeat(EVENT_LIMIT + 1);
        assert_eq!(shortened(&long), format!("{}...", "é".repeat(EVENT_HEAD)));
    }
}
