//! Rows of `nodes`.

use std::str::FromStr;

use schemas_model::Node;
use schemas_model::error::UnknownWord;
use schemas_model::ids::{AllocationId, ChassisId, ConductorId, NodeId, Uuid};
use schemas_model::interface::{InterfaceKind, InterfaceNames};
use schemas_model::provision::State;

use super::record::{group, record};
use super::version;
use crate::column::{JsonObject, Moment};
use crate::error::{DbError, DbResult};

record! {
    /// A row of `nodes`. Its 65 columns are in groups, each of them a tuple of a size that diesel
    /// compiles fast (see [`crate::tables::nodes`]).
    NodeRow, NodeChanges of nodes ("1.44") {
        uuid: Option<String>,
        instance_uuid: Option<String>,
        instance_name: Option<String>,
        name: Option<String>,
        chassis_id: Option<i32>,
        driver: Option<String>,
        resource_class: Option<String>,
        reservation: Option<String>,
        conductor_affinity: Option<i32>,
        conductor_group: String,
        automated_clean: Option<bool>,
        protected: bool,
        protected_reason: Option<String>,
        owner: Option<String>,
        lessee: Option<String>,
        allocation_id: Option<i32>,
        description: Option<String>,
        retired: Option<bool>,
        retired_reason: Option<String>,
        shard: Option<String>,
        parent_node: Option<String>,
        disable_power_off: Option<bool>,
        health: Option<String>,
    } with {
        states: NodeStatesRow, NodeStatesChanges;
        documents: NodeDocumentsRow, NodeDocumentsChanges;
        interfaces: NodeInterfacesRow, NodeInterfacesChanges;
    }
}

group! {
    /// The columns that say how a node is.
    NodeStatesRow, NodeStatesChanges of nodes {
        power_state: Option<String>,
        target_power_state: Option<String>,
        provision_state: Option<String>,
        target_provision_state: Option<String>,
        provision_updated_at: Option<Moment>,
        last_error: Option<String>,
        maintenance: Option<bool>,
        maintenance_reason: Option<String>,
        fault: Option<String>,
        console_enabled: Option<bool>,
        inspection_finished_at: Option<Moment>,
        inspection_started_at: Option<Moment>,
        boot_mode: Option<String>,
        secure_boot: Option<bool>,
    }
}

group! {
    /// The columns with a JSON object.
    NodeDocumentsRow, NodeDocumentsChanges of nodes {
        instance_info: Option<JsonObject>,
        properties: Option<JsonObject>,
        driver_info: Option<JsonObject>,
        driver_internal_info: Option<JsonObject>,
        clean_step: Option<JsonObject>,
        deploy_step: Option<JsonObject>,
        service_step: Option<JsonObject>,
        raid_config: Option<JsonObject>,
        target_raid_config: Option<JsonObject>,
        extra: Option<JsonObject>,
        network_data: Option<JsonObject>,
    }
}

group! {
    /// The columns with the name of an interface's implementation.
    NodeInterfacesRow, NodeInterfacesChanges of nodes {
        bios_interface: Option<String>,
        boot_interface: Option<String>,
        console_interface: Option<String>,
        deploy_interface: Option<String>,
        firmware_interface: Option<String>,
        inspect_interface: Option<String>,
        management_interface: Option<String>,
        network_interface: Option<String>,
        raid_interface: Option<String>,
        rescue_interface: Option<String>,
        storage_interface: Option<String>,
        power_interface: Option<String>,
        vendor_interface: Option<String>,
    }
}

const TABLE: &str = "nodes";

impl NodeRow {
    /// The node, without its traits.
    pub(crate) fn into_model(self) -> DbResult<Node> {
        let NodeRow {
            id,
            uuid,
            instance_uuid,
            instance_name,
            name,
            chassis_id,
            driver,
            resource_class,
            reservation,
            conductor_affinity,
            conductor_group,
            automated_clean,
            protected,
            protected_reason,
            owner,
            lessee,
            allocation_id,
            description,
            retired,
            retired_reason,
            shard,
            parent_node,
            disable_power_off,
            health,
            states:
                NodeStatesRow {
                    power_state,
                    target_power_state,
                    provision_state,
                    target_provision_state,
                    provision_updated_at,
                    last_error,
                    maintenance,
                    maintenance_reason,
                    fault,
                    console_enabled,
                    inspection_finished_at,
                    inspection_started_at,
                    boot_mode,
                    secure_boot,
                },
            documents:
                NodeDocumentsRow {
                    instance_info,
                    properties,
                    driver_info,
                    driver_internal_info,
                    clean_step,
                    deploy_step,
                    service_step,
                    raid_config,
                    target_raid_config,
                    extra,
                    network_data,
                },
            interfaces:
                NodeInterfacesRow {
                    bios_interface,
                    boot_interface,
                    console_interface,
                    deploy_interface,
                    firmware_interface,
                    inspect_interface,
                    management_interface,
                    network_interface,
                    raid_interface,
                    rescue_interface,
                    storage_interface,
                    power_interface,
                    vendor_interface,
                },
            version,
            created_at,
            updated_at,
        } = self;
        version::check(TABLE, version.as_deref(), NodeRow::VERSION)?;
        let mut names = InterfaceNames::default();
        for (kind, name) in [
            (InterfaceKind::Bios, bios_interface),
            (InterfaceKind::Boot, boot_interface),
            (InterfaceKind::Console, console_interface),
            (InterfaceKind::Deploy, deploy_interface),
            (InterfaceKind::Firmware, firmware_interface),
            (InterfaceKind::Inspect, inspect_interface),
            (InterfaceKind::Management, management_interface),
            (InterfaceKind::Network, network_interface),
            (InterfaceKind::Power, power_interface),
            (InterfaceKind::Raid, raid_interface),
            (InterfaceKind::Rescue, rescue_interface),
            (InterfaceKind::Storage, storage_interface),
            (InterfaceKind::Vendor, vendor_interface),
        ] {
            names.set(kind, name);
        }
        Ok(Node {
            id: NodeId(id),
            uuid: Uuid::from_stored(uuid.unwrap_or_default()),
            name,
            description,
            chassis_id: chassis_id.map(ChassisId),
            instance_uuid,
            instance_name,
            allocation_id: allocation_id.map(AllocationId),
            parent_node,
            owner,
            lessee,
            shard,
            resource_class,
            conductor_group,
            conductor_affinity: conductor_affinity.map(ConductorId),
            reservation,
            // Older releases stored no word for `available`.
            provision_state: word("provision_state", provision_state)?.unwrap_or(State::Available),
            target_provision_state: known_word("target_provision_state", target_provision_state),
            provision_updated_at: provision_updated_at.map(|m| m.0),
            power_state: known_word("power_state", power_state),
            target_power_state: known_word("target_power_state", target_power_state),
            last_error,
            maintenance: maintenance.unwrap_or_default(),
            maintenance_reason,
            fault,
            health,
            protected,
            protected_reason,
            retired,
            retired_reason,
            console_enabled: console_enabled.unwrap_or_default(),
            automated_clean,
            disable_power_off,
            boot_mode,
            secure_boot,
            inspection_started_at: inspection_started_at.map(|m| m.0),
            inspection_finished_at: inspection_finished_at.map(|m| m.0),
            driver: driver.unwrap_or_default(),
            interfaces: names,
            driver_info: JsonObject::or_empty(driver_info),
            driver_internal_info: JsonObject::or_empty(driver_internal_info),
            instance_info: JsonObject::or_empty(instance_info),
            properties: JsonObject::or_empty(properties),
            extra: JsonObject::or_empty(extra),
            network_data: JsonObject::or_empty(network_data),
            clean_step: JsonObject::or_empty(clean_step),
            deploy_step: JsonObject::or_empty(deploy_step),
            service_step: JsonObject::or_empty(service_step),
            raid_config: JsonObject::or_empty(raid_config),
            target_raid_config: JsonObject::or_empty(target_raid_config),
            traits: Vec::new(),
            created_at: created_at.map(|m| m.0),
            updated_at: updated_at.map(|m| m.0),
        })
    }

    /// The row of a node; its traits live in their own table.
    pub(crate) fn from_model(node: &Node) -> Self {
        let Node {
            id,
            uuid,
            name,
            description,
            chassis_id,
            instance_uuid,
            instance_name,
            allocation_id,
            parent_node,
            owner,
            lessee,
            shard,
            resource_class,
            conductor_group,
            conductor_affinity,
            reservation,
            provision_state,
            target_provision_state,
            provision_updated_at,
            power_state,
            target_power_state,
            last_error,
            maintenance,
            maintenance_reason,
            fault,
            health,
            protected,
            protected_reason,
            retired,
            retired_reason,
            console_enabled,
            automated_clean,
            disable_power_off,
            boot_mode,
            secure_boot,
            inspection_started_at,
            inspection_finished_at,
            driver,
            interfaces,
            driver_info,
            driver_internal_info,
            instance_info,
            properties,
            extra,
            network_data,
            clean_step,
            deploy_step,
            service_step,
            raid_config,
            target_raid_config,
            traits: _,
            created_at,
            updated_at,
        } = node.clone();
        let interface = |kind| interfaces.get(kind).map(str::to_owned);
        let json = |object| Some(JsonObject(object));
        NodeRow {
            id: id.0,
            uuid: Some(uuid.to_string()),
            instance_uuid,
            instance_name,
            name,
            chassis_id: chassis_id.map(|id| id.0),
            driver: Some(driver),
            resource_class,
            reservation,
            conductor_affinity: conductor_affinity.map(|id| id.0),
            conductor_group,
            automated_clean,
            protected,
            protected_reason,
            owner,
            lessee,
            allocation_id: allocation_id.map(|id| id.0),
            description,
            retired,
            retired_reason,
            shard,
            parent_node,
            disable_power_off,
            health,
            states: NodeStatesRow {
                power_state: power_state.map(|s| s.to_string()),
                target_power_state: target_power_state.map(|s| s.to_string()),
                provision_state: Some(provision_state.to_string()),
                target_provision_state: target_provision_state.map(|s| s.to_string()),
                provision_updated_at: Moment::from_domain(provision_updated_at),
                last_error,
                maintenance: Some(maintenance),
                maintenance_reason,
                fault,
                console_enabled: Some(console_enabled),
                inspection_finished_at: Moment::from_domain(inspection_finished_at),
                inspection_started_at: Moment::from_domain(inspection_started_at),
                boot_mode,
                secure_boot,
            },
            documents: NodeDocumentsRow {
                instance_info: json(instance_info),
                properties: json(properties),
                driver_info: json(driver_info),
                driver_internal_info: json(driver_internal_info),
                clean_step: json(clean_step),
                deploy_step: json(deploy_step),
                service_step: json(service_step),
                raid_config: json(raid_config),
                target_raid_config: json(target_raid_config),
                extra: json(extra),
                network_data: json(network_data),
            },
            interfaces: NodeInterfacesRow {
                bios_interface: interface(InterfaceKind::Bios),
                boot_interface: interface(InterfaceKind::Boot),
                console_interface: interface(InterfaceKind::Console),
                deploy_interface: interface(InterfaceKind::Deploy),
                firmware_interface: interface(InterfaceKind::Firmware),
                inspect_interface: interface(InterfaceKind::Inspect),
                management_interface: interface(InterfaceKind::Management),
                network_interface: interface(InterfaceKind::Network),
                raid_interface: interface(InterfaceKind::Raid),
                rescue_interface: interface(InterfaceKind::Rescue),
                storage_interface: interface(InterfaceKind::Storage),
                power_interface: interface(InterfaceKind::Power),
                vendor_interface: interface(InterfaceKind::Vendor),
            },
            version: Some(NodeRow::VERSION.to_owned()),
            created_at: Moment::from_domain(created_at),
            updated_at: Moment::from_domain(updated_at),
        }
    }
}

/// The word in a column that a node cannot do without.
pub(crate) fn word<T>(column: &'static str, stored: Option<String>) -> DbResult<Option<T>>
where
    T: FromStr<Err = UnknownWord>,
{
    stored
        .map(|word| word.parse().map_err(DbError::corrupt(TABLE, column)))
        .transpose()
}

/// The word in any other column; one that is not known reads as none, so that one odd value does
/// not hide a whole list. It stays stored until the column is changed.
pub(crate) fn known_word<T>(column: &'static str, stored: Option<String>) -> Option<T>
where
    T: FromStr<Err = UnknownWord>,
{
    match word(column, stored) {
        Ok(word) => word,
        Err(error) => {
            tracing::warn!(error = %error, "a stored word is ignored");
            None
        }
    }
}
