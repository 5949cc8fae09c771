//! The conductor: everything that is done to nodes.
//!
//! Map
//! * [`service`] – start, stop; [`core`] – what every part needs; [`membership`] – the cluster;
//! * [`rpc`] – what can be asked, thin; [`flow`] – what is then done, a file a flow;
//! * [`provision`] – the only writer of the provision state; [`step`] – steps, their lists and order;
//! * [`task`] – a node held for the length of one piece of work; [`workers`] – how many at a time;
//! * [`inspection_rule`] – rules over what an inspection found, as a pure engine;
//! * [`periodic`] – what is done now and then; [`allocation`], [`power`], [`cache`], [`agent`],
//!   [`history`], [`notify`], [`metrics`] – one concept each.
//!
//! Invariants
//! * a node is changed only under its lease, and only while the database still names this host;
//! * no database connection is held while a BMC, an agent or an HTTP server is talked to;
//! * every spawned task is tracked and ends with the conductor;
//! * whatever goes wrong with one node, a panic included, ends in that node's failed state.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod agent;
mod agent_certificate;
pub mod allocation;
pub mod cache;
pub mod core;
pub mod flow;
pub mod history;
pub mod image_type;
pub mod inspection_rule;
pub mod membership;
pub mod metrics;
pub mod notify;
pub mod periodic;
mod port;
pub mod power;
pub mod provision;
mod rescue_password;
pub mod ring;
pub mod rpc;
pub mod service;
pub mod step;
pub mod task;
pub mod workers;

pub use service::{Conductor, ConductorContext};
