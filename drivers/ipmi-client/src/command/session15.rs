//! Get Session Challenge and Activate Session (IPMI 2.0 §22.16–22.17), IPMI 1.5 only.

use super::Command;
use crate::session::Privilege;
use crate::wire::message::NetFn;
use crate::wire::session15::AuthType;
use crate::wire::{Cursor, Malformed};

/// Get Session Challenge.
#[derive(Debug, Clone, Copy)]
pub struct GetSessionChallenge {
    /// Type that will be used.
    pub auth_type: AuthType,
    /// User name, padded with zeros.
    pub username: [u8; 16],
}

/// What is to be repeated in Activate Session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Challenge {
    /// Session id for the activation only.
    pub temporary_session: u32,
    /// Bytes to repeat.
    pub challenge: [u8; 16],
}

impl Command for GetSessionChallenge {
    const NAME: &'static str = "Get Session Challenge";
    const NETFN: NetFn = NetFn::APP;
    const COMMAND: u8 = 0x39;
    type Output = Challenge;

    fn data(&self) -> Vec<u8> {
        let mut data = vec![self.auth_type as u8];
        data.extend_from_slice(&self.username);
        data
    }

    fn decode(data: &[u8]) -> Result<Challenge, Malformed> {
        let mut cursor = Cursor::new(data);
        Ok(Challenge {
            temporary_session: cursor.u32("temporary session id")?,
            challenge: cursor.array("challenge")?,
        })
    }
}

/// Activate Session.
#[derive(Debug, Clone, Copy)]
pub struct ActivateSession {
    /// Type of the codes in this session.
    pub auth_type: AuthType,
    /// Highest level the session may be raised to.
    pub privilege: Privilege,
    /// The challenge.
    pub challenge: [u8; 16],
    /// First sequence number of the BMC's packets; not 0.
    pub inbound: u32,
}

/// An active session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Activated {
    /// Type of the codes in the rest of the session.
    pub auth_type: AuthType,
    /// Session id.
    pub session: u32,
    /// First sequence number of our packets.
    pub outbound: u32,
}

impl Command for ActivateSession {
    const NAME: &'static str = "Activate Session";
    const NETFN: NetFn = NetFn::APP;
    const COMMAND: u8 = 0x3a;
    type Output = Activated;

    fn data(&self) -> Vec<u8> {
        let mut data = vec![self.auth_type as u8, self.privilege as u8];
        data.extend_from_slice(&self.challenge);
        data.extend_from_slice(&self.inbound.to_le_bytes());
        data
    }

    fn decode(data: &[u8]) -> Result<Activated, Malformed> {
        let mut cursor = Cursor::new(data);
        let auth_type = match cursor.u8("authentication type")? & 0x0f {
            0x00 => AuthType::None,
            0x02 => AuthType::Md5,
            0x04 => AuthType::Password,
            _ => return Err(Malformed("authentication type of the session")),
        };
        Ok(Activated {
            auth_type,
            session: cursor.u32("session id")?,
            outbound: cursor.u32("initial sequence number")?,
        })
    }
}
