//! Port groups, a file a verb.

pub mod beside;
