//! What drivers ask of a BMC, as methods of [`crate::Bmc`], one subject a file.

pub mod action;
pub mod assembly;
pub mod bios;
pub mod boot;
pub mod chassis;
pub mod firmware;
pub mod inventory;
pub mod log;
pub mod manager;
pub mod network_protocol;
pub mod secure_boot;
pub mod sensor;
pub mod subscription;
pub mod system;
pub mod task;
pub mod virtual_media;
