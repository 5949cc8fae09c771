//! Which hardware types and interfaces exist, which are enabled, and which a node gets.
//!
//! Registration is explicit: [`hardware::HARDWARE_TYPES`] is THE list of hardware types (values: a
//! name and the ordered interface names per kind), [`catalog`] THE list of implementations. To add
//! one, add a line.
//!
//! Invariants
//! * enabling something that does not exist stops the start with a message that names it;
//! * the order of a hardware type's list decides the default, never the order of configuration.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod absent;
mod catalog;
mod enabled;
pub mod hardware;
mod registry;

pub use catalog::Catalog;
pub use enabled::Enabled;
pub use hardware::{HARDWARE_TYPES, HardwareType};
pub use registry::{Registry, RegistryError};
