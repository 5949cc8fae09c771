//! Which BMC, as whom, and within which limits.

use std::sync::Arc;
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use crate::session::parameters::{Parameters, Protocol};
use crate::wire::bridge::Route;

/// A BMC and how to talk to it.
#[derive(Debug, Clone)]
pub struct Target {
    /// Host name or IP address.
    pub host: String,
    /// UDP port, normally 623.
    pub port: u16,
    /// Credentials and protocol.
    pub parameters: Arc<Parameters>,
    /// The way to a controller behind the BMC.
    pub route: Option<Route>,
}

/// Identity of a kept session: everything but the route, hashed so that no secret is kept as a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Key([u8; 32]);

#[cfg(test)]
impl Key {
    /// Any key.
    pub(super) const fn of(hash: [u8; 32]) -> Self {
        Key(hash)
    }
}

impl Target {
    /// Host and port for messages.
    pub fn address(&self) -> String {
        if self.host.contains(':') {
            format!("[{}]:{}", self.host, self.port)
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }

    pub(super) fn key(&self) -> Key {
        let Parameters {
            credentials,
            privilege,
            protocol,
            suites,
        } = &*self.parameters;
        let mut hash = Sha256::new();
        let mut field = |bytes: &[u8]| {
            hash.update((bytes.len() as u64).to_le_bytes());
            hash.update(bytes);
        };
        field(self.host.as_bytes());
        field(&self.port.to_le_bytes());
        field(credentials.username());
        field(credentials.user_key());
        field(credentials.bmc_key());
        field(&[*privilege as u8, u8::from(*protocol == Protocol::V20)]);
        let suites: Vec<u8> = suites.iter().map(|suite| suite.id).collect();
        field(&suites);
        Key(hash.finalize().into())
    }
}

/// Limits of one operation.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// When the operation must be over, whatever it waits for.
    pub deadline: Instant,
    /// Shortest time between two operations on the same BMC.
    pub interval: Duration,
}

impl Limits {
    /// A deadline from now and no minimum interval.
    pub fn within(time: Duration) -> Self {
        Limits {
            deadline: Instant::now() + time,
            interval: Duration::ZERO,
        }
    }
}
