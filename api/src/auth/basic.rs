//! `[DEFAULT]auth_strategy = http_basic`: a password file in front of everything that is not public.
//!
//! Whoever has a password is an administrator, as with Ironic 39.0.0. What agents call and the
//! discovery documents stay open.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use schemas_rpc::transport::json_rpc::{Denied, Gate};
use serde_json::json;

use super::public::is_public;

/// Lets a request in, or gives the answer that keeps it out.
///
/// # Errors
/// The 401 (or other) answer.
pub async fn admit(gate: &dyn Gate, request: &HttpRequest) -> Result<(), HttpResponse> {
    if is_public(request.path()) {
        return Ok(());
    }
    let header = |name: &str| {
        request
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned)
    };
    let authorization = header("authorization");
    gate.admit(&move |name: &str| {
        if name == "authorization" {
            authorization.clone()
        } else {
            None
        }
    })
    .await
    .map_err(|denied| refusal(&denied))
}

fn refusal(denied: &Denied) -> HttpResponse {
    let status = StatusCode::from_u16(denied.status).unwrap_or(StatusCode::UNAUTHORIZED);
    let mut response = HttpResponse::build(status);
    if let Some(challenge) = &denied.challenge {
        response.insert_header(("WWW-Authenticate", &**challenge));
    }
    response.json(json!({"error": {"message": denied.message, "code": denied.status}}))
}
