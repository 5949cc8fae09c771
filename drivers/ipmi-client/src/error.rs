//! What can go wrong with a BMC, in words that tell an operator what was tried, where and how.

use std::time::Duration;

use crate::completion::CompletionCode;
use crate::session::parameters::{Privilege, Protocol};
use crate::session::status::Status;
use crate::wire::Malformed;

/// A failed operation: what was attempted, on which BMC, over what, and why it failed.
#[derive(Debug, thiserror::Error)]
#[error("{attempted} on BMC {bmc} ({how}) failed: {failure}")]
pub struct Error {
    /// Host and port of the BMC.
    pub bmc: String,
    /// The command or step, in the specification's words ("Get Chassis Status").
    pub attempted: String,
    /// Protocol, cipher suite and privilege in use.
    pub how: How,
    /// Why.
    #[source]
    pub failure: Failure,
}

/// The circumstances of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct How {
    /// IPMI 1.5 or 2.0.
    pub protocol: Protocol,
    /// Number of the cipher suite, once one is agreed on or being tried.
    pub cipher_suite: Option<u8>,
    /// Privilege level that is asked for.
    pub privilege: Privilege,
}

impl std::fmt::Display for How {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "IPMI {}", self.protocol)?;
        if let Some(suite) = self.cipher_suite {
            write!(f, ", cipher suite {suite}")?;
        }
        write!(f, ", privilege {}", self.privilege)
    }
}

/// Why an operation failed.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The name of the BMC does not resolve.
    #[error("the address does not resolve: {0}")]
    Unresolved(String),
    /// The operating system would not send or receive.
    #[error("network error: {0}")]
    Socket(#[source] std::io::Error),
    /// No answer.
    #[error("{}", timeout(*waited, *unanswered))]
    Timeout {
        /// Time since the operation, or the exchange that was never answered, began.
        waited: Duration,
        /// How many datagrams were sent in vain; 0 if the deadline passed before the first.
        unanswered: u32,
    },
    /// The channel speaks IPMI 1.5 only.
    #[error("the BMC does not offer IPMI 2.0 on this channel")]
    NoIpmi20,
    /// None of our IPMI 1.5 authentication types is offered.
    #[error("the BMC offers none of the authentication types MD5 and password for IPMI 1.5")]
    NoAuthType,
    /// Every cipher suite that we may use was refused.
    #[error("the BMC refused cipher suite {}: {status}", list(tried))]
    CipherRefused {
        /// Suites in the order in which they were tried.
        tried: Vec<u8>,
        /// The last refusal.
        status: Status,
    },
    /// User name or password are wrong.
    #[error("wrong user name or password: {evidence}")]
    WrongCredentials {
        /// How we know.
        evidence: &'static str,
    },
    /// The BMC's Kg key is not the one we have.
    #[error("wrong Kg key: the BMC's session key differs although user and password are right")]
    WrongKg,
    /// The BMC has refused these credentials, and they rest: nothing was sent.
    #[error(
        "{why}; not tried again yet, so that the account is not locked: refused {refusals} time(s) \
         so far, the next login is possible in {} s",
        whole_seconds(*wait)
    )]
    LoginPaused {
        /// Why it refused them.
        why: &'static str,
        /// How often in a row.
        refusals: u32,
        /// Time until they are sent again.
        wait: Duration,
    },
    /// The user may not have the requested privilege level.
    #[error("the requested privilege level is not granted: {evidence}")]
    PrivilegeRefused {
        /// The BMC's words.
        evidence: &'static str,
    },
    /// All sessions of the BMC are taken.
    #[error("insufficient resources for session: the BMC has no free session")]
    NoFreeSession,
    /// Session set-up failed for another reason.
    #[error("{stage} was refused: {status}")]
    SessionRefused {
        /// The message that was refused.
        stage: &'static str,
        /// The BMC's reason.
        status: Status,
    },
    /// The command was executed and failed.
    #[error("completion code {:#04x} ({meaning})", code.0)]
    Completion {
        /// The code.
        code: CompletionCode,
        /// What it means for this command.
        meaning: &'static str,
    },
    /// What was acknowledged is not what is read back.
    #[error("the BMC acknowledged the {what} and did not keep it: {found}")]
    NotKept {
        /// What was set.
        what: &'static str,
        /// What it says now.
        found: String,
    },
    /// The answer cannot be understood.
    #[error("the answer makes no sense: {0}")]
    Malformed(#[from] Malformed),
    /// The request does not fit in a packet, or has a value the protocol cannot express.
    #[error("the request is invalid: {0}")]
    InvalidRequest(&'static str),
    /// A serial line that was open is not any more.
    #[error("the serial line was closed: {0}")]
    LineClosed(&'static str),
    /// Somebody else has the serial line open, and it was not to be taken from them.
    #[error("somebody else has the serial line")]
    LineTaken,
    /// Too many operations wait for this BMC, or all sessions of the client are in use.
    #[error("too many operations wait for this BMC, or for any")]
    Overloaded,
    /// The client is being shut down.
    #[error("the IPMI client is shutting down")]
    ShuttingDown,
}

fn timeout(waited: Duration, unanswered: u32) -> String {
    let seconds = waited.as_secs_f64();
    if unanswered == 0 {
        format!("the deadline passed after {seconds:.1} s of waiting, before anything was sent")
    } else {
        format!("no answer to {unanswered} datagrams within {seconds:.1} s")
    }
}

/// Rounded up.
fn whole_seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}

fn list(suites: &[u8]) -> String {
    suites
        .iter()
        .map(u8::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}

impl Failure {
    /// The failure of a command that answered `code`.
    pub fn completion(code: CompletionCode, netfn: u8, command: u8) -> Self {
        Failure::Completion {
            code,
            meaning: code.meaning(netfn, command),
        }
    }

    /// Why a password or key was refused, if it was: to send it again soon may lock the account.
    pub const fn refused_login(&self) -> Option<&'static str> {
        match self {
            Failure::WrongCredentials { .. } => Some("wrong user name or password"),
            Failure::WrongKg => Some("wrong Kg key"),
            _ => None,
        }
    }

    /// Whether the BMC refuses the credentials, or did a moment ago: never a reason to try again.
    pub const fn is_about_credentials(&self) -> bool {
        matches!(self, Failure::LoginPaused { .. }) || self.refused_login().is_some()
    }

    /// Whether the same operation may succeed if it is tried again later.
    pub const fn is_transient(&self) -> bool {
        match self {
            Failure::Timeout { .. }
            | Failure::NoFreeSession
            | Failure::LineClosed(_)
            | Failure::LineTaken
            | Failure::Overloaded => true,
            Failure::Socket(_) | Failure::SessionRefused { .. } | Failure::Malformed(_) => true,
            Failure::Completion { code, .. } => code.is_transient(),
            Failure::Unresolved(_)
            | Failure::NoIpmi20
            | Failure::NoAuthType
            | Failure::CipherRefused { .. }
            | Failure::WrongCredentials { .. }
            | Failure::WrongKg
            | Failure::LoginPaused { .. }
            | Failure::PrivilegeRefused { .. }
            | Failure::NotKept { .. }
            | Failure::InvalidRequest(_)
            | Failure::ShuttingDown => false,
        }
    }
}
