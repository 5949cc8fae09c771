//! `PUT /v1/nodes/{node}/states/secure_boot`

use schemas_model::Fault;
use schemas_rpc::NodeRef;
use schemas_rpc::methods::ChangeNodeSecureBoot;

use super::boot_mode::check_at_rest;
use crate::handlers::Answered;
use crate::request::Call;

/// Asks for secure boot on or off; the conductor goes on in the background.
pub async fn set(call: &Call) -> Answered {
    let access = call.authorise_node().await?;
    let node = &access.object;
    let to = access.ring().destination(node).await?;
    let new_state = call
        .args
        .boolean("target")
        .ok_or_else(|| Fault::invalid_parameter("Allowed secure_boot states are: True, False"))?;
    check_at_rest(node)?;
    let request = ChangeNodeSecureBoot {
        node_id: NodeRef::from(&node.uuid),
        new_state,
    };
    access.send(&to, request).await?;
    let place = call.location(format_args!("nodes/{}/states", call.path("node")));
    Ok(call.done().at(place))
}
