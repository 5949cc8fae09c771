//! What the API counts, and `/metrics` with everything this process counts, for Prometheus.
//!
//! Labels are closed lists: operations of the table, and HTTP statuses.

use std::time::Duration;

use actix_web::HttpResponse;
use prometheus::{Encoder, HistogramOpts, HistogramVec, Registry, TextEncoder};
use schemas_rest::OperationId;

/// Where it is asked for.
pub const PATH: &str = "/metrics";
/// Who may see it: whoever may see all nodes, as their names and sensors are in it.
pub const RULE: &str = "baremetal:node:list_all";

/// Upper bounds of the buckets, in seconds.
const BUCKETS: &[f64] = &[0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 60.0];

/// The registry of this process, with how long requests take.
#[derive(Clone)]
pub struct Metrics {
    registry: Registry,
    requests: Option<HistogramVec>,
}

impl Metrics {
    /// Adds requests to a registry.
    pub fn new(registry: Registry) -> Self {
        let options = HistogramOpts::new(
            "baremetal_api_request_duration_seconds",
            "How long requests to the bare metal API took",
        )
        .buckets(BUCKETS.to_vec());
        let requests = HistogramVec::new(options, &["operation", "code"])
            .and_then(|requests| {
                registry.register(Box::new(requests.clone()))?;
                Ok(requests)
            })
            .map_err(|error| tracing::error!(%error, "requests are not counted"))
            .ok();
        Metrics { registry, requests }
    }

    /// Counts a request; `None` for what is no operation.
    pub fn observe(&self, operation: Option<OperationId>, code: u16, took: Duration) {
        if let Some(requests) = &self.requests {
            let operation = operation.map_or_else(|| "None".to_owned(), |id| format!("{id:?}"));
            requests
                .with_label_values(&[operation.as_str(), &code.to_string()])
                .observe(took.as_secs_f64());
        }
    }

    /// Answers with everything.
    pub fn answer(&self) -> HttpResponse {
        let encoder = TextEncoder::new();
        let mut body = Vec::new();
        match encoder.encode(&self.registry.gather(), &mut body) {
            Ok(()) => HttpResponse::Ok()
                .content_type(encoder.format_type())
                .body(body),
            Err(error) => {
                tracing::error!(%error, "metrics could not be written");
                HttpResponse::InternalServerError().finish()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_counted_by_operation_and_status() {
        let metrics = Metrics::new(Registry::new());
        metrics.observe(Some(OperationId::NodeList), 200, Duration::from_millis(2));
        metrics.observe(None, 404, Duration::from_millis(2));
        let text = TextEncoder::new()
            .encode_to_string(&metrics.registry.gather())
            .unwrap();
        assert!(
            text.contains(r#"code="200",operation="NodeList""#),
            "{text}"
        );
        assert!(text.contains(r#"code="404",operation="None""#), "{text}");
    }
}
