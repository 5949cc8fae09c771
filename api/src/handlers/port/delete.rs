//! `DELETE /v1/ports/{port}`

use schemas_model::{Fault, Uuid};
use schemas_rpc::Versioned;
use schemas_rpc::methods::DestroyPort;

use super::beside::{self, Beside};
use crate::handlers::{Answered, malformed_uri};
use crate::notify::Action;
use crate::request::Call;

/// Deletes a port; only by UUID.
pub async fn delete(call: &Call) -> Answered {
    let name = call.path("port");
    if !Uuid::is_like(name) {
        return Err(Fault::invalid_parameter(format!(
            "Expected UUID for port_uuid: {name}"
        )));
    }
    if call.is_below_another() {
        return Err(malformed_uri());
    }
    let access = beside::authorised(call).await?;
    let node = access.object.node()?;
    let port = Versioned::from(access.object.port.clone()).with_node_uuid(Some(&node.uuid));
    let request = DestroyPort {
        port: Box::new(port),
    };
    let looked_up = Beside::of(&access, std::slice::from_ref(&access.object.port)).await?;
    let view = looked_up.view(&access.object.port);
    let told_beside = [
        ("node_uuid", view.node_uuid),
        ("portgroup_uuid", view.portgroup_uuid),
    ];
    let told = call.tell(Action::Delete, &access.object.port, &told_beside);
    access.send_for(node, request).await?;
    told.done();
    Ok(call.done())
}
