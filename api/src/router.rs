//! One request from the socket to its handler and back.
//!
//! The order of checks is Ironic's: the body's size and depth, the version, the path, the
//! `Accept` header, the parameters; then the handler.

use std::sync::Arc;
use std::time::Instant;

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use schemas_model::{Class, Fault};
use schemas_rest::fault::{Asked, Refusal};
use schemas_rest::operations::route::{Matched, Routed, route};
use schemas_rest::operations::{Body, Gate, Method};
use schemas_rest::versions::{self, Unacceptable, Version};
use schemas_rest::{Feature, OperationId, params};
use schemas_rpc::RequestContext;
use serde_json::Value;

use crate::auth::{Target, basic, public};
use crate::error::Failure;
use crate::request::accept::Accept;
use crate::request::body::{self, Limits};
use crate::request::{Answer, Call, context};
use crate::state::AppState;
use crate::{console, cors, discovery, document, handlers, healthcheck, metrics, pieces, swagger};

const SAID_TWICE: &str = "An argument stands both in the path and behind it";
const UNEXPECTED: &str = "Unexpected arguments in query or body";

/// How far a request came.
#[derive(Clone, Copy, Default)]
struct Reached {
    negotiated: Negotiated,
    operation: Option<OperationId>,
}

/// How far version negotiation came; decides which headers an answer has.
#[derive(Clone, Copy, Default)]
enum Negotiated {
    /// Not far enough to say anything.
    #[default]
    Nothing,
    /// A version out of range: the range is told.
    Range,
    /// Agreed.
    Version(Version),
}

/// Answers a request.
pub async fn serve(request: HttpRequest, payload: Payload, state: Data<AppState>) -> HttpResponse {
    let mut context = context::new(request.headers());
    let id = context.request_id.clone().unwrap_or_default();
    let accept = Accept::parse(header(&request, "Accept"));
    let state = state.into_inner();
    if names_a_host(request.path()) {
        return HttpResponse::BadRequest()
            .content_type("text/plain")
            .body("Absolute URI not allowed if server is not a proxy.");
    }
    let is_preflight = request.method() == actix_web::http::Method::OPTIONS;
    if is_preflight && !request.path().trim_matches('/').is_empty() {
        return preflight(&request, &state);
    }
    if state.config.healthcheck.enabled && healthcheck::is_its_path(request.path()) {
        return healthcheck::answer(&request, &state.config.healthcheck, state.config.api.port);
    }
    if request.path() == document::PATH {
        return document::answer(request.query_string());
    }
    if let Some(page) = swagger::answer(request.path()) {
        return page;
    }
    if let Some(gate) = &state.gate
        && let Err(refusal) = basic::admit(&**gate, &request).await
    {
        return refusal;
    }
    if let Some(keystone) = &state.keystone
        && !public::is_public(request.path())
        && let Err(refusal) = keystone.admit(&request, &mut context).await
    {
        return refusal;
    }
    if let Some(node) = console::node_of(request.path()) {
        return console::answer(&request, node, Arc::clone(&state), context).await;
    }
    if request.path() == metrics::PATH {
        let seen = state
            .enforcer
            .allows(metrics::RULE, &Target::default(), &context);
        return if seen {
            state.metrics.answer()
        } else {
            HttpResponse::Forbidden().finish()
        };
    }
    let began = Instant::now();
    let mut reached = Reached::default();
    let outcome = answer(
        &request,
        payload,
        Arc::clone(&state),
        context,
        accept,
        &mut reached,
    )
    .await;
    let negotiated = reached.negotiated;
    let mut response = match outcome {
        Ok(answer) => success(answer),
        Err(failure) => failure.response(
            accept,
            &Asked {
                method: request.method().as_str(),
                accept: header(&request, "Accept").unwrap_or_default(),
            },
        ),
    };
    let code = response.status().as_u16();
    if is_preflight && code != 200 {
        return preflight(&request, &state);
    }
    let took = began.elapsed();
    state.metrics.observe(reached.operation, code, took);
    let headers = response.headers_mut();
    cors::apply(&request, &state.config.cors, headers);
    if let Ok(id) = HeaderValue::try_from(id) {
        headers.insert(
            HeaderName::from_static("x-openstack-request-id"),
            id.clone(),
        );
        headers.insert(HeaderName::from_static("openstack-request-id"), id);
    }
    let mut tell = |name: &'static str, version: Version| {
        if let Ok(value) = HeaderValue::try_from(version.to_string()) {
            headers.insert(HeaderName::from_static(name), value);
        }
    };
    if !matches!(negotiated, Negotiated::Nothing) {
        tell("x-openstack-ironic-api-minimum-version", Version::MIN);
        tell("x-openstack-ironic-api-maximum-version", Version::MAX);
    }
    if let Negotiated::Version(version) = negotiated {
        tell("x-openstack-ironic-api-version", version);
    }
    response
}

/// The answer to an OPTIONS request that nobody answers: what a browser may do, and no more.
fn preflight(request: &HttpRequest, state: &AppState) -> HttpResponse {
    let mut response = HttpResponse::Ok().finish();
    cors::apply(request, &state.config.cors, response.headers_mut());
    response
}

fn success(answer: Answer) -> HttpResponse {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let mut response = HttpResponse::build(status);
    if let Some(location) = answer.location {
        response.insert_header(("Location", location));
    }
    match answer.body {
        Some(body) if status != StatusCode::NO_CONTENT => response
            .content_type("application/json")
            .body(pieces::of(body)),
        _ => response.finish(),
    }
}

async fn answer(
    request: &HttpRequest,
    mut payload: Payload,
    state: Arc<AppState>,
    context: RequestContext,
    accept: Accept,
    reached: &mut Reached,
) -> Result<Answer, Failure> {
    let raw_path = request.uri().path();
    let decoded = percent_decode(raw_path);
    let mut path = decoded.clone().unwrap_or_default();
    // A header that is there and empty is not none: none makes a POST a form.
    let content_type = match header(request, "Content-Type") {
        Some("") => "text/plain",
        given => given.unwrap_or_default(),
    };
    let announced = header(request, "Content-Length").and_then(|length| length.parse().ok());
    let body = Limits::of(&state.config.api)
        .read(&mut payload, &path, content_type, announced)
        .await?;

    if decoded.is_none() {
        return Err(Failure::Refusal(Refusal::new(400, "")));
    }
    let legacy = joined(request, versions::VERSION_HEADER);
    let legacy = legacy.as_deref();
    let is_root = path.trim_matches('/').is_empty();
    if is_root && !accept.json {
        return Err(Failure::Refusal(Refusal::new(406, "")));
    }
    let version = versions::negotiate(header(request, versions::STANDARD_HEADER), legacy).map_err(
        |refused| {
            if matches!(refused, Unacceptable::OutOfRange { .. }) {
                reached.negotiated = Negotiated::Range;
            }
            unacceptable(&refused, is_root)
        },
    )?;
    let json_suffix = legacy
        .and_then(versions::legacy_minor)
        .is_some_and(|minor| minor != 0 && minor < i64::from(Feature::DotJson.minor()))
        && cut_json_suffix(&mut path);

    let base = public_url(request, &state);
    let query = request.query_string();
    let fault = |class: Class, text: &str| Failure::Fault(Fault::new(class, text.to_owned()));
    let asked = asked_method(request.method().as_str(), query);
    let method = asked.as_deref().and_then(Method::from_name);
    let routed = route(method, &path, version);
    if !matches!(routed, Routed::NoRoute) && !is_text(query) {
        return Err(Failure::Refusal(Refusal::new(400, "")));
    }
    if asked.is_none() && !matches!(routed, Routed::NoRoute | Routed::Root | Routed::V1) {
        return Err(Failure::Refusal(Refusal::new(405, "")));
    }
    let matched: Matched = match routed {
        Routed::NoRoute => return Err(Failure::Refusal(Refusal::new(404, ""))),
        Routed::TooNewNoRoute(text) => {
            return Err(Failure::Refusal(Refusal::new(404, text)));
        }
        Routed::BadIdent { kind, name } => {
            return Err(Failure::Refusal(Refusal::new(
                400,
                format!("Expected UUID or name for {kind}: {name}"),
            )));
        }
        Routed::TooNewMethodNoRoute(text) => {
            return Err(Failure::Refusal(Refusal::new(405, text)));
        }
        Routed::MethodNotAllowed(methods) => {
            let names = methods.iter().map(|method| method.name()).collect();
            return Err(Failure::MethodNotAllowed(names));
        }
        // From here on an operation is reached, and answers tell their version.
        routed => {
            if !accept.json {
                return Err(Failure::Refusal(Refusal::new(406, "")));
            }
            reached.negotiated = Negotiated::Version(version);
            match routed {
                Routed::Operation(matched) => matched,
                // None of these takes parameters.
                Routed::Root | Routed::V1 | Routed::NotFound
                    if said_anything(request, query, content_type, &body) =>
                {
                    return Err(fault(Class::InvalidParameterValue, UNEXPECTED));
                }
                Routed::Root => return Ok(page(discovery::root(&base))),
                Routed::V1 => {
                    let reads = matches!(request.method().as_str(), "GET" | "HEAD");
                    return if reads {
                        Ok(page(discovery::v1(&base, version)))
                    } else {
                        let fault = Fault::invalid("The method is not allowed for this resource.");
                        Err(Failure::Fault(fault.with_code(405)))
                    };
                }
                Routed::TooNew => {
                    return Err(fault(
                        Class::NotFound,
                        "The API is not supported for this version",
                    ));
                }
                Routed::TooNewMethod => {
                    let fault = Fault::not_found("The API is not supported for this version");
                    return Err(Failure::Fault(fault.with_code(405)));
                }
                Routed::MissingMember(name) => return Err(Failure::Fault(params::missing(name))),
                Routed::SurplusMember => {
                    return Err(fault(
                        Class::InvalidParameterValue,
                        "This method works on the collection; the path names a member",
                    ));
                }
                _ => return Err(fault(Class::NotFound, "Resource could not be found.")),
            }
        }
    };

    let operation = matched.operation;
    reached.operation = Some(operation.id);
    let handler = handlers::find(operation.id);
    let mut content = body::content(operation.method, operation.body, query, content_type, &body)?;
    let names_in_path = !matched.surplus.is_empty();
    if let Some(document) = operation.document {
        content.raw.remove(document);
    }
    if operation.open_params
        && matched
            .arguments
            .iter()
            .any(|(name, _)| content.raw.contains_key(*name))
    {
        return Err(fault(Class::InvalidParameterValue, SAID_TWICE));
    }
    for (name, value) in matched.surplus {
        if content.raw.insert(name.to_owned(), value.into()).is_some() {
            return Err(fault(Class::InvalidParameterValue, SAID_TWICE));
        }
    }
    let args = params::check(operation, content.raw)?;
    if let Some(known) = operation.field_names
        && !names_in_path
        && let Some(name) = args
            .list("fields")
            .and_then(|names| names.iter().find(|name| !known(name)))
    {
        let text = format!("Schema error: '{name}' is not one of the fields");
        return Err(fault(Class::InvalidParameterValue, &text));
    }
    if operation.is_detail() && !names_collection_before(raw_path, matched.family.path) {
        return Err(fault(Class::NotFound, "Resource could not be found."));
    }
    if let Gate::LateNotFound(since) = operation.gate
        && !version.allows(since)
    {
        return Err(Failure::Fault(Fault::not_found(format!(
            "This endpoint is supported starting with the API version {since}"
        ))));
    }
    let mut call = Call::new(
        state,
        context,
        version,
        operation,
        matched.arguments,
        args,
        content.document,
        base,
    );
    call.is_nested = matched.family.path.contains('{');
    call.names_in_path = names_in_path;
    call.json_suffix = json_suffix;
    call.has_body = !body.is_empty();
    // Vendors see the method as it was, also one that the API has no name for.
    if let Some(method) = asked {
        call.http_method = method;
    }
    Ok(handler(call).await?)
}

/// Whether a target is a URL without its scheme, `//host/path`: that is for proxies to answer.
fn names_a_host(target: &str) -> bool {
    target
        .strip_prefix("//")
        .is_some_and(|host| !host.is_empty() && !host.starts_with('/'))
}

/// Whether `detail` stands right behind the name of the collection; elsewhere it means nothing.
fn names_collection_before(path: &str, family: &str) -> bool {
    path.rsplit('/').nth(1) == family.rsplit('/').next()
}

fn page(body: Vec<u8>) -> Answer {
    Answer {
        status: 200,
        location: None,
        body: Some(body),
    }
}

/// 406: for `/` an ordinary error, elsewhere as if no operation was reached.
fn unacceptable(refused: &Unacceptable, is_root: bool) -> Failure {
    let text = refused.to_string();
    if is_root {
        Failure::Fault(Fault::new(Class::NotAcceptable, text))
    } else {
        Failure::Refusal(Refusal::new(406, text))
    }
}

fn header<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    request
        .headers()
        .get(name)
        .and_then(|value| value.to_str().ok())
}

/// A header that may be there several times, as one list.
fn joined(request: &HttpRequest, name: &str) -> Option<String> {
    let values: Vec<&str> = request
        .headers()
        .get_all(name)
        .filter_map(|value| value.to_str().ok())
        .collect();
    (!values.is_empty()).then(|| values.join(","))
}

/// The path with what is encoded in it, but for slashes, which stay apart from those between
/// segments; `None` when it is no UTF-8.
fn percent_decode(path: &str) -> Option<String> {
    let path = path.replace("%2f", "%2F");
    let parts: Option<Vec<_>> = path
        .split("%2F")
        .map(|part| {
            percent_encoding::percent_decode_str(part)
                .decode_utf8()
                .ok()
        })
        .collect();
    Some(parts?.join("%2F"))
}

/// Whether a request of a page without parameters has any.
fn said_anything(request: &HttpRequest, query: &str, content_type: &str, body: &[u8]) -> bool {
    let method = Method::from_name(request.method().as_str()).unwrap_or(Method::Put);
    body::content(method, Body::Keywords, query, content_type, body)
        .is_ok_and(|content| !content.raw.is_empty())
}

/// Whether a query is UTF-8 once decoded.
fn is_text(query: &str) -> bool {
    percent_encoding::percent_decode_str(query)
        .decode_utf8()
        .is_ok()
}

/// The method that is routed: the query's `_method` stands for what a browser cannot send. `None`
/// for a GET that asks for a PUT or DELETE.
fn asked_method(method: &str, query: &str) -> Option<String> {
    let instead = params::parse_query(query)
        .remove("_method")
        .and_then(|said| match said {
            Value::Array(mut list) => list.pop(),
            said => Some(said),
        })
        .and_then(|said| said.as_str().map(str::to_ascii_uppercase));
    match instead {
        None => Some(method.to_owned()),
        Some(instead) if method == "GET" && matches!(instead.as_str(), "PUT" | "DELETE") => None,
        instead => instead,
    }
}

/// Takes `.json` off the end of a path; whether it was there.
fn cut_json_suffix(path: &mut String) -> bool {
    let plain = path.trim_end_matches('/');
    match plain.strip_suffix(".json") {
        Some(cut) => {
            *path = cut.to_owned();
            true
        }
        None => false,
    }
}

/// The URL links begin with: `[api]public_endpoint`, or where the request came to.
fn public_url(request: &HttpRequest, state: &AppState) -> String {
    let proxied = state.config.oslo_middleware.enable_proxy_headers_parsing;
    match &state.config.api.public_endpoint {
        Some(url) if !proxied => url.trim_end_matches('/').to_owned(),
        _ => {
            if proxied {
                let info = request.connection_info();
                format!("{}://{}", info.scheme(), info.host())
            } else {
                let scheme = if request.app_config().secure() {
                    "https"
                } else {
                    "http"
                };
                match header(request, "Host") {
                    Some(host) => format!("{scheme}://{host}"),
                    None => format!("{scheme}://{}", request.connection_info().host()),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_encoded_slash_is_no_slash() {
        assert_eq!(
            percent_decode("/v1/a%2fb%20c").as_deref(),
            Some("/v1/a%2Fb c")
        );
        assert_eq!(percent_decode("/v1/%FF"), None);
    }

    #[test]
    fn two_slashes_and_a_name_are_a_host() {
        for target in ["//v1", "//v1/nodes", "//v1//nodes//"] {
            assert!(names_a_host(target), "{target}");
        }
        for target in ["/", "//", "///", "///v1", "/v1//nodes"] {
            assert!(!names_a_host(target), "{target}");
        }
    }

    #[test]
    fn the_method_that_a_query_asks_for() {
        assert_eq!(asked_method("POST", "a=1").as_deref(), Some("POST"));
        assert_eq!(
            asked_method("POST", "_method=patch").as_deref(),
            Some("PATCH")
        );
        assert_eq!(asked_method("GET", "_method=delete"), None);
    }

    proptest! {
        #[test]
        fn any_target_is_taken_apart(path in "(/|%[0-9a-fA-F]{0,2}|[a-z.]{0,3}|é){0,16}", query in ".{0,30}") {
            if let Some(mut decoded) = percent_decode(&path) {
                prop_assert!(decoded.len() <= path.len());
                prop_assert_eq!(decoded.matches('/').count(), path.matches('/').count());
                let before = decoded.len();
                let is_cut = cut_json_suffix(&mut decoded);
                prop_assert_eq!(is_cut, decoded.len() < before);
            }
            asked_method("GET", &query);
            is_text(&query);
        }
    }
}
