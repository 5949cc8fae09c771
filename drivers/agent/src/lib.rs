//! The ironic-python-agent protocol: interfaces that work through a ramdisk.
//!
//! The agent boots, looks itself up, heartbeats; the conductor answers heartbeats by calling back
//! here. Nothing in this crate waits for a machine to boot: methods return [`Outcome::Wait`]
//! and the next heartbeat goes on.
//!
//! Invariants
//! * every request to an agent has the deadline `[agent]command_timeout` and carries the node's token;
//! * what an agent answers is size-limited and typed before it is stored with a node;
//! * an agent's own certificate is pinned byte for byte, never trusted as an authority.
//!
//! [`Outcome::Wait`]: drivers_interface::Outcome::Wait
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod client;
mod deploy;
mod heartbeat;
mod image;
mod inspect;
mod logs;
mod power;
mod raid;
mod ramdisk;
mod rescue;
mod steps;
mod tls;
mod view;

pub use deploy::{AgentDeploy, AutodetectDeploy, RamdiskDeploy};
pub use inspect::{AgentInspect, run_hooks};
pub use power::AgentPower;
pub use raid::AgentRaid;
pub use ramdisk::prepare_boot;
pub use rescue::AgentRescue;
