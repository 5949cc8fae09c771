//! `/v1/nodes/{node}/vifs`

use schemas_model::{Fault, Node};
use schemas_rest::{Feature, ident, schema};
use schemas_rpc::methods::{VifAttach, VifDetach, VifList};
use schemas_rpc::{Destination, NodeRef};
use serde_json::json;

use crate::handlers::{Answered, no_host_is_400};
use crate::request::{Access, Call};

/// The virtual interfaces of a node.
pub async fn list(call: &Call) -> Answered {
    let (access, to) = reach(call).await?;
    let request = VifList {
        node_id: NodeRef::from(&access.object.uuid),
    };
    let vifs = access.send(&to, request).await?;
    Ok(call.json(&json!({ "vifs": vifs })))
}

/// Attaches a virtual interface.
pub async fn attach(call: &Call) -> Answered {
    schema::vif(&call.document)?;
    let vif_info = call.document.as_object().cloned().unwrap_or_default();
    let (access, to) = reach(call).await?;
    if call.allows(Feature::NodeVifAttachPort)
        && vif_info.contains_key("port_uuid")
        && vif_info.contains_key("portgroup_uuid")
    {
        return Err(Fault::invalid(
            "Cannot specify both port_uuid and portgroup_uuid",
        ));
    }
    let request = VifAttach {
        node_id: NodeRef::from(&access.object.uuid),
        vif_info,
    };
    access.send(&to, request).await?;
    Ok(call.done())
}

/// Detaches a virtual interface.
pub async fn detach(call: &Call) -> Answered {
    let vif_id = call.path("vif").to_owned();
    if !ident::is_uuid_or_name(&vif_id) {
        return Err(Fault::invalid_parameter(format!(
            "Expected UUID or name for vif_id: {vif_id}"
        )));
    }
    let (access, to) = reach(call).await?;
    let request = VifDetach {
        node_id: NodeRef::from(&access.object.uuid),
        vif_id,
    };
    access.send(&to, request).await?;
    Ok(call.done())
}

async fn reach(call: &Call) -> Result<(Access<'_, Node>, Destination), Fault> {
    let access = call.authorise_node().await?;
    let to = access
        .ring()
        .destination(&access.object)
        .await
        .map_err(no_host_is_400)?;
    Ok((access, to))
}
