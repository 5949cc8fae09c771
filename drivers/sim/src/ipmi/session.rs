//! Sessions of a BMC: those being set up and those that are open.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use drivers_ipmi_client::crypto::{CipherSuite, lan15};
use drivers_ipmi_client::session::Sealed;
use drivers_ipmi_client::session::entropy::System;
use drivers_ipmi_client::session::keys::Transcript;
use drivers_ipmi_client::session::window::{Counter, Window};
use drivers_ipmi_client::wire::session15::{self, AuthType};
use drivers_ipmi_client::wire::session20::PayloadType;
use schemas_model::secret::Secret;

use super::sol::Sol;

/// An open session without traffic for this long is forgotten (IPMI 2.0 §6.12.15).
pub const IDLE: Duration = Duration::from_secs(60);
/// A session whose set-up is not finished within this time is forgotten.
const SET_UP: Duration = Duration::from_secs(10);

/// A session.
#[derive(Debug)]
pub struct Session {
    pub(super) kind: Kind,
    /// Current privilege level.
    pub privilege: u8,
    pub(super) last_used: Instant,
    /// Number, command and answers of the last request, for its repetitions.
    pub(super) last: Option<(u8, u8, Vec<Vec<u8>>)>,
    /// The serial line, while it is active.
    pub sol: Option<Sol>,
    /// Where the console is.
    pub(super) peer: Option<SocketAddr>,
}

/// What protects it.
#[derive(Debug)]
pub(super) enum Kind {
    /// IPMI 2.0.
    Rmcp {
        suite: CipherSuite,
        transcript: Box<Transcript>,
        active: Option<Box<Sealed>>,
    },
    /// IPMI 1.5.
    Lan15 {
        auth_type: AuthType,
        challenge: [u8; 16],
        active: Option<Lan15>,
    },
}

/// An open IPMI 1.5 session.
#[derive(Debug)]
pub(super) struct Lan15 {
    pub(super) outbound: Counter,
    pub(super) inbound: Window,
}

impl Session {
    pub(super) fn new(kind: Kind, now: Instant) -> Self {
        Session {
            kind,
            privilege: 2,
            last_used: now,
            last: None,
            sol: None,
            peer: None,
        }
    }

    /// Whether its set-up is finished.
    pub fn is_open(&self) -> bool {
        match &self.kind {
            Kind::Rmcp { active, .. } => active.is_some(),
            Kind::Lan15 { active, .. } => active.is_some(),
        }
    }

    pub(super) fn is_stale(&self, now: Instant) -> bool {
        let patience = if self.is_open() { IDLE } else { SET_UP };
        now.saturating_duration_since(self.last_used) >= patience
    }

    /// Packs a payload; nothing if the session is not open.
    pub(super) fn seal(
        &mut self,
        id: u32,
        payload_type: PayloadType,
        payload: &[u8],
        password: &Secret<[u8; 16]>,
    ) -> Option<Vec<u8>> {
        match &mut self.kind {
            Kind::Rmcp { active, .. } => {
                Some(active.as_mut()?.seal(payload_type, payload, &mut System))
            }
            Kind::Lan15 {
                auth_type, active, ..
            } => {
                let sequence = active.as_mut()?.outbound.take();
                Some(session15::encode(&session15::Packet {
                    auth_type: *auth_type,
                    sequence,
                    session: id,
                    code: lan15::code(*auth_type, password, id, sequence, payload),
                    payload,
                }))
            }
        }
    }
}
