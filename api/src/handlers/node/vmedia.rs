//! `/v1/nodes/{node}/vmedia`

use schemas_rest::{schema, vmedia};
use schemas_rpc::NodeRef;
use schemas_rpc::methods::{AttachVirtualMedia, DetachVirtualMedia, GetVirtualMedia};
use serde_json::Value;

use crate::handlers::{Answered, no_host_is_400};
use crate::request::Call;

/// The virtual devices of a node.
pub async fn show(call: &Call) -> Answered {
    let access = call.authorise_node().await?;
    let node = &access.object;
    let request = GetVirtualMedia {
        node_id: NodeRef::from(&node.uuid),
    };
    let devices = access
        .send_for(node, request)
        .await
        .map_err(no_host_is_400)?;
    Ok(call.json(&devices))
}

/// Puts an image into a virtual device.
pub async fn attach(call: &Call) -> Answered {
    schema::vmedia(&call.document)?;
    let text = |name: &str| call.document.get(name).and_then(Value::as_str);
    let image_url = text("image_url").unwrap_or_default().to_owned();
    vmedia::check_image_url(&image_url)?;
    let access = call.authorise_node().await?;
    let node = &access.object;
    let request = AttachVirtualMedia {
        node_id: NodeRef::from(&node.uuid),
        device_type: text("device_type").unwrap_or_default().to_owned(),
        image_url,
        image_download_source: Some(text("image_download_source").unwrap_or("local").to_owned()),
    };
    access
        .send_for(node, request)
        .await
        .map_err(no_host_is_400)?;
    Ok(call.done())
}

/// Empties virtual devices: the named ones, or all.
pub async fn detach(call: &Call) -> Answered {
    let device_types = call.args.list("device_types").map(<[String]>::to_vec);
    vmedia::check_devices(device_types.as_deref().unwrap_or_default())?;
    let access = call.authorise_node().await?;
    let node = &access.object;
    let request = DetachVirtualMedia {
        node_id: NodeRef::from(&node.uuid),
        device_types,
    };
    access
        .send_for(node, request)
        .await
        .map_err(no_host_is_400)?;
    Ok(call.done())
}
