//! What is done with nodes.
//!
//! A flow of steps is a pure decision over what is persisted ([`engine::decide`]), and an engine that
//! loads, decides, runs one step, persists, and decides again. Requests, heartbeats, timeouts and
//! restarts enter the same functions. Each file is one flow; [`work`] is THE list of what a worker can
//! be given.

pub mod abort;
pub mod adopt;
mod child;
pub mod clean;
pub mod console;
pub mod deploy;
mod deploy_interface;
pub mod engine;
pub mod fail;
pub mod heartbeat;
pub mod inspect;
pub mod management;
pub mod poll;
mod record;
pub mod rescue;
mod reserved;
pub mod service;
pub mod teardown;
pub mod timeout;
pub mod verify;
pub mod work;

pub use deploy_interface::{
    restore as restore_deploy_interface, switch as switch_deploy_interface,
};
pub use work::Work;
