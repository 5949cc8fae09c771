//! The provision state machine: states, events, verbs, and the one table they come from.

pub mod event;
pub mod state;
pub mod table;
pub mod verb;

pub use event::Event;
pub use state::{Lookup, OnRestart, State};
pub use verb::Verb;
