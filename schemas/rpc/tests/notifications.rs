//! Every notification recorded from Ironic 39.0.0 (a line an event in `data/notifications.jsonl`, the
//! steps of templates without their database rows) is made again from the object it is about.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;

use schemas_model::{
    Allocation, Array, Chassis, DeployTemplate, InspectionRule, Node, Port, Portgroup, Runbook,
    RunbookStep, TemplateStep, Uuid, VolumeConnector, VolumeTarget,
};
use schemas_rpc::notification::event::event_type;
use schemas_rpc::notification::notifier::Event;
use schemas_rpc::notification::payload::{ALL, Class};
use schemas_rpc::notification::{Level, Notifier, Status, Subject};
use schemas_rpc::objects::{Object, Primitive};
use schemas_rpc::wire::Wire;
use schemas_rpc::{RequestContext, Versioned};
use serde_json::{Map, Value, json};

fn lines() -> Vec<Value> {
    include_str!("data/notifications.jsonl")
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// The domain object a payload is about, as far as the payload says.
fn versioned<T: Object>(data: &Map<String, Value>) -> Versioned<T> {
    let known: BTreeSet<&str> = T::ROWS.iter().map(|row| row.name).collect();
    let data = data
        .iter()
        .filter(|(key, value)| known.contains(key.as_str()) && !value.is_null() && *key != "traits")
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    let primitive = Primitive {
        name: T::NAME.to_owned(),
        version: T::VERSION,
        data,
        changes: Vec::new(),
    };
    Versioned::from_wire(primitive.into_wire()).unwrap()
}

fn text(data: &Map<String, Value>, key: &str) -> Option<String> {
    data[key].as_str().map(str::to_owned)
}

fn list(value: &Value) -> Vec<String> {
    let items = value.as_array().unwrap().iter();
    items.map(|t| t.as_str().unwrap().to_owned()).collect()
}

fn time(data: &Map<String, Value>, key: &str) -> Option<schemas_model::time::Timestamp> {
    Wire::from_wire(data[key].clone()).unwrap()
}

/// What the object tells, from its domain type.
fn told(class: &str, data: &Map<String, Value>) -> Map<String, Value> {
    let uuid = Uuid::from_stored(data["uuid"].as_str().unwrap().to_owned());
    let (created_at, updated_at) = (time(data, "created_at"), time(data, "updated_at"));
    let object = |key: &str| schemas_model::Object::from_text(data[key].to_string());
    match class {
        "AllocationCRUDPayload" => {
            let mut allocation = versioned::<Allocation>(data).object;
            if data["traits"].is_array() {
                allocation.traits = list(&data["traits"]);
            }
            allocation.tell()
        }
        "ChassisCRUDPayload" => versioned::<Chassis>(data).object.tell(),
        "PortCRUDPayload" => versioned::<Port>(data).object.tell(),
        "PortgroupCRUDPayload" => versioned::<Portgroup>(data).object.tell(),
        "VolumeConnectorCRUDPayload" => versioned::<VolumeConnector>(data).object.tell(),
        "VolumeTargetCRUDPayload" => versioned::<VolumeTarget>(data).object.tell(),
        "DeployTemplateCRUDPayload" => {
            let steps = data["steps"].as_array().unwrap().iter();
            let steps = steps.map(|step| TemplateStep {
                interface: step["interface"].as_str().unwrap().to_owned(),
                step: step["step"].as_str().unwrap().to_owned(),
                args: schemas_model::Object::from_text(step["args"].to_string()),
                priority: i32::try_from(step["priority"].as_i64().unwrap()).unwrap(),
            });
            DeployTemplate {
                id: schemas_model::ids::DeployTemplateId(1),
                uuid,
                name: text(data, "name").unwrap(),
                steps: steps.collect(),
                extra: object("extra"),
                created_at,
                updated_at,
            }
            .tell()
        }
        "RunbookCRUDPayload" => {
            let steps = data["steps"].as_array().unwrap().iter();
            let steps = steps.map(|step| RunbookStep {
                interface: step["interface"].as_str().unwrap().to_owned(),
                step: step["step"].as_str().unwrap().to_owned(),
                args: schemas_model::Object::from_text(step["args"].to_string()),
                order: i32::try_from(step["order"].as_i64().unwrap()).unwrap(),
            });
            Runbook {
                id: schemas_model::ids::RunbookId(1),
                uuid,
                name: text(data, "name").unwrap(),
                description: text(data, "description"),
                steps: steps.collect(),
                traits: list(&data["traits"]),
                disable_ramdisk: data["disable_ramdisk"].as_bool().unwrap(),
                public: data["public"].as_bool().unwrap(),
                owner: text(data, "owner"),
                extra: object("extra"),
                created_at,
                updated_at,
            }
            .tell()
        }
        "InspectionRuleCRUDPayload" => InspectionRule {
            id: schemas_model::ids::InspectionRuleId(1),
            uuid,
            priority: i32::try_from(data["priority"].as_i64().unwrap()).unwrap(),
            description: text(data, "description"),
            scope: text(data, "scope"),
            sensitive: data["sensitive"].as_bool().unwrap(),
            phase: text(data, "phase"),
            conditions: Array::from_text(data["conditions"].to_string()),
            actions: Array::from_text(data["actions"].to_string()),
            created_at,
            updated_at,
        }
        .tell(),
        _ => {
            let mut node = versioned::<Node>(data);
            node.object.traits = list(&data["traits"]);
            node.tell()
        }
    }
}

/// What a payload says beside its object.
const BESIDE: &[&str] = &[
    "node_uuid",
    "chassis_uuid",
    "portgroup_uuid",
    "to_power",
    "from_power",
    "event",
    "previous_provision_state",
    "previous_target_provision_state",
];

fn class(name: &str) -> &'static Class {
    ALL.iter().find(|class| class.name == name).unwrap()
}

fn status(word: &str) -> Status {
    [Status::Start, Status::End, Status::Error, Status::Success]
        .into_iter()
        .find(|status| status.word() == word)
        .unwrap()
}

#[test]
fn every_recorded_payload_is_made_again() {
    let lines = lines();
    assert_eq!(lines.len(), 78);
    for line in lines {
        let recorded = &line["payload"];
        let name = recorded["ironic_object.name"].as_str().unwrap();
        let data = recorded["ironic_object.data"].as_object().unwrap();
        let mut source = told(name, data);
        // What is not given yet when something is created is null there.
        source.retain(|key, _| data.get(key).is_some_and(|value| !value.is_null()));
        for key in BESIDE {
            if let Some(value) = data.get(*key) {
                source.insert((*key).to_owned(), value.clone());
            }
        }
        assert_eq!(
            &class(name).fill(source),
            recorded,
            "{}",
            line["event_type"]
        );
    }
}

#[tokio::test]
async fn every_recorded_message_has_our_keys_and_names() {
    let (notifier, mut queue) = Notifier::new(Some(Level::Info), "here");
    let context = RequestContext::default();
    for line in lines() {
        let recorded = line["event_type"].as_str().unwrap();
        let words: Vec<&str> = recorded.split('.').collect();
        let class = class(line["payload"]["ironic_object.name"].as_str().unwrap());
        let event = Event {
            service: match line["publisher"].as_str().unwrap() {
                "ironic-api" => "ironic-api",
                _ => "ironic-conductor",
            },
            object: match words[1] {
                "node" => "node",
                other => other.to_owned().leak(),
            },
            action: words[2],
            status: status(words[3]),
            class,
            context: &context,
        };
        notifier.emit(&event, Map::new());
        let sent = queue.recv().await.unwrap();
        assert_eq!(event_type(words[1], words[2], event.status), recorded);
        let inner = Value::Object(sent.to_inner());
        let keys: BTreeSet<&str> = inner
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        let wanted: BTreeSet<&str> = line["keys"]
            .as_array()
            .unwrap()
            .iter()
            .map(|k| k.as_str().unwrap())
            .collect();
        assert_eq!(keys, wanted);
        assert_eq!(inner["priority"], line["priority"]);
        assert_eq!(inner["event_type"], line["event_type"]);
        let key = format!("ironic_versioned_notifications.{}", sent.level.word());
        assert_eq!(json!(key), line["routing_key"]);
    }
}
