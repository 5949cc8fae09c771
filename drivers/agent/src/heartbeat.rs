//! What a heartbeat leaves with a node: where its agent listens, which agent it is, when it was
//! heard of last.
//!
//! The keys of `driver_internal_info` are Ironic's (39.0.0, observed), because a Python conductor
//! may go on with the node.

use drivers_interface::{Heartbeat, Task};
use schemas_model::Node;
use schemas_model::time::Timestamp;
use serde_json::Value;

/// The time format of `driver_internal_info`.
const TIME_FORMAT: &str = "%Y-%m-%dT%H:%M:%S%.6f";

/// Longest text taken from an agent (characters).
const MAX_TEXT: usize = 1024;

/// Takes note of an agent; nothing is saved.
pub(crate) fn note(task: &mut dyn Task, heartbeat: &Heartbeat) {
    let uuid = task.node().uuid.clone();
    tracing::debug!(
        node.uuid = %uuid,
        state = %task.node().provision_state,
        "heartbeat of the agent at {}",
        heartbeat.callback_url
    );
    remember(task.node_mut(), heartbeat, schemas_model::time::now());
}

fn remember(node: &mut Node, heartbeat: &Heartbeat, now: Timestamp) {
    let info = &mut node.driver_internal_info;
    info.set("agent_url", heartbeat.callback_url.clone());
    info.set(
        "agent_version",
        heartbeat
            .agent_version
            .as_deref()
            .map_or(Value::Null, |version| Value::String(cut(version))),
    );
    info.set("agent_last_heartbeat", now.format(TIME_FORMAT).to_string());
    let given = [
        ("agent_verify_ca", heartbeat.agent_verify_ca.as_deref()),
        ("agent_status", heartbeat.agent_status.as_deref()),
        (
            "agent_status_message",
            heartbeat.agent_status_message.as_deref(),
        ),
    ];
    for (key, text) in given {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            info.set(key, cut(text));
        }
    }
}

fn cut(text: &str) -> String {
    text.chars().take(MAX_TEXT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use schemas_model::Uuid;

    #[test]
    fn the_recorded_heartbeat_is_remembered_under_ironics_keys() {
        let mut node = Node::new(Uuid::random(), "fake-hardware");
        let heartbeat = Heartbeat {
            callback_url: "https://192.0.2.95:9999".to_owned(),
            agent_version: Some("13.0.0".to_owned()),
            agent_verify_ca: Some("/var/lib/ironic/certificates/n.crt".to_owned()),
            agent_status: Some(String::new()),
            agent_status_message: Some("x".repeat(5000)),
        };
        let now = Timestamp::parse_from_str("2026-11-20T18:28:11.733636", "%Y-%m-%dT%H:%M:%S%.f")
            .unwrap();
        remember(&mut node, &heartbeat, now);
        let info = &node.driver_internal_info;
        assert_eq!(
            info.text_member("agent_url"),
            Some("https://192.0.2.95:9999")
        );
        assert_eq!(info.text_member("agent_version"), Some("13.0.0"));
        assert_eq!(
            info.text_member("agent_last_heartbeat"),
            Some("2026-11-20T18:28:11.733636")
        );
        assert_eq!(
            info.text_member("agent_verify_ca"),
            Some("/var/lib/ironic/certificates/n.crt")
        );
        assert_eq!(info.member("agent_status"), None);
        let message = info.text_member("agent_status_message").unwrap();
        assert_eq!(message.len(), MAX_TEXT);
    }
}
