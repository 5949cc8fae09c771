//! `[DEFAULT]auth_strategy = http_basic`: a password file in front of everything that is not public.
//!
//! Whoever has a password is an administrator, as with Ironic 39.0.0. What agents call and the
//! discovery documents stay open.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use schemas_rpc::transport::json_rpc::{Denied, Gate};
use serde_json::json;

/// Paths that need no password, without a trailing slash; `*` stands for one segment.
const PUBLIC: &[&str] = &[
    "",
    "/v1",
    "/v1/lookup",
    "/v1/heartbeat/*",
    "/v1/continue_inspection",
];

/// Whether a path is open to everybody.
fn is_public(path: &str) -> bool {
    let path = path.trim_end_matches('/');
    PUBLIC.iter().any(|open| match open.strip_suffix("/*") {
        None => path == *open,
        Some(parent) => path
            .strip_prefix(parent)
            .and_then(|rest| rest.strip_prefix('/'))
            .is_some_and(|member| !member.is_empty() && !member.contains('/')),
    })
}

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
    if let Some(challenge) = denied.challenge {
        response.insert_header(("WWW-Authenticate", challenge));
    }
    response.json(json!({"error": {"message": denied.message, "code": denied.status}}))
}

#[cfg(test)]
mod tests {
    use super::is_public;

    #[test]
    fn agents_and_discovery_need_no_password() {
        for open in [
            "/",
            "/v1",
            "/v1/",
            "/v1/lookup",
            "/v1/heartbeat/1be26c0b-03f2-4d2e-ae87-c02d7f33c123",
        ] {
            assert!(is_public(open), "{open}");
        }
        for closed in [
            "/v1/nodes",
            "/v1/heartbeat/a/b",
            "/v1/heartbeat",
            "/v1/lookups",
            "/v1/nodes/lookup",
        ] {
            assert!(!is_public(closed), "{closed}");
        }
    }
}
