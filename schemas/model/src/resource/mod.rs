//! The resources of the API, one file each, with every column of their table.
//!
//! `version` columns are absent: they belong to the database layer.

mod allocation;
mod bios_setting;
mod chassis;
mod conductor;
mod deploy_template;
mod firmware_component;
mod inspection_rule;
mod node;
mod node_history;
mod node_inventory;
mod port;
mod portgroup;
mod runbook;
mod volume_connector;
mod volume_target;

pub use allocation::{Allocation, AllocationState};
pub use bios_setting::BiosSetting;
pub use chassis::Chassis;
pub use conductor::{Conductor, ConductorInterface};
pub use deploy_template::{DeployTemplate, TemplateStep};
pub use firmware_component::FirmwareComponent;
pub use inspection_rule::InspectionRule;
pub use node::Node;
pub use node_history::NodeHistory;
pub use node_inventory::NodeInventory;
pub use port::Port;
pub use portgroup::Portgroup;
pub use runbook::{Runbook, RunbookStep};
pub use volume_connector::VolumeConnector;
pub use volume_target::VolumeTarget;
