//! The methods of the conductor: what can be asked, with which arguments, and what comes back.
//!
//! [`table`] is the only place that names a method. Everything here is derived from it: the request
//! types, [`Request`] over all of them, versions, and decoding.

mod args;
mod node_ref;
mod reply;
pub mod table;

pub use args::{Args, Presence, Refused};
pub use node_ref::NodeRef;
pub use reply::{Answer, BootDevice, Reply, VendorResponse};
pub use table::*;

use crate::version::Version;
use serde_json::{Map, Value};

/// Whether the caller waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A reply or a failure comes back.
    Call,
    /// Nothing comes back.
    Cast,
}

/// Which queue of work a request waits in, so that short work never stands behind slow BMCs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Ramdisks reporting in: short, and there may be many.
    Agent,
    /// Everything else.
    Operator,
}

/// One method, as the type of its request.
pub trait Method: Into<Request> + Send {
    /// What comes back.
    type Reply: Answer;
    /// The name on the wire.
    const NAME: &'static str;
    /// Call or cast.
    const KIND: Kind;

    /// The arguments as sent to a conductor that understands `cap`, and the version they need.
    ///
    /// # Errors
    /// [`Refused::VersionCap`] when `cap` is too low for what is asked.
    fn args(&self, cap: Version) -> Result<Args, Refused>;

    /// Reads arguments.
    ///
    /// # Errors
    /// [`Refused`] for missing, unknown or unreadable arguments.
    fn from_args(args: Map<String, Value>) -> Result<Self, Refused>;
}

impl Request {
    /// Where the request waits when a conductor is busy.
    pub fn lane(&self) -> Lane {
        match self {
            Request::Heartbeat(_)
            | Request::GetNodeWithToken(_)
            | Request::ContinueInspection(_) => Lane::Agent,
            _ => Lane::Operator,
        }
    }
}
