//! The payloads of session set-up: Open Session and RAKP messages 1–4 (IPMI 2.0 §13.17–13.24).
//!
//! Framing only; what is hashed is in [`super::keys`].

use super::status::Status;
use crate::crypto::CipherSuite;
use crate::wire::{Cursor, Malformed};

/// Looks a user up by name alone, not by name and privilege (IPMI 2.0 §13.20, RAKP message 1).
pub const NAME_ONLY_LOOKUP: u8 = 0x10;

/// Open Session Request. The privilege is left at 0, "the highest that the algorithms allow", as
/// `ipmitool` does; RAKP message 1 asks for the real one.
pub fn open_session_request(tag: u8, console_session: u32, suite: CipherSuite) -> Vec<u8> {
    let mut payload = vec![tag, 0, 0, 0];
    payload.extend_from_slice(&console_session.to_le_bytes());
    let algorithms = [
        suite.authentication_algorithm(),
        suite.integrity_algorithm(),
        suite.confidentiality_algorithm(),
    ];
    for (kind, algorithm) in (0u8..).zip(algorithms) {
        payload.extend_from_slice(&[kind, 0, 0, 8, algorithm, 0, 0, 0]);
    }
    payload
}

/// Open Session Response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenSessionResponse {
    /// The BMC goes on.
    Accepted {
        /// Session id that the BMC chose.
        bmc_session: u32,
        /// Authentication, integrity and confidentiality algorithm it chose.
        algorithms: [u8; 3],
    },
    /// It does not.
    Refused(Status),
}

/// The start of every set-up answer: to which request, and for which of our sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer<T> {
    /// Tag of the request.
    pub tag: u8,
    /// Our session id. A refusal may come without it.
    pub console_session: Option<u32>,
    /// The rest.
    pub body: T,
}

/// Decodes an Open Session Response.
pub fn open_session_response(payload: &[u8]) -> Result<Answer<OpenSessionResponse>, Malformed> {
    let mut cursor = Cursor::new(payload);
    let [tag, status] = cursor.array("Open Session Response")?;
    if status != 0 {
        return Ok(refusal(
            tag,
            cursor,
            OpenSessionResponse::Refused(Status(status)),
        ));
    }
    let _privilege: [u8; 2] = cursor.array("Open Session Response privilege")?;
    let console_session = cursor.u32("console session id")?;
    let bmc_session = cursor.u32("BMC session id")?;
    let mut algorithms = [0; 3];
    for (kind, algorithm) in (0u8..).zip(&mut algorithms) {
        let [got, _, _, _, chosen, ..]: [u8; 8] = cursor.array("algorithm payload")?;
        if got != kind {
            return Err(Malformed("order of algorithm payloads"));
        }
        *algorithm = chosen & 0x3f;
    }
    if bmc_session == 0 {
        return Err(Malformed("BMC session id 0"));
    }
    Ok(Answer {
        tag,
        console_session: Some(console_session),
        body: OpenSessionResponse::Accepted {
            bmc_session,
            algorithms,
        },
    })
}

fn refusal<T>(tag: u8, mut cursor: Cursor<'_>, body: T) -> Answer<T> {
    let console_session = cursor
        .array::<2>("reserved")
        .and_then(|_| cursor.u32("console session id"))
        .ok();
    Answer {
        tag,
        console_session,
        body,
    }
}

/// RAKP message 1.
pub fn rakp1(
    tag: u8,
    bmc_session: u32,
    console_random: [u8; 16],
    role: u8,
    username: &[u8],
) -> Vec<u8> {
    let mut payload = vec![tag, 0, 0, 0];
    payload.extend_from_slice(&bmc_session.to_le_bytes());
    payload.extend_from_slice(&console_random);
    // The name is at most 16 bytes, checked in `Credentials`.
    let length = u8::try_from(username.len()).unwrap_or_default();
    payload.extend_from_slice(&[role, 0, 0, length]);
    payload.extend_from_slice(username);
    payload
}

/// RAKP message 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rakp2<'a> {
    /// The BMC goes on.
    Accepted {
        /// Rc.
        bmc_random: [u8; 16],
        /// GUIDc.
        bmc_guid: [u8; 16],
        /// Key exchange authentication code, unverified.
        code: &'a [u8],
    },
    /// It does not.
    Refused(Status),
}

/// Decodes a RAKP message 2.
pub fn rakp2(payload: &[u8]) -> Result<Answer<Rakp2<'_>>, Malformed> {
    let mut cursor = Cursor::new(payload);
    let [tag, status] = cursor.array("RAKP message 2")?;
    if status != 0 {
        return Ok(refusal(tag, cursor, Rakp2::Refused(Status(status))));
    }
    let _reserved: [u8; 2] = cursor.array("RAKP message 2")?;
    let console_session = cursor.u32("console session id")?;
    let bmc_random = cursor.array("BMC random number")?;
    let bmc_guid = cursor.array("BMC GUID")?;
    Ok(Answer {
        tag,
        console_session: Some(console_session),
        body: Rakp2::Accepted {
            bmc_random,
            bmc_guid,
            code: cursor.rest(),
        },
    })
}

/// RAKP message 3; a refusal tells the BMC to forget the session and carries no code.
pub fn rakp3(tag: u8, status: Status, bmc_session: u32, code: &[u8]) -> Vec<u8> {
    let mut payload = vec![tag, status.0, 0, 0];
    payload.extend_from_slice(&bmc_session.to_le_bytes());
    payload.extend_from_slice(code);
    payload
}

/// RAKP message 4: the integrity check value, unverified, or a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rakp4<'a> {
    /// The session is active if the value is right.
    Accepted(&'a [u8]),
    /// It is not.
    Refused(Status),
}

/// Decodes a RAKP message 4.
pub fn rakp4(payload: &[u8]) -> Result<Answer<Rakp4<'_>>, Malformed> {
    let mut cursor = Cursor::new(payload);
    let [tag, status] = cursor.array("RAKP message 4")?;
    if status != 0 {
        return Ok(refusal(tag, cursor, Rakp4::Refused(Status(status))));
    }
    let _reserved: [u8; 2] = cursor.array("RAKP message 4")?;
    let console_session = cursor.u32("console session id")?;
    Ok(Answer {
        tag,
        console_session: Some(console_session),
        body: Rakp4::Accepted(cursor.rest()),
    })
}
