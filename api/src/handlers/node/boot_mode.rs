//! `PUT /v1/nodes/{node}/states/boot_mode`

use schemas_model::boot::BootMode;
use schemas_model::provision::State;
use schemas_model::{Fault, Node};
use schemas_rpc::NodeRef;
use schemas_rpc::methods::ChangeNodeBootMode;

use crate::handlers::Answered;
use crate::request::Call;

/// Asks for a boot mode; the conductor goes on in the background.
pub async fn set(call: &Call) -> Answered {
    let access = call.authorise_node().await?;
    let node = &access.object;
    let to = access.ring().destination(node).await?;
    let asked = call.args.text("target").unwrap_or_default();
    let new_state: BootMode = asked.parse().map_err(|_| {
        Fault::invalid_parameter(format!(
            "Invalid boot mode {asked} requested for node. Allowed boot modes are: bios, uefi"
        ))
    })?;
    check_at_rest(node)?;
    let request = ChangeNodeBootMode {
        node_id: NodeRef::from(&node.uuid),
        new_state,
    };
    access.send(&to, request).await?;
    let place = call.location(format_args!("nodes/{}/states", call.path("node")));
    Ok(call.done().at(place))
}

/// Boot settings are left alone while something else may change them.
///
/// # Errors
/// 409.
pub fn check_at_rest(node: &Node) -> Result<(), Fault> {
    let state = node.provision_state;
    let held = matches!(
        state,
        State::DeployHold | State::CleanHold | State::ServiceHold
    );
    if !state.is_stable() && !state.is_failure() && !held {
        return Err(Fault::conflict(format!(
            "Node is in {state} state. Since node is transitioning, its boot settings will not \
             be changed. Try again later."
        )));
    }
    Ok(())
}
