//! `DELETE /v1/nodes/{node}`

use schemas_model::{Class, Fault, Uuid};
use schemas_rpc::NodeRef;
use schemas_rpc::methods::DestroyNode;

use super::beside;
use crate::handlers::{Answered, no_host_is_400};
use crate::notify::Action;
use crate::request::Call;

/// Deletes a node.
pub async fn delete(call: &Call) -> Answered {
    let access = match call.authorise_node().await {
        Err(fault) if may_delete_own(call, &fault) => {
            let rule = "baremetal:node:delete:self_owned_node";
            call.authorise_node_for(rule, call.path("node")).await?
        }
        other => other?,
    };
    let node = &access.object;
    let to = access
        .ring()
        .destination(node)
        .await
        .map_err(no_host_is_400)?;
    let chassis_uuid = beside::chassis_uuid(&access, node).await?;
    let told_beside = [("chassis_uuid", chassis_uuid.as_ref().map(Uuid::as_str))];
    let told = call.tell(Action::Delete, node, &told_beside);
    let request = DestroyNode {
        node_id: NodeRef::from(&node.uuid),
    };
    access.send(&to, request).await?;
    told.done();
    Ok(call.done())
}

fn may_delete_own(call: &Call, fault: &Fault) -> bool {
    fault.class == Class::HTTPForbidden && call.config().api.project_admin_can_manage_own_nodes
}
