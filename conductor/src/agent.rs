//! What is remembered of a node's agent in `driver_internal_info`, and when it is forgotten.
//!
//! The keys are Ironic's.

use rand::Rng;
use schemas_config::Config;
use schemas_model::power::PowerState;
use schemas_model::time::Timestamp;
use schemas_model::{Node, Object};
use serde_json::Value;
use subtle::ConstantTimeEq;

use crate::step::{StepFlow, forget_flags};

const TOKEN: &str = "agent_secret_token";
const PREGENERATED: &str = "agent_secret_token_pregenerated";

/// The time format of `driver_internal_info` (Ironic 39.0.0, observed).
const TIME_FORMAT: &str = "%Y-%m-%dT%H:%M:%S%.6f";

fn unset(info: &mut Object, keys: &[&str]) {
    for key in keys {
        info.unset(key);
    }
}

fn is_set(node: &Node, key: &str) -> bool {
    node.driver_internal_info
        .member(key)
        .is_some_and(|value| !matches!(value, Value::Null | Value::Bool(false)))
}

/// Writes a time under a key.
pub fn stamp(node: &mut Node, key: &str, now: Timestamp) {
    node.driver_internal_info
        .set(key, now.format(TIME_FORMAT).to_string());
}

/// Whether the agent has told its address.
pub fn is_known(node: &Node) -> bool {
    node.driver_internal_info
        .text_member("agent_url")
        .is_some_and(|url| !url.is_empty())
}

/// Forgets what ends when the machine is powered off.
pub fn forget_session(node: &mut Node) {
    let pregenerated = is_set(node, PREGENERATED);
    let info = &mut node.driver_internal_info;
    unset(
        info,
        &[
            "agent_url",
            "agent_cached_deploy_steps",
            "agent_cached_clean_steps",
            "agent_verify_ca",
            "agent_start_attempted",
        ],
    );
    if !pregenerated {
        info.unset(TOKEN);
    }
}

/// Forgets token and address: the next agent has to look its node up.
pub fn forget_token_and_url(node: &mut Node) {
    unset(
        &mut node.driver_internal_info,
        &[TOKEN, PREGENERATED, "agent_url", "agent_verify_ca"],
    );
}

/// Forgets the address only.
pub fn forget_url(node: &mut Node) {
    node.driver_internal_info.unset("agent_url");
}

/// Forgets what a flow of steps left, before it begins and after it has ended.
///
/// `keep_agent`: a running agent can be used by the next flow (fast track).
pub fn forget_flow(node: &mut Node, flow: &StepFlow, keep_agent: bool) {
    if !keep_agent {
        forget_token_and_url(node);
    }
    let info = &mut node.driver_internal_info;
    info.set(flow.steps, Value::Null);
    unset(
        info,
        &[
            flow.cached,
            flow.index,
            "steps_validated",
            "agent_start_attempted",
        ],
    );
    if let Some(key) = flow.disable_ramdisk {
        info.unset(key);
    }
    match flow.kind {
        schemas_model::step::StepKind::Clean => unset(info, &["declarative_cleaning"]),
        schemas_model::step::StepKind::Deploy => {
            unset(info, &["user_deploy_steps", "image_source"]);
        }
        _ => unset(info, &["image_source"]),
    }
    forget_flags(node);
}

/// A new token, 256 random bits as URL-safe text.
pub fn add_token(node: &mut Node) {
    use base64::Engine;
    let mut bytes = [0_u8; 32];
    rand::rng().fill_bytes(&mut bytes);
    let token = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes);
    node.driver_internal_info.set(TOKEN, token);
    node.driver_internal_info.unset(PREGENERATED);
}

/// Whether the node has a token.
pub fn has_token(node: &Node) -> bool {
    node.driver_internal_info
        .member(TOKEN)
        .is_some_and(|token| !token.is_null())
}

/// Hides the token from whoever asks a second time.
pub fn mask_token(node: &mut Node) {
    node.driver_internal_info.set(TOKEN, "******");
}

/// Whether this is the node's token.
pub fn is_token(node: &Node, candidate: &str) -> bool {
    node.driver_internal_info
        .text_member(TOKEN)
        .is_some_and(|token| token.as_bytes().ct_eq(candidate.as_bytes()).into())
}

/// Whether the flow at hand could use an agent that runs already (`is_fast_track` minus the power read).
pub fn fast_track_able(node: &Node, config: &Config, writes_image: bool) -> bool {
    let wanted = match node.driver_info.member("fast_track") {
        Some(Value::Bool(wanted)) => *wanted,
        Some(Value::String(text)) => {
            matches!(
                text.to_ascii_lowercase().as_str(),
                "1" | "t" | "true" | "on" | "y" | "yes"
            )
        }
        _ => config.deploy.fast_track,
    };
    wanted
        && writes_image
        && node.last_error.is_none()
        && !node.provision_state.is_servicing()
        && !is_set(node, "redfish_fw_updates")
        && !is_set(node, "firmware_updates")
}

/// Whether an agent has been heard of lately.
pub fn is_alive(node: &Node, config: &Config, now: Timestamp) -> bool {
    let patience = chrono::TimeDelta::seconds(
        i64::try_from(config.deploy.fast_track_timeout).unwrap_or(i64::MAX / 1000),
    );
    let lately = |then: Timestamp| now - patience <= then;
    if node.power_state == Some(PowerState::On) && node.inspection_finished_at.is_some_and(lately) {
        return true;
    }
    is_known(node)
        && node
            .driver_internal_info
            .text_member("agent_last_heartbeat")
            .and_then(|text| Timestamp::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").ok())
            .is_some_and(lately)
}

#[cfg(test)]
mod tests {
    use super::*;
    use schemas_model::Uuid;

    #[test]
    fn a_token_is_compared_and_forgotten() {
        let mut node = Node::new(Uuid::random(), "fake-hardware");
        assert!(!has_token(&node) && !is_token(&node, ""));
        add_token(&mut node);
        let token = node
            .driver_internal_info
            .text_member(TOKEN)
            .unwrap()
            .to_owned();
        assert_eq!(token.len(), 43);
        assert!(is_token(&node, &token) && !is_token(&node, "x"));
        forget_session(&mut node);
        assert!(!has_token(&node));
    }

    #[test]
    fn a_pregenerated_token_survives_power_off() {
        let mut node = Node::new(Uuid::random(), "fake-hardware");
        add_token(&mut node);
        node.driver_internal_info.set(PREGENERATED, true);
        forget_session(&mut node);
        assert!(has_token(&node));
        forget_token_and_url(&mut node);
        assert!(!has_token(&node));
    }

    #[test]
    fn an_agent_is_alive_as_long_as_it_beats() {
        let machine = schemas_config::Machine::detect();
        let config = Config::defaults(machine).unwrap();
        let now = schemas_model::time::now();
        let mut node = Node::new(Uuid::random(), "fake-hardware");
        node.driver_internal_info
            .set("agent_url", "https://192.0.2.1:9999");
        assert!(!is_alive(&node, &config, now));
        stamp(
            &mut node,
            "agent_last_heartbeat",
            now - chrono::TimeDelta::seconds(299),
        );
        assert!(is_alive(&node, &config, now));
        assert!(!is_alive(
            &node,
            &config,
            now + chrono::TimeDelta::seconds(2)
        ));
    }
}
