//! `/v1/nodes/{node}/vendor_passthru`

use schemas_model::Fault;
use schemas_rest::mask::is_truthy;
use schemas_rest::validate::client_error;
use schemas_rpc::NodeRef;
use schemas_rpc::methods::{GetNodeVendorPassthruMethods, VendorPassthru, VendorResponse};
use serde_json::{Value, json};

use crate::driver_facts::Fact;
use crate::handlers::Answered;
use crate::request::{Answer, Call};

/// The vendor methods of a node. Known per hardware type once somebody asked.
pub async fn methods(call: &Call) -> Answered {
    let access = call.authorise_node().await?;
    let node = &access.object;
    if let Some(known) = access
        .driver_facts()
        .get(Fact::NodeVendorMethods, &node.driver)
    {
        return Ok(call.json(&known));
    }
    let request = GetNodeVendorPassthruMethods {
        node_id: NodeRef::from(&node.uuid),
    };
    let methods = access.send_for(node, request).await?;
    access
        .driver_facts()
        .put(Fact::NodeVendorMethods, &node.driver, &methods);
    Ok(call.json(&methods))
}

/// Calls a vendor method.
pub async fn call_method(call: &Call) -> Answered {
    let method = method_name(call)?;
    let access = call.authorise_node().await?;
    let node = &access.object;
    let to = access.ring().destination(node).await?;
    let request = VendorPassthru {
        node_id: NodeRef::from(&node.uuid),
        driver_method: method,
        http_method: call.http_method.clone(),
        info: info(call),
    };
    let response = access.send(&to, request).await?;
    Ok(answer(call, &response))
}

/// The method: the last segment of the path, or `?method=`.
///
/// # Errors
/// 400 when it is absent or empty.
pub fn method_name(call: &Call) -> Result<String, Fault> {
    match call
        .path_maybe("method")
        .or_else(|| call.args.text("method"))
    {
        Some("") => Err(client_error("Method not specified")),
        Some(method) => Ok(method.to_owned()),
        None => Err(schemas_rest::params::missing("method")),
    }
}

/// The body, passed on as it is.
pub fn info(call: &Call) -> Value {
    if call.document.is_null() {
        json!({})
    } else {
        call.document.clone()
    }
}

/// What a vendor method answered: 202 when it goes on in the background.
pub fn answer(call: &Call, response: &VendorResponse) -> Answer {
    let status = if response.r#async { 202 } else { 200 };
    if response.r#async && !is_truthy(&response.value) && response.value.is_null() {
        return call.done().with_status(status);
    }
    call.json(&response.value).with_status(status)
}
