//! `/console/{node}`: a link to a console in the browser. Not a part of Ironic's API, so it stands
//! outside `/v1` and has no version.
//!
//! `POST` answers with the link, for programs; `GET` leads a browser there. Whoever may ask for
//! `/v1/nodes/{node}/states/console` may ask for it. The page itself is served by the conductor that
//! has the console.

use std::sync::Arc;

use actix_web::http::{Method, StatusCode, header};
use actix_web::{HttpRequest, HttpResponse};
use schemas_model::{Class, Fault};
use schemas_rest::operations::{Operation, OperationId, operations};
use schemas_rest::params::{self, Raw};
use schemas_rest::{Version, fault};
use schemas_rpc::methods::CreateConsoleSession;
use schemas_rpc::{NodeRef, RequestContext};
use serde_json::{Map, Value};

use crate::request::Call;
use crate::state::AppState;

/// The node of a path of this kind: a name or UUID.
pub(crate) fn node_of(path: &str) -> Option<&str> {
    let node = path.strip_prefix("/console/")?.trim_end_matches('/');
    (!node.is_empty() && !node.contains('/')).then_some(node)
}

/// Answers a request.
pub(crate) async fn answer(
    request: &HttpRequest,
    node: &str,
    state: Arc<AppState>,
    context: RequestContext,
) -> HttpResponse {
    let method = request.method();
    if !matches!(*method, Method::GET | Method::POST) {
        return HttpResponse::MethodNotAllowed()
            .insert_header((header::ALLOW, "GET, POST"))
            .finish();
    }
    let link = match link(node, state, context).await {
        Ok(link) => link,
        Err(problem) => {
            let status = StatusCode::from_u16(problem.code());
            return HttpResponse::build(status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))
                .content_type(fault::CONTENT_TYPE)
                .body(fault::body(&problem));
        }
    };
    let mut response = if method == Method::POST {
        HttpResponse::Created()
    } else {
        HttpResponse::SeeOther()
    };
    // The link is a secret: no cache keeps it, and no other page is told of it.
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    response.insert_header((header::REFERRER_POLICY, "no-referrer"));
    if method == Method::POST {
        return response
            .content_type(fault::CONTENT_TYPE)
            .body(Value::Object(link).to_string());
    }
    let url = link.get("url").and_then(Value::as_str).unwrap_or_default();
    response.insert_header((header::LOCATION, url)).finish()
}

async fn link(
    node: &str,
    state: Arc<AppState>,
    context: RequestContext,
) -> Result<Map<String, Value>, Fault> {
    let operation = operation()?;
    let name = percent_encoding::percent_decode_str(node)
        .decode_utf8_lossy()
        .into_owned();
    let call = Call::new(
        state,
        context,
        Version::MAX,
        operation,
        vec![("node", name)],
        params::check(operation, Raw::new())?,
        Value::Null,
        String::new(),
    );
    let access = call.authorise_node().await?;
    let node = &access.object;
    let request = CreateConsoleSession {
        node_id: NodeRef::from(&node.uuid),
    };
    access.send_for(node, request).await
}

/// The operation whose rule is asked.
fn operation() -> Result<&'static Operation, Fault> {
    operations()
        .map(|(_, operation)| operation)
        .find(|operation| operation.id == OperationId::NodeConsoleShow)
        .ok_or_else(|| Fault::new(Class::NotFound, "Resource could not be found."))
}

#[cfg(test)]
mod tests {
    use super::node_of;

    #[test]
    fn only_a_node_is_named() {
        assert_eq!(node_of("/console/rack1-7"), Some("rack1-7"));
        assert_eq!(node_of("/console/rack1-7/"), Some("rack1-7"));
        for other in [
            "/console",
            "/console/",
            "/console/a/b",
            "/v1/nodes",
            "/consoles/a",
        ] {
            assert_eq!(node_of(other), None, "{other}");
        }
    }
}
