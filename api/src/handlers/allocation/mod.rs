//! Allocations, a file a verb.

pub mod beside;
pub mod create;
pub mod delete;
pub mod list;
pub mod of_node;
pub mod show;
pub mod update;
