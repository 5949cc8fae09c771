//! `POST /v1/heartbeat/{node}`

use schemas_model::Fault;
use schemas_model::secret::Secret;
use schemas_rest::ident;
use schemas_rpc::NodeRef;
use schemas_rpc::methods::Heartbeat;

use super::check_enabled;
use crate::handlers::{Answered, no_host_is_400};
use crate::request::Call;

/// States an agent may say it is in.
const STATES: &[&str] = &["start", "end", "error"];

/// The agent of a node reports in.
pub async fn heartbeat(call: &Call) -> Answered {
    check_enabled(call)?;
    let name = call.path("node");
    if !ident::is_uuid_or_name(name) {
        return Err(Fault::invalid_parameter(format!(
            "Expected UUID or name for node_ident: {name}"
        )));
    }
    let access = call.authorise()?;
    let node = call.node_for_ramdisk(name).await?;
    let text = |name: &str| call.args.text(name).map(str::to_owned);
    let callback_url = text("callback_url").unwrap_or_default();
    if !callback_url.is_empty() && !scheme(&callback_url).contains("http") {
        return Err(Fault::invalid_parameter(
            "An issue with the supplied \"callback_url\" has been detected.",
        ));
    }
    let known = node.driver_internal_info.text_member("agent_url");
    if known.is_some_and(|known| known != callback_url) {
        tracing::error!(
            node.uuid = %node.uuid,
            url = %callback_url,
            "heartbeat with an unexpected callback URL is not processed"
        );
        return Err(Fault::invalid(
            "Detected change in ramdisk provided \"callback_url\"",
        ));
    }
    let agent_token = text("agent_token").ok_or_else(|| {
        Fault::invalid_parameter("Agent token is required for heartbeat processing.")
    })?;
    let agent_status = text("agent_status");
    if agent_status
        .as_deref()
        .is_some_and(|status| !STATES.contains(&status))
    {
        return Err(Fault::invalid_parameter(format!(
            "Agent status is invalid. Valid states are {}.",
            STATES.join(",")
        )));
    }
    let to = access
        .ring()
        .destination(&node)
        .await
        .map_err(no_host_is_400)?;
    let request = Heartbeat {
        node_id: NodeRef::from(&node.uuid),
        callback_url,
        agent_version: text("agent_version"),
        agent_token: Some(Secret::from(agent_token)),
        agent_verify_ca: text("agent_verify_ca"),
        agent_status,
        agent_status_message: text("agent_status_message"),
    };
    access.send(&to, request).await?;
    Ok(call.done())
}

/// The scheme of a URL, in lower case; empty when there is none.
fn scheme(url: &str) -> String {
    url.split_once(':')
        .map(|(scheme, _)| scheme.to_lowercase())
        .unwrap_or_default()
}
