//! Node on the wire (1.44).

use schemas_model::Node;
use schemas_model::ids::Uuid;
use schemas_model::interface::InterfaceKind;
use schemas_model::provision::State;
use serde_json::Value;

use super::row::row;
use super::{Object, Row, traits};
use crate::version::Version;
use crate::wire::Wire;

/// A row for the name of an interface: `interface!("bios_interface", Bios, since 24)`.
macro_rules! interface {
    ($name:literal, $kind:ident, since $since:literal) => {
        Row {
            name: $name,
            since: $since,
            get: |node| {
                node.object
                    .interfaces
                    .get(InterfaceKind::$kind)
                    .map_or(Value::Null, Value::from)
            },
            set: |node, value| {
                node.object
                    .interfaces
                    .set(InterfaceKind::$kind, Wire::from_wire(value)?);
                Ok(())
            },
        }
    };
}

/// `null` is the name `available` had before Ironic had a word for it.
const PROVISION_STATE: Row<Node> = Row {
    name: "provision_state",
    since: 0,
    get: |node| node.object.provision_state.to_wire(),
    set: |node, value| {
        node.object.provision_state = Option::from_wire(value)?.unwrap_or(State::Available);
        Ok(())
    },
};

impl Object for Node {
    const NAME: &'static str = "Node";
    const VERSION: Version = Version::one(44);
    const ROWS: &'static [Row<Self>] = &[
        row!("id", id),
        row!("uuid", uuid),
        row!("name", name, since 10),
        row!("chassis_id", chassis_id),
        row!("instance_uuid", instance_uuid),
        row!("driver", driver),
        row!("driver_info", driver_info),
        row!("driver_internal_info", driver_internal_info, since 9),
        row!("clean_step", clean_step, since 11),
        row!("deploy_step", deploy_step, since 26),
        row!("service_step", service_step, since 40),
        row!("raid_config", raid_config, since 12),
        row!("target_raid_config", target_raid_config, since 12),
        row!("instance_info", instance_info, since 1),
        row!("properties", properties),
        row!("reservation", reservation),
        row!("conductor_affinity", conductor_affinity, since 7),
        row!("conductor_group", conductor_group, since 27),
        row!("power_state", power_state),
        row!("target_power_state", target_power_state),
        PROVISION_STATE,
        row!("provision_updated_at", provision_updated_at),
        row!("target_provision_state", target_provision_state),
        row!("maintenance", maintenance),
        row!("maintenance_reason", maintenance_reason, since 8),
        row!("fault", fault, since 25),
        row!("console_enabled", console_enabled),
        row!("last_error", last_error),
        row!("resource_class", resource_class, since 17),
        row!("inspection_finished_at", inspection_finished_at),
        row!("inspection_started_at", inspection_started_at),
        row!("extra", extra),
        row!("automated_clean", automated_clean, since 28),
        row!("protected", protected, since 29),
        row!("protected_reason", protected_reason, since 29),
        row!("allocation_id", allocation_id, since 31),
        interface!("bios_interface", Bios, since 24),
        interface!("boot_interface", Boot, since 19),
        interface!("console_interface", Console, since 19),
        interface!("deploy_interface", Deploy, since 19),
        interface!("firmware_interface", Firmware, since 39),
        interface!("inspect_interface", Inspect, since 19),
        interface!("management_interface", Management, since 19),
        interface!("network_interface", Network, since 16),
        interface!("power_interface", Power, since 19),
        interface!("raid_interface", Raid, since 19),
        interface!("rescue_interface", Rescue, since 22),
        interface!("storage_interface", Storage, since 21),
        interface!("vendor_interface", Vendor, since 19),
        traits::ROW,
        row!("owner", owner, since 30),
        row!("lessee", lessee, since 34),
        row!("description", description, since 32),
        row!("retired", retired, since 33),
        row!("retired_reason", retired_reason, since 33),
        row!("network_data", network_data, since 35),
        row!("boot_mode", boot_mode, since 36),
        row!("secure_boot", secure_boot, since 36),
        row!("shard", shard, since 37),
        row!("parent_node", parent_node, since 38),
        row!("disable_power_off", disable_power_off, since 41),
        row!("instance_name", instance_name, since 43),
        row!("health", health, since 44),
        row!("created_at", created_at),
        row!("updated_at", updated_at),
    ];

    fn blank() -> Self {
        Node::new(Uuid::from_stored(String::new()), "")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objects::Versioned;
    use crate::objects::release::Pin;
    use crate::wire::Mismatch;

    #[test]
    fn interfaces_are_rows_of_their_kind() {
        for kind in InterfaceKind::ALL {
            assert!(
                Node::ROWS.iter().any(|row| row.name == kind.field()),
                "{kind}"
            );
        }
        assert!(Node::ROWS.len() <= 128);
    }

    #[test]
    fn a_pinned_node_has_only_the_fields_of_its_release() {
        let node = Versioned::changed(Node::new(Uuid::random(), "ipmi"), ["health", "name"]);
        let old = node.to_wire_pinned(Pin::to("2025.1").unwrap());
        assert_eq!(old["ironic_object.version"], "1.41");
        assert!(old["ironic_object.data"].get("health").is_none());
        assert!(old["ironic_object.data"].get("disable_power_off").is_some());
        assert!(old.get("ironic_object.changes").is_none());

        let read = Versioned::<Node>::from_wire(old).unwrap();
        assert!(!read.has("health"));
        assert!(read.has("shard"));
    }

    #[test]
    fn a_newer_node_is_refused() {
        let mut node = Versioned::from(Node::new(Uuid::random(), "ipmi")).to_wire();
        node["ironic_object.version"] = "1.45".into();
        assert_eq!(
            Versioned::<Node>::from_wire(node),
            Err(Mismatch::ObjectVersion {
                object: "Node",
                got: Version::one(45),
                supported: Version::one(44)
            })
        );
    }

    #[test]
    fn only_what_is_given_travels() {
        let mut node = Node::new(Uuid::random(), "ipmi");
        node.interfaces.set(InterfaceKind::Boot, Some("pxe".into()));
        let sent = Versioned::partial(node, ["uuid", "driver", "boot_interface"]);
        let read = Versioned::<Node>::from_wire(sent.to_wire()).unwrap();
        assert_eq!(read, sent);
        assert_eq!(
            read.changed_fields().collect::<Vec<_>>(),
            ["uuid", "driver", "boot_interface"]
        );
    }

    #[test]
    fn traits_survive() {
        let mut node = Node::new(Uuid::random(), "ipmi");
        node.traits = vec!["CUSTOM_A".into(), "HW_CPU_X86_VMX".into()];
        let read = Versioned::<Node>::from_wire(Versioned::from(node.clone()).to_wire()).unwrap();
        assert_eq!(read.object.traits, node.traits);
    }
}
