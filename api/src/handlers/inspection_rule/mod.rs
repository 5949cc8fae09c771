//! Inspection rules, a file a verb. No conductor is asked about any of this.

pub mod beside;
pub mod create;
pub mod delete;
pub mod list;
pub mod show;
pub mod update;
