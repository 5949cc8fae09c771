//! The RMCP+ session wrapper (IPMI 2.0 §13.6), without its integrity trailer and encryption.

use super::{Cursor, Malformed, rmcp};

const AUTH_TYPE_RMCP_PLUS: u8 = 0x06;
const ENCRYPTED: u8 = 0x80;
const AUTHENTICATED: u8 = 0x40;

/// Bytes between the RMCP header and the payload.
pub const HEADER_LEN: usize = 12;

/// What the payload is (IPMI 2.0 §13.27.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PayloadType {
    /// An IPMI message.
    Ipmi = 0x00,
    /// Serial over LAN.
    Sol = 0x01,
    /// Open Session Request.
    OpenSessionRequest = 0x10,
    /// Open Session Response.
    OpenSessionResponse = 0x11,
    /// RAKP message 1.
    Rakp1 = 0x12,
    /// RAKP message 2.
    Rakp2 = 0x13,
    /// RAKP message 3.
    Rakp3 = 0x14,
    /// RAKP message 4.
    Rakp4 = 0x15,
}

impl PayloadType {
    fn from_wire(value: u8) -> Result<Self, Malformed> {
        Ok(match value & 0x3f {
            0x00 => PayloadType::Ipmi,
            0x01 => PayloadType::Sol,
            0x10 => PayloadType::OpenSessionRequest,
            0x11 => PayloadType::OpenSessionResponse,
            0x12 => PayloadType::Rakp1,
            0x13 => PayloadType::Rakp2,
            0x14 => PayloadType::Rakp3,
            0x15 => PayloadType::Rakp4,
            _ => return Err(Malformed("RMCP+ payload type")),
        })
    }
}

/// The session header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// What the payload is.
    pub payload_type: PayloadType,
    /// Whether the payload is encrypted.
    pub encrypted: bool,
    /// Whether an integrity trailer follows the payload.
    pub authenticated: bool,
    /// Session id of the receiver; 0 before a session exists.
    pub session: u32,
    /// Session sequence number; 0 before a session exists.
    pub sequence: u32,
}

/// A received packet. `trailer` is what follows the payload: pad, pad length, next header, code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Packet<'a> {
    /// The header.
    pub header: Header,
    /// The payload, still encrypted if the header says so.
    pub payload: &'a [u8],
    /// Everything after the payload.
    pub trailer: &'a [u8],
}

/// Encodes RMCP header, session header and payload; a trailer may be appended.
pub fn encode(header: Header, payload: &[u8]) -> Vec<u8> {
    let mut datagram = rmcp::begin(rmcp::Class::Ipmi, HEADER_LEN + payload.len() + 40);
    let mut kind = header.payload_type as u8;
    if header.encrypted {
        kind |= ENCRYPTED;
    }
    if header.authenticated {
        kind |= AUTHENTICATED;
    }
    datagram.extend_from_slice(&[AUTH_TYPE_RMCP_PLUS, kind]);
    datagram.extend_from_slice(&header.session.to_le_bytes());
    datagram.extend_from_slice(&header.sequence.to_le_bytes());
    let length = u16::try_from(payload.len()).unwrap_or(u16::MAX);
    datagram.extend_from_slice(&length.to_le_bytes());
    datagram.extend_from_slice(payload);
    datagram
}

/// Encodes a packet of session set-up: no session, no protection.
pub fn encode_setup(payload_type: PayloadType, payload: &[u8]) -> Vec<u8> {
    encode(
        Header {
            payload_type,
            encrypted: false,
            authenticated: false,
            session: 0,
            sequence: 0,
        },
        payload,
    )
}

/// Decodes what follows the RMCP header.
pub fn decode(packet: &[u8]) -> Result<Packet<'_>, Malformed> {
    let mut cursor = Cursor::new(packet);
    if cursor.u8("authentication type")? & 0x0f != AUTH_TYPE_RMCP_PLUS {
        return Err(Malformed("not an RMCP+ packet"));
    }
    let kind = cursor.u8("payload type")?;
    let payload_type = PayloadType::from_wire(kind)?;
    let session = cursor.u32("session id")?;
    let sequence = cursor.u32("session sequence number")?;
    let length = cursor.u16("payload length")?;
    let payload = cursor.bytes(usize::from(length), "payload")?;
    Ok(Packet {
        header: Header {
            payload_type,
            encrypted: kind & ENCRYPTED != 0,
            authenticated: kind & AUTHENTICATED != 0,
            session,
            sequence,
        },
        payload,
        trailer: cursor.rest(),
    })
}
