//! `/v1/nodes/{node}/states/console`

use schemas_model::Class;
use schemas_rpc::NodeRef;
use schemas_rpc::methods::{GetConsoleInformation, SetConsoleMode};
use serde_json::json;

use crate::handlers::Answered;
use crate::request::Call;

/// Whether the console is on, and how to reach it.
pub async fn show(call: &Call) -> Answered {
    let access = call.authorise_node().await?;
    let node = &access.object;
    let request = GetConsoleInformation {
        node_id: NodeRef::from(&node.uuid),
    };
    let console = match access.send_for(node, request).await {
        Ok(info) => Some(info),
        Err(fault) if fault.is_a(Class::NodeConsoleNotEnabled) => None,
        Err(fault) => return Err(fault),
    };
    Ok(call.json(&json!({
        "console_enabled": console.is_some(),
        "console_info": console,
    })))
}

/// Switches the console on or off.
pub async fn set(call: &Call) -> Answered {
    let access = call.authorise_node().await?;
    let node = &access.object;
    // A null switches it off.
    let enabled = call.args.boolean("enabled").unwrap_or(false);
    let request = SetConsoleMode {
        node_id: NodeRef::from(&node.uuid),
        enabled,
    };
    access.send_for(node, request).await?;
    let place = call.location(format_args!("nodes/{}/states/console", call.path("node")));
    Ok(call.done().at(place))
}
