//! One file for each `[section]`: a typed struct and its table of options.
//!
//! Names, types, limits, words, defaults and old names are those of Ironic 39.0.0 and the
//! libraries that it reads its configuration with; the tests compare them all.

pub mod api;
pub mod conductor;
pub mod database;
pub(crate) mod declare;
pub mod default;
pub mod deploy;
pub mod fake;
pub mod ipmi;
pub mod redfish;

pub use declare::Section;
pub(crate) use declare::section;
