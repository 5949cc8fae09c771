//! What a driver is: 13 kinds of interface as object-safe async traits, and the [`Task`] through
//! which they see a node.
//!
//! Drivers link this crate, their protocol client, `schemas-model` and `schemas-config`; never
//! diesel, actix or lapin. They change the node of their task in memory; the conductor saves it.
//!
//! Invariants
//! * a method returns an [`Outcome`] or a typed failure; it never changes `provision_state` and never saves;
//! * every optional method defaults to an "unsupported" failure that names the interface and the node;
//! * a network call made by a method has a deadline taken from configuration.

mod bios;
mod boot;
mod console;
mod deploy;
mod firmware;
mod inspect;
mod management;
mod network;
mod outcome;
mod poll;
mod power;
mod property;
mod raid;
mod rescue;
mod set;
mod step;
mod storage;
mod task;
mod vendor;

pub use bios::Bios;
pub use boot::Boot;
pub use console::{Console, ConsoleInfo};
pub use deploy::{Deploy, Heartbeat};
pub use firmware::Firmware;
pub use inspect::{Inspect, Inspection};
pub use management::{CurrentBootDevice, IndicatorInfo, Indicators, Management};
pub use network::Network;
pub use outcome::Outcome;
pub use poll::{Poll, PollOf, Polled};
pub use power::Power;
pub use property::{Interface, Property, unsupported};
pub use raid::{CREATE_NONROOT_VOLUMES, CREATE_ROOT_VOLUME, RAID_CONFIG, Raid, RaidArguments};
pub use rescue::Rescue;
pub use set::InterfaceSet;
pub use step::{Argument, StepSpec, parse_args};
pub use storage::Storage;
pub use task::{Task, TaskPort, TaskPortgroup};
pub use vendor::{HttpMethod, Scope, Vendor, VendorMethod};

pub use async_trait::async_trait;
