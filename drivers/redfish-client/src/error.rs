//! What can go wrong with a BMC: which BMC, what was attempted, why it failed, what to do.
//!
//! No variant carries a credential, a token or a response body.

use std::{fmt, sync::Arc, time::Duration};

use crate::{bmc_name::BmcName, extended_info::ExtendedInfo, resource_path::BadPath};

/// A failed exchange or operation. Cheap to move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error(Box<Inner>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Inner {
    bmc: Arc<BmcName>,
    attempted: String,
    kind: ErrorKind,
}

/// The reason of an [`Error`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ErrorKind {
    /// No TCP connection: refused, unreachable, name not resolved.
    #[error("cannot connect ({0})")]
    Connect(String),
    /// The TLS handshake failed; a retry would fail alike.
    #[error("TLS failed ({0})")]
    Tls(String),
    /// No complete answer within the deadline.
    #[error("no complete answer within {} s", .0.as_secs_f32())]
    Timeout(Duration),
    /// An operation of many requests took longer than it may, although the BMC answered.
    #[error("the operation was given up after {} s, with {answered} request(s) answered", .total.as_secs_f32())]
    Overdue {
        /// What the whole operation may take.
        total: Duration,
        /// Requests that were answered until then.
        answered: usize,
    },
    /// The connection broke, or what came is not HTTP.
    #[error("the connection broke before the answer was complete ({0})")]
    Broken(String),
    /// The settings can't be used to make a connection (CA file unreadable, no cipher left).
    #[error("the connection settings cannot be used ({0})")]
    Settings(String),
    /// 401 or 403, or a refused login.
    #[error("the BMC refuses our credentials (HTTP {status}: {detail})")]
    Access {
        /// 401 or 403.
        status: u16,
        /// What the BMC says.
        detail: ExtendedInfo,
    },
    /// These credentials were refused a moment ago; nothing was sent.
    #[error("not attempted: these credentials were refused {failures} time(s), the next login is allowed in {} s", .wait.as_secs() + 1)]
    LoginPaused {
        /// How long nothing will be sent.
        wait: Duration,
        /// Refusals so far.
        failures: u32,
    },
    /// A login was answered with success but without a token.
    #[error("the login was accepted without an X-Auth-Token")]
    NoToken,
    /// Any other status of 400 and above.
    #[error("HTTP {status}: {detail}")]
    Http {
        /// The status.
        status: u16,
        /// What the BMC says.
        detail: ExtendedInfo,
    },
    /// A redirect that is not followed.
    #[error("redirected to {to}, which is not followed: {why}")]
    Redirect {
        /// Where to, shortened.
        to: String,
        /// Why not.
        why: &'static str,
    },
    /// A link in a document is not a path of this BMC.
    #[error("the link {link} at {pointer} is unusable: {why}")]
    Link {
        /// JSON pointer of the link.
        pointer: String,
        /// The link, shortened.
        link: String,
        /// What is wrong with it.
        why: BadPath,
    },
    /// The body is larger than the cap.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(usize),
    /// The JSON is nested deeper than the cap.
    #[error("the answer is nested deeper than {0} levels")]
    TooDeep(usize),
    /// A collection has more members or pages than the cap, or its pages form a loop.
    #[error("the collection is too long or runs in a circle ({0})")]
    TooMany(String),
    /// The body is not JSON.
    #[error("the answer is not JSON ({0})")]
    NotJson(String),
    /// A property has another type than the schema says.
    #[error("{pointer} should be {expected} but is {found}")]
    WrongType {
        /// JSON pointer of the property.
        pointer: String,
        /// What the schema says.
        expected: &'static str,
        /// What came.
        found: &'static str,
    },
    /// A resource, link, action or property that the operation needs is not there.
    #[error("the BMC does not offer {0}")]
    Missing(String),
    /// The BMC does not accept this value.
    #[error("{parameter} {value} is not offered; the BMC allows {}", .allowed.join(", "))]
    NotAllowed {
        /// The parameter.
        parameter: &'static str,
        /// The value wanted.
        value: String,
        /// What the BMC lists.
        allowed: Vec<String>,
    },
    /// There is not exactly one system and none was named.
    #[error("the BMC manages {0} systems and none is named")]
    SystemCount(usize),
    /// A task of the BMC ended badly.
    #[error("the task ended in state {state}: {messages}")]
    Task {
        /// The task's final state.
        state: String,
        /// Its messages.
        messages: String,
    },
}

impl Error {
    /// An error of `bmc` while doing `attempted`.
    pub fn new(bmc: &Arc<BmcName>, attempted: impl Into<String>, kind: ErrorKind) -> Self {
        Error(Box::new(Inner {
            bmc: Arc::clone(bmc),
            attempted: attempted.into(),
            kind,
        }))
    }

    /// The reason.
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// The address of the BMC.
    pub fn bmc(&self) -> &str {
        &self.0.bmc
    }

    /// What was attempted, for example `GET /redfish/v1/Systems/1`.
    pub fn attempted(&self) -> &str {
        &self.0.attempted
    }

    /// Whether the BMC could not be reached or did not answer properly, as opposed to answering no.
    pub fn is_connection(&self) -> bool {
        use ErrorKind::{Broken, Connect, Timeout, Tls};
        matches!(self.kind(), Connect(_) | Tls(_) | Timeout(_) | Broken(_)) || self.is_overdue()
    }

    /// Whether the operation as a whole has taken all its time: whatever it asks next fails too.
    pub fn is_overdue(&self) -> bool {
        matches!(self.kind(), ErrorKind::Overdue { .. })
    }

    /// Whether the credentials are the problem.
    pub fn is_access(&self) -> bool {
        matches!(
            self.kind(),
            ErrorKind::Access { .. } | ErrorKind::LoginPaused { .. }
        )
    }

    /// Whether something needed does not exist on this BMC: a missing link, property or action, or
    /// a 404.
    pub fn is_missing(&self) -> bool {
        matches!(self.kind(), ErrorKind::Missing(_)) || self.status() == Some(404)
    }

    /// The HTTP status, if the BMC answered with one that means failure.
    pub fn status(&self) -> Option<u16> {
        match self.kind() {
            ErrorKind::Http { status, .. } | ErrorKind::Access { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// What the BMC said, if it said something.
    pub fn detail(&self) -> Option<&ExtendedInfo> {
        match self.kind() {
            ErrorKind::Http { detail, .. } | ErrorKind::Access { detail, .. } => Some(detail),
            _ => None,
        }
    }

    /// Whether the BMC's explanation contains `key`; see [`ExtendedInfo::mentions`].
    pub fn mentions(&self, key: &str) -> bool {
        self.detail().is_some_and(|detail| detail.mentions(key))
    }
}

impl ErrorKind {
    /// What a person can do about it.
    fn advice(&self) -> &'static str {
        match self {
            ErrorKind::Connect(_) => {
                "Check the address and port, the network, and that the BMC is up"
            }
            ErrorKind::Tls(_) => {
                "Check the BMC's certificate against the CA setting and the TLS version"
            }
            ErrorKind::Timeout(_) => "Check the load of the BMC or allow it more time",
            ErrorKind::Overdue { .. } => {
                "Check the load of the BMC and how much it lists, or allow operations more time"
            }
            ErrorKind::Broken(_) => "Check that a Redfish service listens at this address",
            ErrorKind::Settings(_) => "Correct the TLS settings of this BMC",
            ErrorKind::Access { status: 403, .. } => {
                "Give the account the privileges for this operation"
            }
            ErrorKind::Access { .. } => "Correct the user name and password",
            ErrorKind::LoginPaused { .. } => {
                "Correct the user name and password; with new ones there is no wait"
            }
            ErrorKind::NoToken => "Use basic authentication for this BMC",
            ErrorKind::Http {
                status: 404 | 405 | 501,
                ..
            } => "Check whether this BMC and its licence support the operation",
            ErrorKind::Http {
                status: 400..=499, ..
            } => "See the BMC's explanation",
            ErrorKind::Http { .. } => "Try again later; if it stays, look at the BMC's own log",
            ErrorKind::Redirect { .. } | ErrorKind::Link { .. } => {
                "Use the BMC's own address; links to other hosts are not followed"
            }
            ErrorKind::TooLarge(_)
            | ErrorKind::TooDeep(_)
            | ErrorKind::TooMany(_)
            | ErrorKind::NotJson(_)
            | ErrorKind::WrongType { .. } => {
                "Check that this is a Redfish service and update the BMC's firmware"
            }
            ErrorKind::Missing(_) => "Update the BMC's firmware or manage this aspect another way",
            ErrorKind::NotAllowed { .. } => "Choose one of the allowed values",
            ErrorKind::SystemCount(_) => {
                "Name the system by its path, for example /redfish/v1/Systems/1"
            }
            ErrorKind::Task { .. } => "See the BMC's explanation and its log",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner {
            bmc,
            attempted,
            kind,
        } = &*self.0;
        // What the BMC said may repeat what it was sent.
        let (attempted, reason) = (bmc.redact(attempted), kind.to_string());
        let reason = bmc.redact(&reason);
        write!(f, "BMC {bmc}: {attempted}: {reason}. {}.", kind.advice())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0.kind)
    }
}
