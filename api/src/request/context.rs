//! Who asks, and under which request id.

use actix_web::http::header::HeaderMap;
use schemas_rpc::RequestContext;

/// Header of the id of a request, in answers; in requests, the id the calling service has.
pub const REQUEST_ID: &str = "X-OpenStack-Request-Id";
/// The same, under the name Ironic had for it first.
pub const OLD_REQUEST_ID: &str = "OpenStack-Request-Id";

/// A context with a new request id, and the caller's if it is one.
pub fn new(headers: &HeaderMap) -> RequestContext {
    RequestContext {
        request_id: Some(format!("req-{}", uuid::Uuid::new_v4())),
        global_request_id: headers
            .get(REQUEST_ID)
            .and_then(|value| value.to_str().ok())
            .filter(|id| is_request_id(id))
            .map(str::to_owned),
        ..RequestContext::default()
    }
}

/// `req-` and a UUID.
fn is_request_id(text: &str) -> bool {
    text.strip_prefix("req-")
        .is_some_and(|uuid| uuid::Uuid::parse_str(uuid).is_ok())
}

#[cfg(test)]
mod tests {
    use super::is_request_id;

    #[test]
    fn only_ids_are_taken_over() {
        assert!(is_request_id("req-11111111-1111-4111-8111-111111111111"));
        assert!(!is_request_id("abc"));
    }
}
