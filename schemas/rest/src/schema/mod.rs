//! JSON Schemas of what is too deep for the tables of fields, compiled once.
//!
//! Source: Ironic 39.0.0, `ironic.api.controllers.v1`, observed.

mod network_data;
mod raid;

use std::sync::LazyLock;

use jsonschema::Validator;
use schemas_model::{Class, Fault, Uuid};
use serde_json::{Value, json};

use crate::ident;

pub use raid::logical_disk_properties;

/// A compiled schema; `None` cannot happen with the constants below, and lets everything pass.
type Compiled = LazyLock<Option<Validator>>;

fn compile(schema: &Value) -> Option<Validator> {
    jsonschema::options()
        .with_format("uuid", Uuid::is_like)
        .with_format("mac-address", |text: &str| ident::mac(text).is_some())
        .should_validate_formats(true)
        .build(schema)
        .ok()
}

fn check(schema: &Compiled, what: &str, value: &Value) -> Result<(), Fault> {
    match schema.as_ref().map(|schema| schema.validate(value)) {
        Some(Err(error)) => Err(Fault::invalid_parameter(format!(
            "Schema error for {what}: {error}"
        ))),
        _ => Ok(()),
    }
}

static RAID: Compiled = LazyLock::new(|| compile(&raid::schema()));

/// Checks the target RAID configuration of a node.
///
/// # Errors
/// `InvalidParameterValue` naming what does not fit.
pub fn raid_config(config: &Value) -> Result<(), Fault> {
    check(&RAID, "target_raid_config", config).map_err(|fault| {
        Fault::invalid_parameter(format!("RAID config validation error: {}", fault.message))
    })?;
    if raid::has_two_roots(config) {
        return Err(Fault::invalid_parameter(
            "RAID config validation error: Raid config cannot have more than one root volume",
        ));
    }
    Ok(())
}

static NETWORK_DATA: Compiled = LazyLock::new(network_data::compile);

/// Check: `network_data`; the empty object always fits.
///
/// # Errors
/// 400.
pub fn network_data(name: &str, value: Value) -> Result<Value, Fault> {
    if value.as_object().is_some_and(|members| !members.is_empty()) {
        check(&NETWORK_DATA, name, &value)?;
    }
    Ok(value)
}

/// `network_data` of a patch, where the empty object does not fit.
///
/// # Errors
/// 400.
pub fn network_data_in_full(value: &Value) -> Result<(), Fault> {
    check(&NETWORK_DATA, "network_data", value)
}

fn local_link_schema() -> Value {
    let with = |more: &[&str], required: &[&str], types: &[&str]| {
        let text = ["port_id", "switch_id", "hostname", "switch_info"];
        let texts = text.iter().chain(more);
        let mut properties: serde_json::Map<String, Value> = texts
            .map(|name| ((*name).to_owned(), json!({"type": "string"})))
            .collect();
        let kind = json!({"type": "string", "enum": types});
        properties.insert("network_type".to_owned(), kind);
        json!({
            "type": "object",
            "properties": properties,
            "additionalProperties": false,
            "required": required,
        })
    };
    let base = |required: &[&str], types: &[&str]| with(&[], required, types);
    // The two belong together, and to nothing else.
    let vtep = ["vtep-logical-switch", "vtep-physical-switch"];
    let any = &["managed", "unmanaged"];
    json!({"anyOf": [
        base(&["port_id", "switch_id"], any),
        base(&["port_id", "hostname"], any),
        base(&["network_type"], &["unmanaged"]),
        with(&vtep, &["port_id", vtep[0], vtep[1]], any),
        {"type": "object", "additionalProperties": false},
    ]})
}

static LOCAL_LINK: Compiled = LazyLock::new(|| compile(&local_link_schema()));

/// Check: `local_link_connection`; the switch id is lower-cased.
///
/// # Errors
/// 400.
pub fn local_link(name: &str, mut value: Value) -> Result<Value, Fault> {
    check(&LOCAL_LINK, name, &value)?;
    if let Some(switch) = value.get_mut("switch_id") {
        let text = switch.as_str().unwrap_or_default();
        let known = ident::switch_id(text).ok_or_else(|| {
            Fault::new(
                Class::InvalidSwitchID,
                format!("Expected a MAC address or an OpenFlow datapath id but received {text}."),
            )
        })?;
        *switch = Value::String(known);
    }
    Ok(value)
}

/// Whether a link names what a Smart NIC needs: port and host.
pub fn is_smart_nic_link(link: &Value) -> bool {
    link.get("port_id").is_some_and(Value::is_string)
        && link.get("hostname").is_some_and(Value::is_string)
}

/// The interface kinds whose steps a person may name.
const STEP_INTERFACES: &[&str] = &[
    "vendor",
    "power",
    "management",
    "firmware",
    "deploy",
    "bios",
    "raid",
];

fn order_like() -> Value {
    json!({"anyOf": [
        {"type": "integer", "minimum": 0},
        {"type": "string", "minLength": 1, "pattern": "^[0-9]+$"},
    ]})
}

static USER_STEPS: Compiled = LazyLock::new(|| {
    compile(&json!({"type": "array", "items": {
        "type": "object",
        "required": ["interface", "step"],
        "properties": {
            "interface": {"enum": STEP_INTERFACES},
            "step": {"type": "string", "minLength": 1},
            "args": {"type": "object"},
            "order": order_like(),
            "execute_on_child_nodes": {"type": "boolean"},
            "limit_child_node_execution": {"type": "array"},
        },
        "additionalProperties": false,
    }}))
});

/// Clean or service steps of a provisioning request.
///
/// # Errors
/// 400.
pub fn user_steps(what: &str, steps: &Value) -> Result<(), Fault> {
    check(&USER_STEPS, what, steps)
}

/// The schema of one deploy step, of a request or a template.
pub fn deploy_step() -> Value {
    json!({
        "type": "object",
        "properties": {
            "args": {"type": "object"},
            "interface": {"type": "string", "enum": STEP_INTERFACES},
            "priority": order_like(),
            "step": {"type": "string", "minLength": 1},
        },
        "required": ["interface", "step", "args", "priority"],
        "additionalProperties": false,
    })
}

static DEPLOY_STEPS: Compiled =
    LazyLock::new(|| compile(&json!({"type": "array", "items": deploy_step()})));

/// Deploy steps of a provisioning request or a template.
///
/// # Errors
/// 400.
pub fn deploy_steps(what: &str, steps: &Value) -> Result<(), Fault> {
    check(&DEPLOY_STEPS, what, steps)
}

static RUNBOOK_STEPS: Compiled = LazyLock::new(|| {
    compile(&json!({"type": "array", "minItems": 1, "items": {
        "type": "object",
        "properties": {
            "args": {"type": "object"},
            "interface": {"type": "string", "enum": STEP_INTERFACES},
            "step": {"type": "string", "minLength": 1},
            "order": order_like(),
        },
        "required": ["interface", "step", "order"],
        "additionalProperties": false,
    }}))
});

/// Steps of a runbook.
///
/// # Errors
/// 400.
pub fn runbook_steps(what: &str, steps: &Value) -> Result<(), Fault> {
    check(&RUNBOOK_STEPS, what, steps)
}

static INSPECTION_DATA: Compiled = LazyLock::new(|| {
    let address = json!({"type": ["string", "null"]});
    compile(&json!({
        "type": "object",
        "properties": {"inventory": {
            "type": "object",
            "properties": {
                "bmc_address": address,
                "bmc_v6address": address,
                "interfaces": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {"mac_address": {"type": "string"}},
                        "required": ["mac_address"],
                    },
                    "minItems": 1,
                },
            },
            "required": ["interfaces"],
        }},
        "required": ["inventory"],
    }))
});

/// What an inspection ramdisk sends.
///
/// # Errors
/// 400.
pub fn inspection_data(data: &Value) -> Result<(), Fault> {
    check(&INSPECTION_DATA, "data", data)
}

static EVENTS: Compiled = LazyLock::new(|| {
    let event = json!({
        "type": "object",
        "properties": {
            "event": {"enum": [
                "network.bind_port",
                "network.unbind_port",
                "network.delete_port",
            ]},
            "port_id": {"type": "string", "format": "uuid"},
            "mac_address": {"type": "string", "format": "mac-address"},
            "device_id": {"type": ["string", "null"], "format": "uuid"},
            "status": {"type": "string"},
            "binding:host_id": {"type": ["string", "null"], "format": "uuid"},
            "binding:vnic_type": {"type": ["string", "null"]},
        },
        "required": ["event", "port_id", "mac_address", "status"],
        "additionalProperties": false,
    });
    compile(&json!({
        "type": "object",
        "properties": {"events": {"type": "array", "minItems": 1, "items": event}},
        "required": ["events"],
        "additionalProperties": false,
    }))
});

/// Events of other services.
///
/// # Errors
/// 400.
pub fn events(body: &Value) -> Result<(), Fault> {
    check(&EVENTS, "events", body)
}

static VIF: Compiled = LazyLock::new(|| {
    compile(&json!({
        "type": "object",
        "properties": {"id": {"type": "string"}},
        "required": ["id"],
    }))
});

/// A VIF to attach.
///
/// # Errors
/// 400.
pub fn vif(body: &Value) -> Result<(), Fault> {
    check(&VIF, "vif", body)?;
    match body.get("id").and_then(Value::as_str) {
        Some(id) if ident::is_uuid_or_name(id) => Ok(()),
        _ => Err(Fault::invalid_parameter("Expected UUID or name for id")),
    }
}

static VMEDIA: Compiled = LazyLock::new(|| {
    compile(&json!({
        "type": "object",
        "properties": {
            "device_type": {"type": "string", "enum": crate::vmedia::DEVICES},
            "image_url": {"type": "string"},
            "image_download_source": {"type": "string", "enum": ["http", "local", "swift"]},
        },
        "required": ["device_type", "image_url"],
        "additionalProperties": false,
    }))
});

/// Virtual media to attach.
///
/// # Errors
/// 400.
pub fn vmedia(body: &Value) -> Result<(), Fault> {
    check(&VMEDIA, "vmedia", body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_schema_compiles() {
        for schema in [
            &NETWORK_DATA,
            &LOCAL_LINK,
            &USER_STEPS,
            &DEPLOY_STEPS,
            &RUNBOOK_STEPS,
            &INSPECTION_DATA,
            &EVENTS,
            &VIF,
            &VMEDIA,
        ] {
            assert!(schema.is_some());
        }
    }

    #[test]
    fn links_of_ports() {
        let link = json!({"port_id": "e1", "switch_id": "00:11:22:AA:bb:cc"});
        assert_eq!(
            local_link("l", link).unwrap()["switch_id"],
            "00:11:22:aa:bb:cc"
        );
        assert!(local_link("l", json!({})).is_ok());
        assert!(local_link("l", json!({"network_type": "managed"})).is_err());
        assert!(local_link("l", json!({"port_id": "e1", "switch_id": "xyz"})).is_err());
        let vtep =
            json!({"port_id": "e1", "vtep-logical-switch": "a", "vtep-physical-switch": "b"});
        assert!(local_link("l", vtep).is_ok());
        let half = json!({"port_id": "e1", "hostname": "h", "vtep-logical-switch": "a"});
        assert!(local_link("l", half).is_err());
    }

    #[test]
    fn raid_configurations() {
        let good = json!({"logical_disks": [
            {"raid_level": "1", "size_gb": "MAX", "is_root_volume": true},
            {"raid_level": "5", "size_gb": 100, "controller": "c", "physical_disks": ["a", "b"]},
        ]});
        raid_config(&good).unwrap();
        for bad in [
            json!({}),
            json!({"logical_disks": []}),
            json!({"logical_disks": [{"raid_level": "1"}]}),
            json!({"logical_disks": [{"raid_level": "9", "size_gb": 1}]}),
            json!({"logical_disks": [{"raid_level": "1", "size_gb": -1}]}),
            json!({"logical_disks": [{"raid_level": "1", "size_gb": 1, "x": 1}]}),
            json!({"logical_disks": [{"raid_level": "1", "size_gb": 1, "physical_disks": []}]}),
            json!({"logical_disks": [{"raid_level": "1", "size_gb": 1, "number_of_physical_disks": 0}]}),
            json!({"logical_disks": [
                {"raid_level": "1", "size_gb": 1, "is_root_volume": true},
                {"raid_level": "1", "size_gb": 1, "is_root_volume": true}]}),
            json!({"foo": 1}),
        ] {
            assert!(raid_config(&bad).is_err(), "{bad}");
        }
    }
}
