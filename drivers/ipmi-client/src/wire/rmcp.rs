//! The RMCP header in front of everything on UDP port 623 (ASF 2.0 §3.2.2, IPMI 2.0 §13.1.3).

use super::{Cursor, Malformed};

/// RMCP version 1.0.
const VERSION: u8 = 0x06;
/// IPMI traffic is never acknowledged at this level.
const NO_ACK: u8 = 0xff;

/// The class of message that follows the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// ASF: presence ping and pong.
    Asf = 0x06,
    /// IPMI, all versions.
    Ipmi = 0x07,
}

/// Starts a datagram of `class`.
pub fn begin(class: Class, capacity: usize) -> Vec<u8> {
    let mut datagram = Vec::with_capacity(4 + capacity);
    datagram.extend_from_slice(&[VERSION, 0, NO_ACK, class as u8]);
    datagram
}

/// Splits a received datagram into its class and what follows the header.
pub fn decode(datagram: &[u8]) -> Result<(Class, &[u8]), Malformed> {
    let mut cursor = Cursor::new(datagram);
    let [version, _reserved, _sequence, class] = cursor.array("RMCP header")?;
    if version != VERSION {
        return Err(Malformed("RMCP version"));
    }
    // Bit 7 marks an RMCP acknowledgement, which carries no message.
    let class = match class {
        0x06 => Class::Asf,
        0x07 => Class::Ipmi,
        _ => return Err(Malformed("RMCP class")),
    };
    Ok((class, cursor.rest()))
}
