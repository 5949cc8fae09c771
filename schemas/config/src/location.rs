//! Where a value came from, for messages.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

/// The origin of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A line of a configuration file.
    File {
        /// The file.
        path: Arc<Path>,
        /// The line, from 1.
        line: usize,
    },
    /// An environment variable.
    Environment(String),
    /// A command line argument or the program itself.
    Override,
    /// The values that the argument-less mode sets.
    Embedded,
    /// The built-in default.
    Default,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Location::File { path, line } => write!(f, "{}:{line}", path.display()),
            Location::Environment(name) => write!(f, "environment {name}"),
            Location::Override => f.write_str("command line"),
            Location::Embedded => f.write_str("argument-less mode"),
            Location::Default => f.write_str("default"),
        }
    }
}
