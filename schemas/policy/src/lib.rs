//! Who may do what: Ironic's rules, the language that they are written in, and policy files.
//!
//! ```
//! use schemas_policy::{Credentials, Enforcer, Options, Rule, Target};
//!
//! let (enforcer, _warnings) = Enforcer::new(&Options::default(), Vec::new());
//! let reader = Credentials {
//!     system_scope: Some("all".to_owned()),
//!     roles: vec!["reader".to_owned()],
//!     ..Credentials::default()
//! };
//! let target = Target::default().with("node.owner", None::<&str>);
//! assert!(enforcer.check(Rule::NodeGet, &reader, &target).is_allowed());
//! assert!(!enforcer.check(Rule::NodeDelete, &reader, &target).is_allowed());
//! ```
//!
//! * THE table of rules is [`rules`]; [`Rule`] is its names.
//! * The language is oslo.policy's ([`check`]), with its behaviour at the edges: what cannot be
//!   understood denies, an empty rule allows, an absent attribute denies, `None` equals `None`.
//! * Everything is pure but [`file::load`]. Recursion is bounded; a cycle of rules denies.
//! * Whether rules are asked at all (`[DEFAULT]auth_strategy`) is the caller's business.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod check;
mod credentials;
mod enforcer;
pub mod file;
mod interpolate;
mod parse;
mod rule;
pub mod rules;
mod target;
pub mod who;

pub use check::Check;
pub use credentials::{Attribute, Credentials, Scope};
pub use enforcer::{Decision, Enforcer, Options, Warning};
pub use file::{PolicyFileError, PolicyOverride};
pub use rule::{Deprecated, Rule, RuleRow};
pub use target::Target;
