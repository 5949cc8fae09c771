//! The arguments of one request: which are sent, which version that needs, and reading them back.

use serde_json::{Map, Value};

use crate::version::Version;
use crate::wire::{Mismatch, Wire};

/// Why a request was not understood (by a server) or cannot be sent (by a client).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// No such method.
    #[error("Endpoint does not support RPC method {0}")]
    Method(String),
    /// The version asked for is not spoken.
    #[error("Endpoint does not support RPC version {version}. Attempted method: {method}")]
    Version {
        /// The version asked for, as it came.
        version: String,
        /// The method asked for.
        method: String,
    },
    /// An argument the method does not have.
    #[error("{method}() got an unexpected keyword argument '{argument}'")]
    UnexpectedArgument {
        /// The method.
        method: &'static str,
        /// The argument.
        argument: String,
    },
    /// An argument the method needs.
    #[error("{method}() missing 1 required positional argument: '{argument}'")]
    MissingArgument {
        /// The method.
        method: &'static str,
        /// The argument.
        argument: &'static str,
    },
    /// An argument that does not fit its type.
    #[error("argument '{argument}' of {method}: {mismatch}")]
    Argument {
        /// The method.
        method: &'static str,
        /// The argument.
        argument: &'static str,
        /// What does not fit.
        mismatch: Mismatch,
    },
    /// The cluster is pinned to a release that does not have what is asked for.
    #[error(
        "cannot send {method}: it needs RPC version {needed}, but [DEFAULT]pin_release_version allows {cap}"
    )]
    VersionCap {
        /// The method.
        method: &'static str,
        /// The version it needs.
        needed: Version,
        /// The version allowed.
        cap: Version,
    },
}

/// When an argument is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Always.
    Always,
    /// Whenever the other side is at least `1.n`.
    Since(u16),
    /// Only when it is not null; the request then needs `1.n`.
    Given(u16),
}

/// Arguments ready to be sent, and the RPC version they need.
#[derive(Clone, Debug, PartialEq)]
pub struct Args {
    /// By name.
    pub values: Map<String, Value>,
    /// The lowest version that has all of them.
    pub version: Version,
}

impl Args {
    pub(super) fn new(minor: u16) -> Self {
        Args {
            values: Map::new(),
            version: Version::one(minor),
        }
    }

    pub(super) fn put(&mut self, name: &str, presence: Presence, cap: Version, value: &impl Wire) {
        let value = match presence {
            Presence::Always => value.to_wire(),
            Presence::Since(minor) => {
                if !cap.understands(Version::one(minor)) {
                    return;
                }
                self.version = self.version.max(Version::one(minor));
                value.to_wire()
            }
            Presence::Given(minor) => {
                let value = value.to_wire();
                if is_nothing(&value) {
                    return;
                }
                self.version = self.version.max(Version::one(minor));
                value
            }
        };
        self.values.insert(name.to_owned(), value);
    }

    pub(super) fn within(self, method: &'static str, cap: Version) -> Result<Self, Refused> {
        if cap.understands(self.version) {
            Ok(self)
        } else {
            Err(Refused::VersionCap {
                method,
                needed: self.version,
                cap,
            })
        }
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

/// Takes one argument out of `args`; an absent one reads as null if the type has a null.
pub(super) fn take<T: Wire>(
    method: &'static str,
    args: &mut Map<String, Value>,
    argument: &'static str,
    presence: Presence,
) -> Result<T, Refused> {
    let value = match (args.remove(argument), presence) {
        (Some(value), _) => value,
        (None, Presence::Since(_) | Presence::Given(_)) => Value::Null,
        (None, Presence::Always) => return Err(Refused::MissingArgument { method, argument }),
    };
    T::from_wire(value).map_err(|mismatch| Refused::Argument {
        method,
        argument,
        mismatch,
    })
}

/// Refuses what is left over.
pub(super) fn no_more(method: &'static str, args: &Map<String, Value>) -> Result<(), Refused> {
    match args.keys().next() {
        None => Ok(()),
        Some(argument) => Err(Refused::UnexpectedArgument {
            method,
            argument: argument.clone(),
        }),
    }
}
