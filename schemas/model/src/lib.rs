//! The domain: what a node, a port, a provision state or a step *is*.
//!
//! Everything else in Ferric depends on this crate, so it depends on nothing that does I/O and
//! knows no wire format: no diesel, no actix, no AMQP, no microversions. Values are typed here and
//! become text only at the edges (REST, RPC, database).
//!
//! Invariants
//! * the provision state machine is ONE table ([`provision::table`]); verbs, diagrams and checks
//!   are derived from it;
//! * the exception classes and their HTTP codes are ONE table ([`error::Class`]);
//! * a [`secret::Secret`] cannot be printed.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod boot;
pub mod error;
pub mod fault;
pub mod health;
pub mod ids;
pub mod interface;
pub mod json;
pub mod mask;
pub mod power;
pub mod provision;
pub mod resource;
pub mod rule;
pub mod secret;
pub mod step;
pub mod time;
mod wire_enum;

pub use error::{Class, Fault};
pub use ids::{NodeId, Uuid};
pub use json::{Array, Object};
pub use resource::*;
