//! The provision state of nodes: the one place that changes it.

mod apply;

pub use apply::{LastError, Move, plan};
