//! Nodes and everything below a node, a file a verb or sub-resource.

pub mod beside;
pub mod boot_device;
pub mod boot_mode;
pub mod children;
pub mod console;
pub mod create;
pub mod delete;
pub mod indicator;
pub mod inject_nmi;
pub mod list;
pub mod maintenance;
pub mod parent;
pub mod power;
pub mod provision;
pub mod raid;
pub mod runbook;
pub mod secure_boot;
pub mod show;
pub mod states;
pub mod steps;
pub mod traits;
pub mod update;
pub mod validate;
pub mod vendor_passthru;
pub mod vif;
pub mod vmedia;
