//! `DELETE /v1/portgroups/{portgroup}`

use schemas_rpc::Versioned;
use schemas_rpc::methods::DestroyPortgroup;

use super::beside;
use crate::handlers::{Answered, malformed_uri};
use crate::notify::Action;
use crate::request::Call;

/// Deletes a port group.
pub async fn delete(call: &Call) -> Answered {
    let access = beside::authorised(call).await?;
    if call.is_below_another() {
        return Err(malformed_uri());
    }
    let node = access.object.node()?;
    let object = Versioned::from(access.object.portgroup.clone()).with_node_uuid(Some(&node.uuid));
    let request = DestroyPortgroup {
        portgroup: Box::new(object),
    };
    let beside = [("node_uuid", Some(node.uuid.as_str()))];
    let told = call.tell(Action::Delete, &access.object.portgroup, &beside);
    access.send_for(node, request).await?;
    told.done();
    Ok(call.done())
}
