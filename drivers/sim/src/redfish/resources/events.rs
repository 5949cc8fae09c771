//! `EventService` and its subscriptions.

use serde_json::json;

use super::service_root::ROOT;
use super::{Hardware, Model, Tree, action, healthy};

/// The collection of subscriptions.
pub(in super::super) const SUBSCRIPTIONS: &str = "/redfish/v1/EventService/Subscriptions";

/// Types of events that can be subscribed to.
pub(in super::super) const EVENT_TYPES: [&str; 5] = [
    "StatusChange",
    "ResourceUpdated",
    "ResourceAdded",
    "ResourceRemoved",
    "Alert",
];

pub(super) fn add(tree: &mut Tree, model: &Model, _: &Hardware) {
    let path = format!("{ROOT}/EventService");
    tree.put(
        model,
        &path,
        "EventService.v1_5_0.EventService",
        json!({
            "Id": "EventService",
            "Name": "Event Service",
            "ServiceEnabled": true,
            "DeliveryRetryAttempts": 3,
            "DeliveryRetryIntervalSeconds": 60,
            "EventTypesForSubscription": EVENT_TYPES,
            "Subscriptions": model.link(SUBSCRIPTIONS),
            "Actions": action(&path, "EventService.SubmitTestEvent", None),
            "Status": healthy()
        }),
    );
    tree.put_collection(model, SUBSCRIPTIONS, "EventDestinationCollection", &[]);
}
