//! `POST /v1/events`

use schemas_rest::schema;
use serde_json::Value;

use crate::handlers::Answered;
use crate::request::Call;

/// Takes events of other services. Nothing acts on them yet, as in Ironic; they are logged.
pub async fn post(call: &Call) -> Answered {
    schema::events(&call.document)?;
    call.authorise()?;
    for event in call.document["events"].as_array().into_iter().flatten() {
        let text = |name: &str| event.get(name).and_then(Value::as_str).unwrap_or_default();
        tracing::debug!(
            event = text("event"),
            port.id = text("port_id"),
            status = text("status"),
            "external event"
        );
    }
    Ok(call.done())
}
