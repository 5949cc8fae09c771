//! Rows: what a table holds, and the conversion to and from the domain.
//!
//! Conversions take values apart exhaustively, so that a new column or field cannot be forgotten.

mod allocation;
mod bios_setting;
mod chassis;
mod conductor;
mod deploy_template;
pub(crate) mod direct;
mod firmware_component;
mod inspection_rule;
pub(crate) mod listed;
mod node;
mod node_history;
mod node_inventory;
mod node_selection;
mod port;
mod portgroup;
mod record;
mod runbook;
mod step;
pub(crate) mod version;
mod volume_connector;
mod volume_target;

pub(crate) use allocation::AllocationRow;
pub(crate) use bios_setting::BiosSettingRow;
pub(crate) use chassis::ChassisRow;
pub(crate) use conductor::{ConductorInterfaceRow, ConductorRow};
pub(crate) use deploy_template::DeployTemplateRow;
pub(crate) use firmware_component::FirmwareComponentRow;
pub(crate) use inspection_rule::InspectionRuleRow;
pub(crate) use node::{NodeChanges, NodeRow, known_word, word};
pub(crate) use node_history::NodeHistoryRow;
pub(crate) use node_inventory::NodeInventoryRow;
pub(crate) use node_selection::NodeSelection;
pub(crate) use port::PortRow;
pub(crate) use portgroup::PortgroupRow;
pub(crate) use runbook::RunbookRow;
pub(crate) use step::{RunbookStepRow, TemplateStepRow};
pub(crate) use volume_connector::VolumeConnectorRow;
pub(crate) use volume_target::VolumeTargetRow;
