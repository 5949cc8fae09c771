//! A node and its ports as the agent gets them: what hardware managers look at, without secrets.
//!
//! Keys and shapes: recorded from Ironic 39.0.0 with ironic-python-agent 13.0.0; hardware managers
//! of other vendors read any of them. What may be a secret is `******`.

use drivers_interface::Task;
use schemas_model::interface::InterfaceKind;
use schemas_model::{Node, Object};
use serde_json::{Map, Value, json};

/// What stands in for a secret.
const MASK: &str = "******";

/// Words that make a member secret, lower case.
const SECRET_WORDS: &[&str] = &[
    "password",
    "passphrase",
    "secret",
    "token",
    "_key",
    "adminpass",
    "admin_pass",
    "sslkey",
    "community",
];

/// Whether the agent is shown the config drive: only the deploy steps need it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ConfigDrive {
    /// As it is.
    Shown,
    /// `******`.
    Masked,
}

/// The node.
pub(crate) fn node(node: &Node, config_drive: ConfigDrive) -> Value {
    let mut instance_info = masked(&node.instance_info);
    if let Some(drive) = node.instance_info.member("configdrive") {
        let shown = match config_drive {
            ConfigDrive::Shown => drive.clone(),
            ConfigDrive::Masked => Value::from(MASK),
        };
        instance_info.insert("configdrive".into(), shown);
    }
    let mut view = json!({
        "id": node.id.0,
        "uuid": node.uuid,
        "name": node.name,
        "chassis_id": node.chassis_id.map(|id| id.0),
        "instance_uuid": node.instance_uuid,
        "driver": node.driver,
        "driver_info": masked(&node.driver_info),
        "driver_internal_info": masked(&node.driver_internal_info),
        "clean_step": node.clean_step,
        "deploy_step": node.deploy_step,
        "service_step": node.service_step,
        "raid_config": node.raid_config,
        "target_raid_config": node.target_raid_config,
        "properties": node.properties,
        "reservation": node.reservation,
        "conductor_affinity": node.conductor_affinity.map(|id| id.0),
        "conductor_group": node.conductor_group,
        "power_state": node.power_state,
        "target_power_state": node.target_power_state,
        "provision_state": node.provision_state,
        "provision_updated_at": node.provision_updated_at,
        "target_provision_state": node.target_provision_state,
        "maintenance": node.maintenance,
        "maintenance_reason": node.maintenance_reason,
        "fault": node.fault,
        "console_enabled": node.console_enabled,
        "last_error": node.last_error,
        "resource_class": node.resource_class,
        "inspection_finished_at": node.inspection_finished_at,
        "inspection_started_at": node.inspection_started_at,
        "extra": node.extra,
        "automated_clean": node.automated_clean,
        "protected": node.protected,
        "protected_reason": node.protected_reason,
        "allocation_id": node.allocation_id.map(|id| id.0),
    });
    let rest = json!({
        "traits": {"objects": node.traits},
        "owner": node.owner,
        "lessee": node.lessee,
        "description": node.description,
        "retired": node.retired,
        "retired_reason": node.retired_reason,
        "network_data": node.network_data,
        "boot_mode": node.boot_mode,
        "secure_boot": node.secure_boot,
        "shard": node.shard,
        "parent_node": node.parent_node,
        "disable_power_off": node.disable_power_off,
        "instance_name": node.instance_name,
        "health": node.health,
        "created_at": node.created_at,
        "updated_at": node.updated_at,
        "instance_info": instance_info,
    });
    if let (Value::Object(members), Value::Object(rest)) = (&mut view, rest) {
        for kind in InterfaceKind::ALL {
            let name = node.interfaces.get(*kind).map_or(Value::Null, Value::from);
            members.insert(format!("{kind}_interface"), name);
        }
        members.extend(rest);
    }
    view
}

/// The ports of the task's node.
pub(crate) fn ports(task: &dyn Task) -> Value {
    let node_uuid = &task.node().uuid;
    task.ports()
        .iter()
        .map(|port| {
            json!({
                "id": port.id.0,
                "uuid": port.uuid,
                "node_id": port.node_id.map(|id| id.0),
                "node_uuid": node_uuid,
                "address": port.address,
                "extra": port.extra,
                "local_link_connection": port.local_link_connection,
                "portgroup_id": port.portgroup_id.map(|id| id.0),
                "pxe_enabled": port.pxe_enabled,
                "internal_info": port.internal_info,
                "physical_network": port.physical_network,
                "is_smartnic": port.is_smartnic,
                "name": port.name,
                "description": port.description,
                "vendor": port.vendor,
                "category": port.category,
                "available_for_dynamic_portgroup": port.available_for_dynamic_portgroup,
                "created_at": port.created_at,
                "updated_at": port.updated_at,
            })
        })
        .collect()
}

fn masked(object: &Object) -> Map<String, Value> {
    object
        .get()
        .iter()
        .map(|(key, value)| (key.clone(), mask(key, value)))
        .collect()
}

fn mask(key: &str, value: &Value) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .map(|(key, value)| (key.clone(), mask(key, value)))
            .collect::<Map<_, _>>()
            .into(),
        _ if is_secret(key) => Value::from(MASK),
        Value::Array(items) => items.iter().map(|item| mask("", item)).collect(),
        other => other.clone(),
    }
}

fn is_secret(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    SECRET_WORDS.iter().any(|word| key.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use schemas_model::Uuid;

    /// The keys of a node as Ironic 39.0.0 sent it to an agent (recorded).
    const RECORDED: &str = "id uuid name chassis_id instance_uuid driver driver_info driver_internal_info \
        clean_step deploy_step service_step raid_config target_raid_config properties reservation \
        conductor_affinity conductor_group power_state target_power_state provision_state \
        provision_updated_at target_provision_state maintenance maintenance_reason fault \
        console_enabled last_error resource_class inspection_finished_at inspection_started_at extra \
        automated_clean protected protected_reason allocation_id bios_interface boot_interface \
        console_interface deploy_interface firmware_interface inspect_interface management_interface \
        network_interface power_interface raid_interface rescue_interface storage_interface \
        vendor_interface traits owner lessee description retired retired_reason network_data boot_mode \
        secure_boot shard parent_node disable_power_off instance_name health created_at updated_at \
        instance_info";

    #[test]
    fn the_agent_gets_every_recorded_key() {
        let view = node(
            &Node::new(Uuid::random(), "fake-hardware"),
            ConfigDrive::Masked,
        );
        let keys: std::collections::BTreeSet<&str> = view
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(keys, RECORDED.split_whitespace().collect());
    }

    #[test]
    fn the_agent_gets_no_credentials() {
        let mut secretive = Node::new(Uuid::random(), "fake-hardware");
        secretive.driver_info.set("ipmi_password", "hunter2");
        secretive
            .driver_info
            .set("nested", json!({"list": [{"snmp_community": "hunter2"}]}));
        secretive
            .driver_internal_info
            .set("agent_secret_token", "hunter2");
        secretive.instance_info.set("rescue_password", "hunter2");
        secretive.instance_info.set("configdrive", "hunter2");
        let view = node(&secretive, ConfigDrive::Masked).to_string();
        assert!(!view.contains("hunter2"), "{view}");
        let shown = node(&secretive, ConfigDrive::Shown);
        assert_eq!(shown["instance_info"]["configdrive"], "hunter2");
    }
}
