//! `PUT /v1/nodes/{node}/states/raid`

use schemas_model::{Class, Fault};
use schemas_rpc::NodeRef;
use schemas_rpc::methods::SetTargetRaidConfig;
use serde_json::Value;

use crate::handlers::Answered;
use crate::request::Call;

/// Stores the wanted RAID configuration.
pub async fn set(call: &Call) -> Answered {
    let Value::Object(config) = &call.document else {
        return Err(Fault::invalid_parameter(
            "Expected an object for target_raid_config",
        ));
    };
    let access = call.authorise_node().await?;
    let node = &access.object;
    let request = SetTargetRaidConfig {
        node_id: NodeRef::from(&node.uuid),
        target_raid_config: config.clone(),
    };
    access
        .send_for(node, request)
        .await
        .map_err(unsupported_is_404)?;
    Ok(call.done())
}

/// RAID is a standard interface: not having it is answered like a missing resource.
pub fn unsupported_is_404(fault: Fault) -> Fault {
    if fault.is_a(Class::UnsupportedDriverExtension) {
        fault.with_code(404)
    } else {
        fault
    }
}
