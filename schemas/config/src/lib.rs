//! `ironic.conf`, typed: the syntax and the rules of oslo.config, the options of Ironic 39.0.0.
//!
//! ```no_run
//! use schemas_config::{Config, Machine, Sources};
//!
//! let sources = Sources::new(Machine::detect())
//!     .file("/etc/ironic/ironic.conf")
//!     .environment(std::env::vars());
//! let (config, warnings) = Config::load(sources)?;
//! for warning in warnings {
//!     eprintln!("{warning}");
//! }
//! let seconds = config.conductor.heartbeat_interval;
//! # Ok::<(), schemas_config::ConfigError>(())
//! ```
//!
//! * [`Config`] has a field for each section, and each section a typed field for each option.
//!   Durations are plain numbers in the unit that the field's documentation names. Who keeps a
//!   `Config` and reads options when they are needed sees what a reload changed.
//! * Each section is ONE table (`section/<name>.rs`, written with the `section!` macro) from which
//!   parsing, defaults, known names, old names, reload and [`dump`] are derived.
//! * An unknown option is a [`Warning`]; a wrong value is a [`ConfigError`] that names option,
//!   value, file and line. No message ever has the value of a secret option.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod check;
pub mod config;
pub mod dump;
mod embedded;
pub mod error;
mod ignored;
mod ini;
mod layer;
mod live;
mod location;
mod machine;
mod reader;
mod reload;
mod resolver;
mod row;
mod schema;
pub mod section;
pub mod source;
mod template;
pub mod value;
pub mod warning;

pub use config::{Config, Values};
pub use embedded::{AvailableDrivers, EMBEDDED_ADDRESS};
pub use error::{ConfigError, InvalidValue};
pub use live::{MAX_GENERATIONS, TooManyChanges};
pub use location::Location;
pub use machine::{Fact, Machine};
pub use reader::Reader;
pub use reload::{Change, Reload};
pub use row::{Kind, OptionRow};
pub use schema::SectionTable;
pub use section::Section;
pub use source::Sources;
pub use value::seconds;
pub use warning::{Warning, WarningKind};
