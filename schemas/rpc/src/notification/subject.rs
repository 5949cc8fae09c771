//! What notifications are about: how a domain object is called, and what it tells a payload.

use schemas_model::{
    Allocation, Chassis, DeployTemplate, InspectionRule, Node, Port, Portgroup, Runbook,
    RunbookStep, VolumeConnector, VolumeTarget,
};
use serde_json::{Map, Value, json};

use super::payload::{self, Class};
use crate::objects::{Object, Versioned};
use crate::wire::Wire;

/// A domain object that is created, updated and deleted.
pub trait Subject {
    /// The second word of its event types.
    const OBJECT: &'static str;
    /// The class of its create, update and delete payloads.
    const CLASS: &'static Class;

    /// What it tells, by field name; the UUIDs of what it belongs to come from elsewhere.
    fn tell(&self) -> Map<String, Value>;
}

/// The fields a versioned object carries.
fn carried<T: Object>(object: &Versioned<T>) -> Map<String, Value> {
    match object.to_wire() {
        Value::Object(mut primitive) => match primitive.remove("ironic_object.data") {
            Some(Value::Object(data)) => data,
            _ => Map::new(),
        },
        _ => Map::new(),
    }
}

impl Subject for Node {
    const OBJECT: &'static str = "node";
    const CLASS: &'static Class = &payload::NODE;

    fn tell(&self) -> Map<String, Value> {
        Versioned::from(self.clone()).tell()
    }
}

impl Subject for Versioned<Node> {
    const OBJECT: &'static str = "node";
    const CLASS: &'static Class = &payload::NODE;

    fn tell(&self) -> Map<String, Value> {
        let mut data = carried(self);
        data.insert("traits".into(), json!(self.object.traits));
        data
    }
}

/// Domain objects that travel as versioned objects with the fields of their payloads.
macro_rules! versioned {
    ($($type:ident, $name:literal, $class:ident;)+) => {$(
        impl Subject for $type {
            const OBJECT: &'static str = $name;
            const CLASS: &'static Class = &payload::$class;

            fn tell(&self) -> Map<String, Value> {
                carried(&Versioned::from(self.clone()))
            }
        }
    )+};
}

versioned! {
    Allocation, "allocation", ALLOCATION;
    Chassis, "chassis", CHASSIS;
    Port, "port", PORT;
    Portgroup, "portgroup", PORTGROUP;
    VolumeConnector, "volumeconnector", VOLUME_CONNECTOR;
    VolumeTarget, "volumetarget", VOLUME_TARGET;
}

/// An object literal as its members.
fn members(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

impl Subject for DeployTemplate {
    const OBJECT: &'static str = "deploytemplate";
    const CLASS: &'static Class = &payload::DEPLOY_TEMPLATE;

    fn tell(&self) -> Map<String, Value> {
        let steps: Value = self
            .steps
            .iter()
            .map(|step| {
                json!({
                    "interface": step.interface,
                    "step": step.step,
                    "args": step.args,
                    "priority": step.priority,
                })
            })
            .collect();
        members(json!({
            "uuid": self.uuid,
            "name": self.name,
            "steps": steps,
            "extra": self.extra,
            "created_at": self.created_at.to_wire(),
            "updated_at": self.updated_at.to_wire(),
        }))
    }
}

impl Subject for Runbook {
    const OBJECT: &'static str = "runbook";
    const CLASS: &'static Class = &payload::RUNBOOK;

    fn tell(&self) -> Map<String, Value> {
        let steps: Value = self.steps.iter().map(RunbookStep::to_value).collect();
        members(json!({
            "uuid": self.uuid,
            "name": self.name,
            "description": self.description,
            "steps": steps,
            "traits": self.traits,
            "disable_ramdisk": self.disable_ramdisk,
            "public": self.public,
            "owner": self.owner,
            "extra": self.extra,
            "created_at": self.created_at.to_wire(),
            "updated_at": self.updated_at.to_wire(),
        }))
    }
}

impl Subject for InspectionRule {
    const OBJECT: &'static str = "inspectionrule";
    const CLASS: &'static Class = &payload::INSPECTION_RULE;

    fn tell(&self) -> Map<String, Value> {
        members(json!({
            "uuid": self.uuid,
            "description": self.description,
            "phase": self.phase,
            "priority": self.priority,
            "scope": self.scope,
            "sensitive": self.sensitive,
            "actions": self.actions,
            "conditions": self.conditions,
            "created_at": self.created_at.to_wire(),
            "updated_at": self.updated_at.to_wire(),
        }))
    }
}
