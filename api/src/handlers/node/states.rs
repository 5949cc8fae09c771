//! `GET /v1/nodes/{node}/states`

use schemas_rest::Feature;
use schemas_rest::types::node::provision_state;

use crate::handlers::Answered;
use crate::request::Call;

/// The states of a node, out of the database.
pub async fn show(call: &Call) -> Answered {
    let access = call.authorise_node().await?;
    let node = &access.object;
    let mut out = call.out();
    out.object(|out| {
        out.key("console_enabled").boolean(node.console_enabled);
        out.key("last_error").maybe_text(node.last_error.as_deref());
        out.key("power_state")
            .maybe_text(node.power_state.map(|state| state.as_str()));
        provision_state(node.provision_state, out.key("provision_state"));
        out.key("target_power_state")
            .maybe_text(node.target_power_state.map(|state| state.as_str()));
        out.key("target_provision_state")
            .maybe_text(node.target_provision_state.map(|state| state.as_str()));
        out.key("provision_updated_at")
            .time(node.provision_updated_at);
        if call.allows(Feature::RaidConfig) {
            out.key("raid_config").doc(&node.raid_config);
            out.key("target_raid_config").doc(&node.target_raid_config);
        }
        if call.allows(Feature::NodeBootMode) {
            out.key("boot_mode").maybe_text(node.boot_mode.as_deref());
            out.key("secure_boot").maybe_boolean(node.secure_boot);
        }
    });
    Ok(call.answer(out.finish()))
}
