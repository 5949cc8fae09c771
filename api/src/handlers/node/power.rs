//! `PUT /v1/nodes/{node}/states/power`

use schemas_model::power::PowerState;
use schemas_model::provision::State;
use schemas_model::{Class, Fault};
use schemas_rest::Feature;
use schemas_rest::params::not_acceptable;
use schemas_rpc::NodeRef;
use schemas_rpc::methods::ChangeNodePowerState;

use crate::handlers::Answered;
use crate::request::Call;

/// Asks for a power state; the conductor goes on in the background.
pub async fn set(call: &Call) -> Answered {
    let access = call.authorise_node().await?;
    let node = &access.object;
    let to = access.ring().destination(node).await?;
    let asked = call.args.text("target").unwrap_or_default();
    let target = asked.parse::<PowerState>().ok();
    let timeout = call.args.integer("timeout");
    let soft = target.is_some_and(PowerState::is_soft);
    if (soft || timeout.is_some_and(|seconds| seconds != 0)) && !call.allows(Feature::SoftPowerOff)
    {
        return Err(not_acceptable("Request not acceptable."));
    }
    if timeout.is_some_and(|seconds| seconds < 1) {
        return Err(Fault::invalid("timeout has to be positive integer"));
    }
    let refused = |state: &str| {
        Err(Fault::invalid_state_requested(format!(
            "The requested action \"{asked}\" can not be performed on node \"{}\" while it is in \
             state \"{state}\".",
            call.path("node")
        )))
    };
    let new_state = match target {
        None | Some(PowerState::Error) => {
            return refused(node.power_state.map_or("None", |state| state.as_str()));
        }
        Some(target) => target,
    };
    if matches!(node.provision_state, State::CleanWait | State::Cleaning) {
        return refused(node.provision_state.as_str());
    }
    if matches!(new_state, PowerState::Off | PowerState::SoftOff) && node.stays_powered() {
        return Err(Fault::new(
            Class::PowerStateFailure,
            format!(
                "Failed to set node power state to {new_state}: the node must not be powered off."
            ),
        ));
    }
    let request = ChangeNodePowerState {
        node_id: NodeRef::from(&node.uuid),
        new_state,
        timeout,
    };
    access.send(&to, request).await?;
    let place = call.location(format_args!("nodes/{}/states", call.path("node")));
    Ok(call.done().at(place))
}
