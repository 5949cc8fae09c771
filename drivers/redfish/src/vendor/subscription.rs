//! Event subscriptions.

use drivers_redfish_client::{Document, schema::event_service::EventService};
use schemas_model::{Fault, Object};
use serde_json::{Map, Value, json};
use url::Url;

use crate::connection::NodeBmc;

/// The members of a subscription that are returned; the rest may hold credentials.
const SHOWN: &[&str] = &["Id", "Context", "Protocol", "Destination", "EventTypes"];

async fn service(bmc: &NodeBmc) -> Result<EventService, Fault> {
    bmc.bmc
        .event_service()
        .await
        .map_err(bmc.failed("find the event service"))
}

fn shown(document: &Document) -> Value {
    let members = document.body().as_object().into_iter().flatten();
    let shown: Map<String, Value> = members
        .filter(|(name, _)| SHOWN.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    Value::Object(shown)
}

/// The `id` argument.
pub(super) fn id(info: &Object) -> Result<&str, Fault> {
    let id = info.text_member("id").filter(|id| !id.is_empty());
    id.ok_or_else(|| {
        Fault::invalid_parameter("id can't be None: give the BMC's id of the subscription.")
    })
}

/// Checks the arguments of `create_subscription`; asks the BMC for its event types if some are wanted.
pub(super) async fn validate(bmc: &NodeBmc, info: &Object) -> Result<(), Fault> {
    if let Some(wanted) = given(info, "EventTypes") {
        let service = service(bmc).await?;
        let allowed = service
            .event_types()
            .map_err(bmc.failed("read the event types"))?;
        let fits = wanted.as_array().is_some_and(|wanted| {
            wanted
                .iter()
                .all(|kind| kind.as_str().is_some_and(|kind| allowed.contains(&kind)))
        });
        if !fits {
            return Err(Fault::invalid_parameter(format!(
                "EventTypes {wanted} is not a valid value, allowed values {allowed:?}."
            )));
        }
    }
    for name in ["Context", "Protocol"] {
        if let Some(value) = info.member(name).filter(|value| !value.is_string()) {
            return Err(Fault::invalid_parameter(format!(
                "{name} {value} is not a string."
            )));
        }
    }
    if given(info, "HttpHeaders").is_some_and(|headers| !headers.is_array()) {
        return Err(Fault::invalid_parameter(
            "HttpHeaders is not a list of headers.",
        ));
    }
    let destination = info
        .text_member("Destination")
        .and_then(|text| Url::parse(text).ok());
    if !destination.is_some_and(|url| url.has_host()) {
        return Err(Fault::invalid_parameter(
            "Destination is not a valid URI with scheme and host.",
        ));
    }
    Ok(())
}

fn given<'a>(info: &'a Object, name: &str) -> Option<&'a Value> {
    info.member(name).filter(|value| !value.is_null())
}

/// Makes a subscription and returns it.
pub(super) async fn create(bmc: &NodeBmc, info: &Object) -> Result<Value, Fault> {
    let or = |name: &str, default: Value| info.member(name).cloned().unwrap_or(default);
    let mut subscription = json!({
        "Destination": or("Destination", Value::Null),
        "Protocol": or("Protocol", json!("Redfish")),
        "Context": or("Context", json!("")),
        "EventTypes": or("EventTypes", json!(["Alert"])),
    });
    if let Some(headers) = given(info, "HttpHeaders")
        .and_then(Value::as_array)
        .filter(|headers| !headers.is_empty())
    {
        subscription["HttpHeaders"] = json!(headers);
    }
    let made = bmc.bmc.subscribe(&service(bmc).await?, subscription).await;
    made.map(|document| shown(&document))
        .map_err(bmc.failed("create a subscription"))
}

/// Ends a subscription.
pub(super) async fn delete(bmc: &NodeBmc, id: &str) -> Result<Value, Fault> {
    let failed = |error| bmc.failed("delete the subscription")(error).with_code(404);
    bmc.bmc
        .unsubscribe(&service(bmc).await?, id)
        .await
        .map_err(failed)?;
    Ok(Value::Null)
}

/// The collection of subscriptions as the BMC shows it.
pub(super) async fn all(bmc: &NodeBmc) -> Result<Value, Fault> {
    let collection = bmc.bmc.subscriptions(&service(bmc).await?).await;
    collection
        .map(|document| document.body().clone())
        .map_err(bmc.failed("list the subscriptions"))
}

/// One subscription.
pub(super) async fn one(bmc: &NodeBmc, id: &str) -> Result<Value, Fault> {
    let found = bmc.bmc.subscription(&service(bmc).await?, id).await;
    found
        .map(|document| shown(&document))
        .map_err(bmc.failed("read the subscription"))
}
