//! What can be done with the tables, a file a resource; every function is a method of
//! [`Database`](crate::Database), named noun first.

mod allocation;
mod bios_setting;
mod by_owner;
mod chassis;
mod conductor;
mod crud;
mod deploy_template;
mod firmware_component;
mod inspection_rule;
mod node;
mod node_history;
mod node_inventory;
mod port;
mod portgroup;
mod rows_of;
mod runbook;
mod stepped;
mod volume;

pub use allocation::AllocationFilter;
pub use bios_setting::BiosSync;
pub use conductor::{ConductorPresence, ConductorRegistration};
pub use inspection_rule::InspectionRuleFilter;
pub use node::{Children, NodeBrief, NodeFilter, NodeIdent, NodeSummary, Shard};
pub use port::{PortFilter, PortIdent};
pub use portgroup::PortgroupFilter;
pub(crate) use rows_of::one;
pub(crate) use runbook::RUNBOOK_TRAIT_VERSION;
pub use runbook::RunbookFilter;
pub use volume::VolumeFilter;
