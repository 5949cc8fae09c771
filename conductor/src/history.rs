//! Rows of a node's history: what happened, when a person later asks why.

use schemas_model::ids::Uuid;
use schemas_model::provision::State;
use schemas_model::time::Timestamp;
use schemas_model::{Node, NodeHistory};
use schemas_rpc::RequestContext;

/// What kind of event a row is about (Ironic 39.0.0, words of `ironic.common.states`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are Ironic's")]
pub enum EventType {
    Adoption,
    Cleaning,
    Conductor,
    Console,
    Deploying,
    Introspection,
    Monitoring,
    Provisioning,
    Rescue,
    Servicing,
    StartFailure,
    Takeover,
    Transition,
    Unprovision,
    Verify,
    Verifying,
    /// The node's own state.
    State(State),
    /// A flow of steps begins or ends: `deployment_start`, ...
    Flow(&'static str),
    /// Nothing better is known.
    Unknown,
}

impl EventType {
    /// The word in the `event_type` column.
    pub const fn word(self) -> &'static str {
        match self {
            EventType::Adoption => "adoption",
            EventType::Cleaning => "cleaning",
            EventType::Conductor => "conductor",
            EventType::Console => "console",
            EventType::Deploying => "deploying",
            EventType::Introspection => "introspection",
            EventType::Monitoring => "monitoring",
            EventType::Provisioning => "provisioning",
            EventType::Rescue => "rescue",
            EventType::Servicing => "servicing",
            EventType::StartFailure => "startup failure",
            EventType::Takeover => "takeover",
            EventType::Transition => "transition",
            EventType::Unprovision => "unprovision",
            EventType::Verify => "verify",
            EventType::Verifying => "verifying",
            EventType::State(state) => state.as_str(),
            EventType::Flow(word) => word,
            EventType::Unknown => "UNKNOWN",
        }
    }
}

/// A row about the node as it is now, and who asked for what happened.
pub fn entry(
    node: &Node,
    host: &str,
    context: &RequestContext,
    event_type: EventType,
    event: &str,
    is_error: bool,
    now: Timestamp,
) -> NodeHistory {
    let duration = node
        .provision_updated_at
        .map(|since| (now - since).num_seconds())
        .and_then(|seconds| i32::try_from(seconds).ok());
    NodeHistory {
        uuid: Uuid::random(),
        node_id: node.id,
        conductor: Some(host.to_owned()),
        event_type: Some(event_type.word().to_owned()),
        severity: Some(if is_error { "ERROR" } else { "INFO" }.to_owned()),
        event: Some(event.to_owned()),
        user: context.user.clone(),
        project: context.project_id.clone(),
        state: Some(node.provision_state.as_str().to_owned()),
        target_provision_state: node.target_provision_state.map(|s| s.as_str().to_owned()),
        duration_seconds: duration,
        created_at: Some(now),
        updated_at: None,
    }
}
