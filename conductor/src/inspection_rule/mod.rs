//! Inspection rules: conditions over what an inspection found, and actions on the node.
//!
//! All but [`run`] is pure: no I/O, no database. An [`Engine`] owns node, ports and data while it runs; when an action
//! wants a URL requested, the engine stops with [`Progress::Call`] and goes on when it is told that
//! the request succeeded. [`run`] drives it and stores what it changed.
//!
//! Map
//! * [`engine`] – rules by priority, conditions, actions one after the other;
//! * [`condition`], [`action`] – the two tables of [`schemas_model::rule`], executed;
//! * [`format`](mod@format) – `{inventory[cpu][count]}` filled in, secrets masked;
//! * [`fields`] – fields of node and ports by name; [`nested`] – members by path;
//! * [`python`] – values compared and printed as Python does, which rules in the wild rely on;
//! * [`built_in`] – rules from a file; [`run`] – the engine driven.
//!
//! Differences from Ironic 39.0.0, on purpose: fields that the conductor itself keeps (state,
//! reservation, identifiers) cannot be set by rules, and regular expressions without a fast
//! algorithm (look-around, back-references) are invalid.

mod action;
pub mod built_in;
mod condition;
pub mod engine;
mod fields;
mod format;
mod nested;
mod python;
pub mod run;

pub use engine::{ApiCall, Engine, Progress, Rule, Subject};
