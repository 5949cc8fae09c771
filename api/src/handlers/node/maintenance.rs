//! `/v1/nodes/{node}/maintenance`

use schemas_rpc::Versioned;
use schemas_rpc::methods::UpdateNode;

use crate::handlers::{Answered, no_host_is_400};
use crate::notify::Action;
use crate::request::Call;

/// Puts a node into maintenance.
pub async fn set(call: &Call) -> Answered {
    change(call, true, call.args.text("reason")).await
}

/// Takes a node out of maintenance.
pub async fn clear(call: &Call) -> Answered {
    change(call, false, None).await
}

async fn change(call: &Call, maintenance: bool, reason: Option<&str>) -> Answered {
    let access = call.authorise_node().await?;
    let to = access
        .ring()
        .destination(&access.object)
        .await
        .map_err(no_host_is_400)?;
    let told = call.tell(Action::MaintenanceSet, &access.object, &[]);
    let mut node = access.object.clone();
    node.maintenance = maintenance;
    node.maintenance_reason = reason.map(str::to_owned);
    let changes = ["maintenance", "maintenance_reason"];
    let request = UpdateNode {
        node_obj: Box::new(Versioned::changed(node, changes)),
        reset_interfaces: None,
    };
    let stored = access.send(&to, request).await?.object;
    told.end(&stored, &[]);
    Ok(call.done())
}
