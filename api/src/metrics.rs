//! `/metrics`: what the process counts, for Prometheus.

use actix_web::HttpResponse;
use prometheus::{Encoder, Registry, TextEncoder};

/// Answers with everything in a registry.
pub fn answer(registry: &Registry) -> HttpResponse {
    let encoder = TextEncoder::new();
    let mut body = Vec::new();
    match encoder.encode(&registry.gather(), &mut body) {
        Ok(()) => HttpResponse::Ok()
            .content_type(encoder.format_type())
            .body(body),
        Err(error) => {
            tracing::error!(%error, "metrics could not be written");
            HttpResponse::InternalServerError().finish()
        }
    }
}
