//! A node: one bare metal machine.

use crate::boot::BootMode;
use crate::ids::{AllocationId, ChassisId, ConductorId, NodeId, Uuid};
use crate::interface::InterfaceNames;
use crate::json::Object;
use crate::power::PowerState;
use crate::provision::State;
use crate::time::Timestamp;

/// A machine, with every column of `nodes` plus its traits.
///
/// Texts that only people read (`name`, `owner`, ...) are `String`; closed lists are enums.
#[derive(Clone, Debug, PartialEq)]
#[allow(
    missing_docs,
    reason = "the fields are Ironic's node fields, documented by its API reference"
)]
pub struct Node {
    pub id: NodeId,
    pub uuid: Uuid,
    pub name: Option<String>,
    pub description: Option<String>,
    pub chassis_id: Option<ChassisId>,
    pub instance_uuid: Option<String>,
    pub instance_name: Option<String>,
    pub allocation_id: Option<AllocationId>,
    pub parent_node: Option<String>,
    pub owner: Option<String>,
    pub lessee: Option<String>,
    pub shard: Option<String>,
    pub resource_class: Option<String>,
    pub conductor_group: String,
    pub conductor_affinity: Option<ConductorId>,
    /// Host name of the conductor that holds the lock.
    pub reservation: Option<String>,

    pub provision_state: State,
    pub target_provision_state: Option<State>,
    pub provision_updated_at: Option<Timestamp>,
    pub power_state: Option<PowerState>,
    pub target_power_state: Option<PowerState>,
    pub last_error: Option<String>,
    pub maintenance: bool,
    pub maintenance_reason: Option<String>,
    pub fault: Option<String>,
    pub health: Option<String>,
    pub protected: bool,
    pub protected_reason: Option<String>,
    /// Null in nodes whose flag was taken away; see [`Node::is_retired`].
    pub retired: Option<bool>,
    pub retired_reason: Option<String>,
    pub console_enabled: bool,
    pub automated_clean: Option<bool>,
    /// Null in nodes whose flag was taken away; see [`Node::stays_powered`].
    pub disable_power_off: Option<bool>,
    /// What the machine last booted with. Whoever registers a node may write any text here
    /// (Ironic 39.0.0, observed); see [`Node::known_boot_mode`].
    pub boot_mode: Option<String>,
    pub secure_boot: Option<bool>,
    pub inspection_started_at: Option<Timestamp>,
    pub inspection_finished_at: Option<Timestamp>,

    /// Name of the hardware type.
    pub driver: String,
    pub interfaces: InterfaceNames,
    pub driver_info: Object,
    pub driver_internal_info: Object,
    pub instance_info: Object,
    pub properties: Object,
    pub extra: Object,
    pub network_data: Object,
    pub clean_step: Object,
    pub deploy_step: Object,
    pub service_step: Object,
    pub raid_config: Object,
    pub target_raid_config: Object,

    /// From `node_traits`, sorted; loaded only where a store function says so.
    pub traits: Vec<String>,

    pub created_at: Option<Timestamp>,
    pub updated_at: Option<Timestamp>,
}

impl Node {
    /// A node that is about to be created: `enroll`, nothing known.
    pub fn new(uuid: Uuid, driver: impl Into<String>) -> Self {
        Node {
            id: NodeId(0),
            uuid,
            name: None,
            description: None,
            chassis_id: None,
            instance_uuid: None,
            instance_name: None,
            allocation_id: None,
            parent_node: None,
            owner: None,
            lessee: None,
            shard: None,
            resource_class: None,
            conductor_group: String::new(),
            conductor_affinity: None,
            reservation: None,
            provision_state: State::Enroll,
            target_provision_state: None,
            provision_updated_at: None,
            power_state: None,
            target_power_state: None,
            last_error: None,
            maintenance: false,
            maintenance_reason: None,
            fault: None,
            health: None,
            protected: false,
            protected_reason: None,
            retired: Some(false),
            retired_reason: None,
            console_enabled: false,
            automated_clean: None,
            disable_power_off: Some(false),
            boot_mode: None,
            secure_boot: None,
            inspection_started_at: None,
            inspection_finished_at: None,
            driver: driver.into(),
            interfaces: InterfaceNames::default(),
            driver_info: Object::default(),
            driver_internal_info: Object::default(),
            instance_info: Object::default(),
            properties: Object::default(),
            extra: Object::default(),
            network_data: Object::default(),
            clean_step: Object::default(),
            deploy_step: Object::default(),
            service_step: Object::default(),
            raid_config: Object::default(),
            target_raid_config: Object::default(),
            traits: Vec::new(),
            created_at: None,
            updated_at: None,
        }
    }

    /// Whether the node is not to be provided again.
    pub fn is_retired(&self) -> bool {
        self.retired == Some(true)
    }

    /// Whether the machine must never be powered off, only rebooted.
    pub fn stays_powered(&self) -> bool {
        self.disable_power_off == Some(true)
    }

    /// The boot mode, if it is one that exists.
    pub fn known_boot_mode(&self) -> Option<BootMode> {
        self.boot_mode.as_deref().and_then(|mode| mode.parse().ok())
    }

    /// The name if it has one, else the UUID: what messages call the node.
    pub fn label(&self) -> &str {
        self.name.as_deref().unwrap_or(self.uuid.as_str())
    }
}
