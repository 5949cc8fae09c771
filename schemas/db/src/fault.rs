//! The one conversion of database failures into what an operator sees.

use schemas_model::{Class, Fault};

use crate::error::{DbError, Resource};
use crate::unique::Unique;

impl From<DbError> for Fault {
    fn from(error: DbError) -> Self {
        let class = class(&error);
        let message = message(&error);
        if class == Class::IronicException {
            tracing::error!(error = %error, "database failure");
        }
        Fault::new(class, message)
    }
}

fn class(error: &DbError) -> Class {
    match error {
        DbError::NotFound { resource, .. } => resource.not_found_class(),
        DbError::Duplicate { unique, .. } => unique.class(),
        DbError::Locked { .. } | DbError::ReservationLost { .. } => Class::NodeLocked,
        DbError::NotLocked { .. } => Class::NodeNotLocked,
        DbError::NodeAssociated { .. } => Class::NodeAssociated,
        DbError::AmbiguousLookup { .. } => Class::DuplicateNodeOnLookup,
        DbError::NotEmpty { resource, .. } => match resource {
            Resource::Chassis => Class::ChassisNotEmpty,
            Resource::Portgroup => Class::PortgroupNotEmpty,
            _ => Class::Conflict,
        },
        DbError::BrokenReference { .. } => Class::Conflict,
        DbError::ConductorRegistered { .. } => Class::ConductorAlreadyRegistered,
        DbError::TooManyTraits { .. } | DbError::InvalidSortKey { .. } => {
            Class::InvalidParameterValue
        }
        DbError::InvalidValue { .. } => Class::InvalidParameterValue,
        DbError::Busy { .. } | DbError::Unavailable { .. } => Class::TemporaryFailure,
        DbError::Corrupt { .. }
        | DbError::NewerVersion { .. }
        | DbError::Schema(_)
        | DbError::Url(_)
        | DbError::Query(_)
        | DbError::Internal(_) => Class::IronicException,
    }
}

fn message(error: &DbError) -> String {
    match error {
        DbError::NotFound { resource, ident } => match resource {
            Resource::Instance => format!("Instance {ident} could not be found."),
            Resource::NodeInventory => {
                format!("Node inventory record for node {ident} could not be found.")
            }
            other => format!(
                "{} {ident} could not be found.",
                capitalised(&other.to_string())
            ),
        },
        DbError::Duplicate { unique, value } => duplicate(*unique, value),
        DbError::Locked { node, host } => format!(
            "Node {node} is locked by host {host}, please retry after the current operation is completed."
        ),
        DbError::ReservationLost { node, host } => format!(
            "Node {node} is no longer locked by host {host}: another conductor took it over. Nothing was changed."
        ),
        DbError::NotLocked { node } => format!("Node {node} found not to be locked on release."),
        DbError::NodeAssociated { node, instance } => {
            format!("Node {node} is associated with instance {instance}.")
        }
        DbError::AmbiguousLookup { addresses } => {
            format!("Multiple nodes with port addresses {addresses} were found.")
        }
        DbError::NotEmpty { resource, ident } => match resource {
            Resource::Chassis => format!(
                "Cannot complete the requested action because chassis {ident} contains nodes."
            ),
            Resource::Portgroup => format!(
                "Cannot complete the requested action because portgroup {ident} contains ports."
            ),
            other => format!("{} {ident} is not empty.", capitalised(&other.to_string())),
        },
        DbError::BrokenReference { .. } => {
            "Something this refers to was created or deleted meanwhile; please try again."
                .to_owned()
        }
        DbError::ConductorRegistered { hostname } => {
            format!("Conductor {hostname} already registered.")
        }
        DbError::TooManyTraits { node, count, limit } => format!(
            "Could not modify traits for node {node} as it would exceed the maximum number of traits per node ({count} vs. {limit})"
        ),
        DbError::InvalidSortKey { key } => {
            format!("The sort_key value \"{key}\" is an invalid field for sorting")
        }
        DbError::InvalidValue { .. } => "A value does not fit into the database.".to_owned(),
        DbError::Busy { .. } => "The database is busy; please try again.".to_owned(),
        DbError::Unavailable { .. } => {
            "The database cannot be reached; please try again later.".to_owned()
        }
        DbError::Corrupt { .. } | DbError::NewerVersion { .. } | DbError::Schema(_) => {
            error.to_string()
        }
        DbError::Url(_) | DbError::Query(_) | DbError::Internal(_) => {
            "The database reported an error; the service's log has the details.".to_owned()
        }
    }
}

fn duplicate(unique: Unique, value: &str) -> String {
    match unique {
        Unique::NodeName => format!("A node with name {value} already exists."),
        Unique::NodeInstance => format!(
            "Instance {value} is already associated with a node, it cannot be associated with another node."
        ),
        Unique::PortAddress => format!("A port with MAC address {value} already exists."),
        Unique::PortgroupAddress => {
            format!("A portgroup with MAC address {value} already exists.")
        }
        Unique::VolumeConnectorId => format!("A volume connector with {value} already exists."),
        Unique::VolumeTargetBootIndex => {
            format!("A volume target with boot index {value} for the same node already exists.")
        }
        Unique::FirmwareComponent => format!("Firmware component {value} already exists."),
        Unique::BiosSetting => format!("BIOS setting {value} already exists."),
        Unique::ConductorHostname => format!("Conductor {value} already registered."),
        Unique::ConductorInterface => format!("Hardware interface {value} is already registered."),
        other => {
            let what = match other.table() {
                "nodes" => "node",
                "ports" => "port",
                "portgroups" => "portgroup",
                "chassis" => "chassis",
                "volume_connectors" => "volume connector",
                "volume_targets" => "volume target",
                "allocations" => "allocation",
                "deploy_templates" => "deploy template",
                "runbooks" => "runbook",
                "inspection_rules" => "inspection rule",
                "node_history" => "node history entry",
                _ => "trait",
            };
            let column = match other.columns() {
                ["uuid"] => "UUID",
                ["name"] => "name",
                _ => "value",
            };
            format!("A {what} with {column} {value} already exists.")
        }
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

impl Resource {
    /// The class that says there is no such thing.
    const fn not_found_class(self) -> Class {
        match self {
            Resource::Allocation => Class::AllocationNotFound,
            Resource::BiosSetting => Class::BIOSSettingNotFound,
            Resource::Chassis => Class::ChassisNotFound,
            Resource::Conductor => Class::ConductorNotFound,
            Resource::DeployTemplate => Class::DeployTemplateNotFound,
            Resource::FirmwareComponent => Class::FirmwareComponentNotFound,
            Resource::InspectionRule => Class::InspectionRuleNotFound,
            Resource::Instance => Class::InstanceNotFound,
            Resource::Node => Class::NodeNotFound,
            Resource::NodeHistory => Class::NodeHistoryNotFound,
            Resource::NodeInventory => Class::NodeInventoryNotFound,
            Resource::NodeTrait => Class::NodeTraitNotFound,
            Resource::Port => Class::PortNotFound,
            Resource::Portgroup => Class::PortgroupNotFound,
            Resource::Runbook => Class::RunbookNotFound,
            Resource::RunbookTrait => Class::RunbookTraitNotFound,
            Resource::VolumeConnector => Class::VolumeConnectorNotFound,
            Resource::VolumeTarget => Class::VolumeTargetNotFound,
        }
    }
}
