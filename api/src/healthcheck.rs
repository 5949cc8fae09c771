//! `/healthcheck`, as oslo.middleware serves it when `[healthcheck]enabled` is set.

use std::path::Path;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use schemas_config::section::healthcheck::Healthcheck;
use serde_json::json;

/// Whether a path is the page's.
pub fn is_its_path(path: &str) -> bool {
    path == "/healthcheck" || path.starts_with("/healthcheck/")
}

/// What keeps the service out of rotation; none when it is well.
fn trouble(config: &Healthcheck, port: u16) -> Option<&'static str> {
    let exists = |path: &str| Path::new(path).exists();
    let by_port = config
        .disable_by_file_paths
        .iter()
        .filter_map(|entry| entry.split_once(':'))
        .any(|(wanted, path)| wanted.trim() == port.to_string() && exists(path.trim()));
    if config.disable_by_file_path.as_deref().is_some_and(exists) || by_port {
        return Some("DISABLED BY FILE");
    }
    if config.enable_by_file_paths.iter().any(|path| !exists(path)) {
        return Some("FILE PATH MISSING");
    }
    None
}

/// Answers with 200 or 503.
pub fn answer(request: &HttpRequest, config: &Healthcheck, port: u16) -> HttpResponse {
    let proxied = request.headers().contains_key("X-Forwarded-For")
        || request.headers().contains_key("Forwarded");
    if config.ignore_proxied_requests && proxied {
        return HttpResponse::NotFound().finish();
    }
    let trouble = trouble(config, port);
    let status = match trouble {
        None => StatusCode::OK,
        Some(_) => StatusCode::SERVICE_UNAVAILABLE,
    };
    let reason = trouble.unwrap_or("OK");
    match request.method().as_str() {
        "HEAD" if trouble.is_none() => HttpResponse::NoContent().finish(),
        "HEAD" => HttpResponse::build(status).finish(),
        "GET" => {
            let accept = request.headers().get("Accept");
            let wants_json = accept
                .and_then(|value| value.to_str().ok())
                .is_some_and(|accept| accept.contains("application/json"));
            if wants_json {
                HttpResponse::build(status).json(json!({"detailed": false, "reasons": [reason]}))
            } else {
                HttpResponse::build(status)
                    .content_type("text/plain; charset=UTF-8")
                    .body(reason)
            }
        }
        _ => HttpResponse::MethodNotAllowed()
            .insert_header(("Allow", "GET, HEAD"))
            .finish(),
    }
}
