//! The grammar of inspection rules: which conditions and actions there are, which arguments they
//! take, and what a well-formed rule looks like. Running rules is the conductor's business.
//!
//! Invariant: the words and their arguments are two tables, [`Operator`] and [`Action`]; the API,
//! the loader of built-in rules and the engine read them and nothing else.
//! Source: Ironic 39.0.0, `ironic.common.inspection_rules`, observed.

mod action;
mod check;
mod operator;
mod signature;

pub use action::Action;
pub use check::{MAIN_PHASE, Origin, check, filled_in};
pub use operator::{Multiple, Operator};
pub use signature::{Args, Signature};
