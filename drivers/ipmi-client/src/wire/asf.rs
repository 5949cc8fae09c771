//! ASF presence ping and pong (ASF 2.0 §3.2.4, IPMI 2.0 §13.2.3): is there a BMC at all?

use super::{Cursor, Malformed, rmcp};

const ENTERPRISE: [u8; 4] = [0x00, 0x00, 0x11, 0xbe];
const PING: u8 = 0x80;
const PONG: u8 = 0x40;

/// A presence ping; the pong repeats `tag` (0–254).
pub fn ping(tag: u8) -> Vec<u8> {
    let mut datagram = rmcp::begin(rmcp::Class::Asf, 8);
    datagram.extend_from_slice(&ENTERPRISE);
    datagram.extend_from_slice(&[PING, tag, 0, 0]);
    datagram
}

/// What a machine says of itself in a presence pong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pong {
    /// The tag of the ping that is answered.
    pub tag: u8,
    /// IANA number of who made the ASF implementation.
    pub enterprise: u32,
    /// Whether IPMI is supported on this port.
    pub ipmi: bool,
}

/// Decodes what follows the RMCP header of an ASF datagram.
pub fn decode_pong(message: &[u8]) -> Result<Pong, Malformed> {
    let mut cursor = Cursor::new(message);
    if cursor.array("ASF enterprise number")? != ENTERPRISE {
        return Err(Malformed("ASF enterprise number"));
    }
    let [kind, tag, _reserved, _length] = cursor.array("ASF header")?;
    if kind != PONG {
        return Err(Malformed("ASF message type"));
    }
    let enterprise = u32::from_be_bytes(cursor.array("pong enterprise")?);
    let _oem: [u8; 4] = cursor.array("pong OEM data")?;
    let entities = cursor.u8("pong supported entities")?;
    Ok(Pong {
        tag,
        enterprise,
        ipmi: entities & 0x80 != 0,
    })
}
