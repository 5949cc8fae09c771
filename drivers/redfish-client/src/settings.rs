//! Everything that can be chosen about talking to a BMC.

use std::time::Duration;

use crate::{
    address::BmcAddress,
    auth::{AuthType, Credentials},
    tls::TlsPolicy,
};

/// Caps on what a BMC may send. A BMC is hostile until proven otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one response body.
    pub body: usize,
    /// Nesting of JSON arrays and objects.
    pub depth: usize,
    /// Members read of one collection, over all its pages.
    pub members: usize,
    /// Pages of one collection, and steps along same-host redirects.
    pub hops: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            body: 16 * 1024 * 1024,
            depth: 64,
            members: 1024,
            hops: 32,
        }
    }
}

/// How long to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For a TCP and TLS connection to be made.
    pub connect: Duration,
    /// For a whole response, once connected.
    pub read: Duration,
    /// For a whole operation with its retries and all its requests.
    pub operation: Duration,
}

impl Default for Timeouts {
    /// Ironic 39.0.0: `[redfish]connect_timeout` 30, `read_timeout` 60; the total is ours.
    fn default() -> Self {
        Timeouts {
            connect: Duration::from_secs(30),
            read: Duration::from_secs(60),
            operation: Duration::from_secs(180),
        }
    }
}

/// How often to try what failed for a reason that may pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// Attempts in all, at least 1.
    pub attempts: u32,
    /// Pause between attempts, unless the BMC asks for more with `Retry-After`.
    pub interval: Duration,
}

impl Default for Retry {
    /// Ironic 39.0.0: `[redfish]connection_attempts` 5, `connection_retry_interval` 4.
    fn default() -> Self {
        Retry {
            attempts: 5,
            interval: Duration::from_secs(4),
        }
    }
}

/// One BMC as configured. Two nodes with equal settings share a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BmcSettings {
    /// Where it is.
    pub address: BmcAddress,
    /// How to authenticate.
    pub auth: AuthType,
    /// The account; `None` sends no credentials whatever `auth` says.
    pub credentials: Option<Credentials>,
    /// Whose certificates are trusted and which protocol versions are spoken.
    pub tls: TlsPolicy,
    /// How long to wait.
    pub timeouts: Timeouts,
    /// How often to try.
    pub retry: Retry,
    /// What a BMC may send.
    pub limits: Limits,
    /// How long a BMC that refuses the current ETag (412) is left alone before a change is tried once
    /// more, instead of trying it without one. `None` for BMCs that never settle by waiting.
    pub settling: Option<Duration>,
}

impl BmcSettings {
    /// Settings with the defaults for everything but the address and the account.
    pub fn new(address: BmcAddress, auth: AuthType, credentials: Option<Credentials>) -> Self {
        BmcSettings {
            address,
            auth,
            credentials,
            tls: TlsPolicy::default(),
            timeouts: Timeouts::default(),
            retry: Retry::default(),
            limits: Limits::default(),
            settling: None,
        }
    }
}
