//! `/openapi.json`: the OpenAPI document, whole or at one microversion (`?version=1.NN`).

use std::sync::OnceLock;

use actix_web::HttpResponse;
use actix_web::http::header::ContentType;
use schemas_rest::document;
use schemas_rest::versions::negotiate;

/// Where the document is.
pub const PATH: &str = "/openapi.json";

/// The document asked for by the query.
pub fn answer(query: &str) -> HttpResponse {
    static WHOLE: OnceLock<Option<String>> = OnceLock::new();
    let asked = query
        .split('&')
        .find_map(|pair| pair.strip_prefix("version="));
    let text = match asked {
        None => WHOLE
            .get_or_init(|| document::generate(None).to_json().ok())
            .clone(),
        Some(version) => match negotiate(None, Some(version)) {
            Ok(version) => document::generate(Some(version)).to_json().ok(),
            Err(why) => return HttpResponse::NotAcceptable().body(why.to_string()),
        },
    };
    match text {
        Some(text) => HttpResponse::Ok()
            .content_type(ContentType::json())
            .body(text),
        None => HttpResponse::InternalServerError().finish(),
    }
}
