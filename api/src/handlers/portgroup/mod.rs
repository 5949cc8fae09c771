//! Port groups, a file a verb.

pub mod beside;
pub mod create;
pub mod delete;
pub mod list;
pub mod show;
pub mod update;
