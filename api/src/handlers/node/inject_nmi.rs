//! `PUT /v1/nodes/{node}/management/inject_nmi`

use schemas_rpc::NodeRef;
use schemas_rpc::methods::InjectNmi;

use crate::handlers::Answered;
use crate::request::Call;

/// Sends a non-maskable interrupt.
pub async fn inject(call: &Call) -> Answered {
    let access = call.authorise_node().await?;
    let node = &access.object;
    let request = InjectNmi {
        node_id: NodeRef::from(&node.uuid),
    };
    access.send_for(node, request).await?;
    Ok(call.done())
}
