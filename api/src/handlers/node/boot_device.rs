//! `/v1/nodes/{node}/management/boot_device`

use schemas_rpc::NodeRef;
use schemas_rpc::methods::{GetBootDevice, GetSupportedBootDevices, SetBootDevice};
use serde_json::json;

use crate::handlers::Answered;
use crate::request::Call;

/// What the node boots from next.
pub async fn show(call: &Call) -> Answered {
    let access = call.authorise_node().await?;
    let node = &access.object;
    let request = GetBootDevice {
        node_id: NodeRef::from(&node.uuid),
    };
    let device = access.send_for(node, request).await?;
    Ok(call.json(&device))
}

/// Sets what the node boots from.
pub async fn set(call: &Call) -> Answered {
    let access = call.authorise_node().await?;
    let node = &access.object;
    let request = SetBootDevice {
        node_id: NodeRef::from(&node.uuid),
        device: call.args.text("boot_device").unwrap_or_default().to_owned(),
        persistent: call.args.boolean("persistent").unwrap_or(false),
    };
    access.send_for(node, request).await?;
    Ok(call.done())
}

/// What the node can boot from.
pub async fn supported(call: &Call) -> Answered {
    let access = call.authorise_node().await?;
    let node = &access.object;
    let request = GetSupportedBootDevices {
        node_id: NodeRef::from(&node.uuid),
    };
    let devices = access.send_for(node, request).await?;
    Ok(call.json(&json!({ "supported_boot_devices": devices })))
}
