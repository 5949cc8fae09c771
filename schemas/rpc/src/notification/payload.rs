//! THE table of payload classes (Ironic 39.0.0, observed): name, version, fields.
//!
//! A payload is filled by field name from what its [`Subject`](super::Subject) has to tell, then
//! secrets are replaced.

use schemas_model::mask::{is_truthy, mask_object, mask_urls};
use serde_json::{Map, Value, json};

use crate::objects::Primitive;
use crate::version::Version;

/// A payload class. Its fields are `base` and `own` together.
#[derive(Debug, PartialEq, Eq)]
pub struct Class {
    /// `ironic_object.name`
    pub name: &'static str,
    /// `ironic_object.version`
    pub version: Version,
    /// Fields shared with other classes.
    pub base: &'static [&'static str],
    /// Fields of this class.
    pub own: &'static [&'static str],
}

const NONE: &[&str] = &[];

const NODE_FIELDS: &[&str] = &[
    "clean_step",
    "conductor_group",
    "console_enabled",
    "created_at",
    "deploy_step",
    "description",
    "disable_power_off",
    "driver",
    "extra",
    "boot_mode",
    "secure_boot",
    "inspection_finished_at",
    "inspection_started_at",
    "instance_uuid",
    "last_error",
    "maintenance",
    "maintenance_reason",
    "fault",
    "bios_interface",
    "boot_interface",
    "console_interface",
    "deploy_interface",
    "inspect_interface",
    "management_interface",
    "network_interface",
    "power_interface",
    "raid_interface",
    "rescue_interface",
    "storage_interface",
    "vendor_interface",
    "name",
    "owner",
    "lessee",
    "power_state",
    "properties",
    "protected",
    "protected_reason",
    "provision_state",
    "provision_updated_at",
    "resource_class",
    "retired",
    "retired_reason",
    "target_power_state",
    "target_provision_state",
    "traits",
    "updated_at",
    "uuid",
];

/// A row: `class!(CONSTANT, "Name", minor, base, [own, ...])`.
macro_rules! classes {
    ($($(#[doc = $doc:literal])* $constant:ident = $name:literal, $minor:literal, $base:expr, [$($own:literal),* $(,)?];)+) => {
        $(
            $(#[doc = $doc])*
            pub const $constant: Class = Class {
                name: $name,
                version: Version::one($minor),
                base: $base,
                own: &[$($own),*],
            };
        )+

        /// Every class.
        pub const ALL: &[&Class] = &[$(&$constant),+];
    };
}

classes! {
    /// Allocation create, update, delete.
    ALLOCATION = "AllocationCRUDPayload", 1, NONE, [
        "uuid", "name", "node_uuid", "state", "last_error", "owner", "resource_class", "traits",
        "candidate_nodes", "extra", "created_at", "updated_at",
    ];
    /// Chassis create, update, delete.
    CHASSIS = "ChassisCRUDPayload", 0, NONE, ["description", "extra", "created_at", "updated_at", "uuid"];
    /// Deploy template create, update, delete.
    DEPLOY_TEMPLATE = "DeployTemplateCRUDPayload", 0, NONE, [
        "created_at", "extra", "name", "steps", "updated_at", "uuid",
    ];
    /// Inspection rule create, update, delete.
    INSPECTION_RULE = "InspectionRuleCRUDPayload", 0, NONE, [
        "created_at", "description", "phase", "priority", "scope", "sensitive", "actions",
        "conditions", "updated_at", "uuid",
    ];
    /// Node create, update, delete.
    NODE = "NodeCRUDPayload", 15, NODE_FIELDS, ["chassis_uuid", "instance_info", "driver_info"];
    /// A corrected power state.
    NODE_CORRECTED_POWER = "NodeCorrectedPowerStatePayload", 17, NODE_FIELDS, ["from_power"];
    /// Maintenance and console.
    NODE_PLAIN = "NodePayload", 17, NODE_FIELDS, [];
    /// A power change.
    NODE_SET_POWER = "NodeSetPowerStatePayload", 17, NODE_FIELDS, ["to_power"];
    /// A change of the provision state.
    NODE_SET_PROVISION = "NodeSetProvisionStatePayload", 18, NODE_FIELDS, [
        "instance_info", "driver_internal_info", "event", "previous_provision_state",
        "previous_target_provision_state",
    ];
    /// Port create, update, delete.
    PORT = "PortCRUDPayload", 8, NONE, [
        "address", "extra", "local_link_connection", "pxe_enabled", "node_uuid", "portgroup_uuid",
        "physical_network", "created_at", "updated_at", "uuid", "is_smartnic", "name",
        "description", "vendor", "category", "available_for_dynamic_portgroup",
    ];
    /// Port group create, update, delete.
    PORTGROUP = "PortgroupCRUDPayload", 3, NONE, [
        "address", "category", "extra", "mode", "name", "node_uuid", "physical_network",
        "properties", "standalone_ports_supported", "created_at", "updated_at", "uuid",
        "dynamic_portgroup",
    ];
    /// Runbook create, update, delete.
    RUNBOOK = "RunbookCRUDPayload", 1, NONE, [
        "created_at", "description", "disable_ramdisk", "extra", "name", "owner", "public",
        "steps", "traits", "updated_at", "uuid",
    ];
    /// Volume connector create, update, delete.
    VOLUME_CONNECTOR = "VolumeConnectorCRUDPayload", 0, NONE, [
        "extra", "type", "connector_id", "node_uuid", "created_at", "updated_at", "uuid",
    ];
    /// Volume target create, update, delete.
    VOLUME_TARGET = "VolumeTargetCRUDPayload", 0, NONE, [
        "boot_index", "extra", "node_uuid", "properties", "volume_id", "volume_type",
        "created_at", "updated_at", "uuid",
    ];
}

/// Fields that are empty, not null, when nothing is known.
const OBJECTS: &[&str] = &[
    "clean_step",
    "deploy_step",
    "driver_info",
    "driver_internal_info",
    "extra",
    "instance_info",
    "local_link_connection",
    "properties",
];

/// Objects whose members are masked by name, and the members that are secret whatever they hold. A
/// configdrive may be an object; Kg and SNMP communities are shown by the API, as Ironic does, but
/// nobody on the bus needs them.
const MASKED: &[(&str, &[&str])] = &[
    ("instance_info", &["image_url", "configdrive"]),
    (
        "driver_info",
        &[
            "ipmi_hex_kg_key",
            "snmp_auth_key",
            "snmp_priv_key",
            "snmp_community",
            "snmp_community_read",
            "snmp_community_write",
        ],
    ),
    ("driver_internal_info", &[]),
];

/// What stands for something the API does not show to everybody either.
const REDACTED: &str = "** Value redacted: not published on the notification bus. **";

impl Class {
    /// The names of the fields.
    pub fn fields(&self) -> impl Iterator<Item = &'static str> {
        self.own.iter().chain(self.base).copied()
    }

    /// The payload as it travels, with secrets replaced.
    pub fn fill(&self, mut source: Map<String, Value>) -> Value {
        let mut data: Map<String, Value> = self
            .fields()
            .map(|field| {
                let value = source.remove(field).unwrap_or(Value::Null);
                (field.to_owned(), or_empty(field, value))
            })
            .collect();
        self.redact(&mut data);
        Primitive {
            name: self.name.to_owned(),
            version: self.version,
            data,
            changes: Vec::new(),
        }
        .into_wire()
    }

    fn redact(&self, data: &mut Map<String, Value>) {
        for (field, hidden) in MASKED {
            if let Some(Value::Object(members)) = data.get_mut(*field) {
                *members = mask_object(members, hidden);
            }
        }
        for field in OBJECTS {
            data.get_mut(*field).into_iter().for_each(mask_urls);
        }
        let redacted = json!({"redacted_contents": REDACTED});
        if *self == VOLUME_TARGET
            && let Some(properties) = data.get_mut("properties")
            && is_truthy(properties)
        {
            *properties = redacted;
        } else if *self == INSPECTION_RULE && data.get("sensitive") == Some(&Value::Bool(true)) {
            data.insert("actions".into(), json!([redacted]));
            data.insert("conditions".into(), json!([redacted]));
        }
    }
}

fn or_empty(field: &str, value: Value) -> Value {
    match value {
        Value::Null if OBJECTS.contains(&field) => Value::Object(Map::new()),
        Value::Null if field == "conductor_group" => Value::from(""),
        value => value,
    }
}
