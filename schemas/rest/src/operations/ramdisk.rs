//! What ramdisks and other services call: lookup, heartbeat, inspection data, events.

use super::family::{Family, Gate, Method, Operation};
use super::id::OperationId as Id;
use super::param::{Kind, Param};
use crate::versions::Feature;
use Method::{Get, Post};

/// The families for callers that are not people.
pub const FAMILIES: &[Family] = &[
    Family::new(
        "/v1/lookup",
        &[
            Operation::new(Id::Lookup, Get, "", "baremetal:driver:ipa_lookup")
                .params(&[
                    Param::new("addresses", Kind::List),
                    Param::new("node_uuid", Kind::Uuid),
                ])
                .gate(Gate::LateNotFound(Feature::LookupHeartbeat)),
        ],
    ),
    Family::new(
        "/v1/heartbeat",
        &[Operation::new(
            Id::Heartbeat,
            Post,
            "/{node}",
            "baremetal:node:ipa_heartbeat",
        )
        .params(&[
            Param::new("callback_url", Kind::Text).required(),
            Param::new("agent_version", Kind::Text).bad_before(Feature::AgentVersionHeartbeat),
            Param::new("agent_token", Kind::Text),
            Param::new("agent_verify_ca", Kind::Text).bad_before(Feature::HeartbeatVerifyCa),
            Param::new("agent_status", Kind::Text).bad_before(Feature::HeartbeatStatus),
            Param::new("agent_status_message", Kind::Text).bad_before(Feature::HeartbeatStatus),
        ])
        .gate(Gate::LateNotFound(Feature::LookupHeartbeat))
        .success(202)],
    ),
    Family::new(
        "/v1/continue_inspection",
        &[Operation::new(
            Id::ContinueInspection,
            Post,
            "",
            "baremetal:driver:ipa_continue_inspection",
        )
        .whole("data")
        .params(&[Param::new("node_uuid", Kind::Uuid)])
        .gate(Gate::FirstOrNotFound(Feature::ContinueInspection))
        .success(202)],
    ),
    Family::new(
        "/v1/events",
        &[
            Operation::new(Id::EventPost, Post, "", "baremetal:events:post")
                .whole("evts")
                .gate(Gate::NotFound(Feature::Events))
                .success(204),
        ],
    ),
];
