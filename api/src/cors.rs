//! Browsers that come from elsewhere (`[cors]`), as oslo.middleware treats them.
//!
//! Without `[cors]allowed_origin` no header is added.

use actix_web::HttpRequest;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use schemas_config::section::cors::Cors;
use schemas_rest::versions::{MAX_HEADER, MIN_HEADER, VERSION_HEADER};

/// Headers browsers may always send and read.
const OURS: &[&str] = &[VERSION_HEADER, MIN_HEADER, MAX_HEADER];

/// Headers that need no permission.
const SIMPLE: &[&str] = &[
    "Accept",
    "Accept-Language",
    "Content-Language",
    "X-Auth-Token",
];

/// Adds what a browser must see to let its page have the answer.
pub fn apply(request: &HttpRequest, config: &Cors, headers: &mut HeaderMap) {
    let Some(origin) = header(request, "Origin") else {
        return;
    };
    let Some(allowed) = &config.allowed_origin else {
        return;
    };
    let any = allowed.iter().any(|entry| entry == "*");
    if !any && !allowed.iter().any(|entry| entry == origin) {
        return;
    }
    let mut put = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    };
    put("vary", "Origin");
    put(
        "access-control-allow-origin",
        if any { "*" } else { origin },
    );
    if config.allow_credentials {
        put("access-control-allow-credentials", "true");
    }
    let wanted = header(request, "Access-Control-Request-Method");
    match wanted.filter(|_| request.method() == actix_web::http::Method::OPTIONS) {
        None => {
            let exposed = OURS
                .iter()
                .copied()
                .chain(config.expose_headers.iter().map(String::as_str));
            put("access-control-expose-headers", &join(exposed));
        }
        Some(method) => {
            if !config.allow_methods.iter().any(|entry| entry == method) {
                return;
            }
            let asked = header(request, "Access-Control-Request-Headers").unwrap_or_default();
            let allowed = |name: &str| {
                SIMPLE
                    .iter()
                    .chain(OURS)
                    .copied()
                    .chain(config.allow_headers.iter().map(String::as_str))
                    .any(|known| known.eq_ignore_ascii_case(name))
            };
            if asked
                .split(',')
                .map(str::trim)
                .any(|name| !name.is_empty() && !allowed(name))
            {
                return;
            }
            put("access-control-max-age", &config.max_age.to_string());
            put("access-control-allow-methods", method);
            if !asked.is_empty() {
                put("access-control-allow-headers", asked);
            }
        }
    }
}

fn header<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    request.headers().get(name)?.to_str().ok()
}

fn join<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;
    use schemas_config::{Config, Machine, Sources};

    fn allowed() -> Cors {
        let sources =
            Sources::new(Machine::detect()).set("cors", "allowed_origin", "http://ui.example");
        Config::load(sources).unwrap().0.cors.clone()
    }

    #[test]
    fn only_known_origins_are_let_in() {
        let mut headers = HeaderMap::new();
        let stranger = TestRequest::get()
            .insert_header(("Origin", "http://x"))
            .to_http_request();
        apply(&stranger, &allowed(), &mut headers);
        assert!(headers.is_empty());
        let friend = TestRequest::get()
            .insert_header(("Origin", "http://ui.example"))
            .to_http_request();
        apply(&friend, &allowed(), &mut headers);
        assert_eq!(
            headers.get("access-control-allow-origin").unwrap(),
            "http://ui.example"
        );
    }

    #[test]
    fn unknown_headers_fail_the_preflight() {
        let ask = |name: &'static str| {
            let request = TestRequest::with_uri("/v1/nodes")
                .method(actix_web::http::Method::OPTIONS)
                .insert_header(("Origin", "http://ui.example"))
                .insert_header(("Access-Control-Request-Method", "GET"))
                .insert_header(("Access-Control-Request-Headers", name))
                .to_http_request();
            let mut headers = HeaderMap::new();
            apply(&request, &allowed(), &mut headers);
            headers.contains_key("access-control-allow-methods")
        };
        assert!(ask("X-Auth-Token"));
        assert!(!ask("X-Whatever"));
    }
}
