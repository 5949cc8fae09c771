//! The IPMI 1.5 session wrapper (IPMI 2.0 §13.6), also used before an RMCP+ session exists.

use super::{Cursor, Malformed, rmcp};

/// How a packet proves its origin (IPMI 2.0 §13.6, "authentication type").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AuthType {
    /// No code.
    None = 0x00,
    /// A keyed MD5 over the message.
    Md5 = 0x02,
    /// The password itself.
    Password = 0x04,
}

impl AuthType {
    fn from_wire(value: u8) -> Result<Self, Malformed> {
        match value & 0x0f {
            0x00 => Ok(AuthType::None),
            0x02 => Ok(AuthType::Md5),
            0x04 => Ok(AuthType::Password),
            0x06 => Err(Malformed("an RMCP+ packet where IPMI 1.5 was expected")),
            _ => Err(Malformed("IPMI 1.5 authentication type")),
        }
    }
}

/// A packet as received; `code` is not verified here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Packet<'a> {
    /// Authentication type.
    pub auth_type: AuthType,
    /// Session sequence number; 0 outside a session.
    pub sequence: u32,
    /// Session id; 0 outside a session.
    pub session: u32,
    /// Authentication code, unless the type is none.
    pub code: Option<[u8; 16]>,
    /// The IPMI message.
    pub payload: &'a [u8],
}

/// Encodes a packet including the RMCP header.
pub fn encode(packet: &Packet<'_>) -> Vec<u8> {
    let mut datagram = rmcp::begin(rmcp::Class::Ipmi, 26 + packet.payload.len());
    datagram.push(packet.auth_type as u8);
    datagram.extend_from_slice(&packet.sequence.to_le_bytes());
    datagram.extend_from_slice(&packet.session.to_le_bytes());
    if let Some(code) = packet.code {
        datagram.extend_from_slice(&code);
    }
    // Requests are bounded well below 256 bytes by `Request` builders and `raw`.
    datagram.push(u8::try_from(packet.payload.len()).unwrap_or(u8::MAX));
    datagram.extend_from_slice(packet.payload);
    datagram
}

/// Decodes what follows the RMCP header. Legacy padding after the payload is ignored.
pub fn decode(packet: &[u8]) -> Result<Packet<'_>, Malformed> {
    let mut cursor = Cursor::new(packet);
    let auth_type = AuthType::from_wire(cursor.u8("authentication type")?)?;
    let sequence = cursor.u32("session sequence number")?;
    let session = cursor.u32("session id")?;
    let code = match auth_type {
        AuthType::None => None,
        AuthType::Md5 | AuthType::Password => Some(cursor.array("authentication code")?),
    };
    let length = cursor.u8("payload length")?;
    let payload = cursor.bytes(usize::from(length), "payload")?;
    Ok(Packet {
        auth_type,
        sequence,
        session,
        code,
        payload,
    })
}

/// Whether what follows the RMCP header is an RMCP+ (IPMI 2.0) packet.
pub fn is_rmcp_plus(packet: &[u8]) -> bool {
    packet
        .first()
        .is_some_and(|auth_type| auth_type & 0x0f == 0x06)
}
