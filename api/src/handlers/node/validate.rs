//! `GET /v1/nodes/{node}/validate`

use schemas_model::{Fault, Uuid};
use schemas_rest::Feature;
use schemas_rest::params::not_acceptable;
use schemas_rpc::NodeRef;
use schemas_rpc::methods::ValidateDriverInterfaces;

use crate::handlers::Answered;
use crate::request::Call;

/// Whether each interface of a node is configured well enough.
pub async fn validate(call: &Call) -> Answered {
    let named = call.path_maybe("node").or_else(|| call.args.text("node"));
    if let Some(name) = named
        && !call.allows(Feature::NodeName)
        && !Uuid::is_like(name)
    {
        return Err(not_acceptable("Request not acceptable."));
    }
    let ident = call
        .args
        .text("node_uuid")
        .or(named)
        .ok_or_else(|| Fault::missing_parameter("Name or UUID of a node is needed"))?;
    let access = call.authorise_node_for(call.operation.rule, ident).await?;
    let node = &access.object;
    let request = ValidateDriverInterfaces {
        node_id: NodeRef::from(&node.uuid),
    };
    let verdict = access.send_for(node, request).await?;
    Ok(call.json(&verdict))
}
