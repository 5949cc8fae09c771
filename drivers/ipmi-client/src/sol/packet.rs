//! The payload: four bytes of numbers and flags, then characters (IPMI 2.0 table 15-2).

use crate::wire::{Cursor, Malformed};

/// Bytes before the characters.
pub const HEADER_LEN: usize = 4;
/// Most characters of one packet: their number must fit in the acceptance count.
pub const CHARACTERS_MAX: usize = 255;

/// Bits of the fourth byte, as a console sends them.
pub mod operation {
    /// The acknowledged packet was not, or not wholly, taken.
    pub const NACK: u8 = 0x40;
    /// Assert "ring indicator", to wake the machine.
    pub const RING: u8 = 0x20;
    /// Send a break.
    pub const BREAK: u8 = 0x10;
    /// Stop the machine's output by dropping CTS.
    pub const CTS_PAUSE: u8 = 0x08;
    /// Drop DCD and DSR.
    pub const DROP_DCD_DSR: u8 = 0x04;
    /// Forget characters on their way from the machine.
    pub const FLUSH_INBOUND: u8 = 0x02;
    /// Forget characters on their way to the machine.
    pub const FLUSH_OUTBOUND: u8 = 0x01;
}

/// Bits of the fourth byte, as a BMC sends them.
pub mod status {
    /// The acknowledged packet was not, or not wholly, taken.
    pub const NACK: u8 = 0x40;
    /// Characters cannot be passed on now: the machine is off or in reset.
    pub const UNAVAILABLE: u8 = 0x20;
    /// The line is being closed by the BMC.
    pub const DEACTIVATING: u8 = 0x10;
    /// Characters from the machine were lost.
    pub const OVERRUN: u8 = 0x08;
    /// The machine sent a break.
    pub const BREAK: u8 = 0x04;
}

/// A packet of either direction.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Packet {
    /// 1–15; 0 is a mere acknowledgement, which is not acknowledged itself.
    pub sequence: u8,
    /// Number of the packet that is acknowledged, 1–15; 0 acknowledges nothing.
    pub acknowledged: u8,
    /// How many characters of the acknowledged packet were taken.
    pub accepted: u8,
    /// Operation or status bits.
    pub flags: u8,
    /// Characters.
    pub characters: Vec<u8>,
}

impl Packet {
    /// The payload's bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut payload = Vec::with_capacity(HEADER_LEN + self.characters.len());
        payload.extend_from_slice(&[
            self.sequence & 0x0f,
            self.acknowledged & 0x0f,
            self.accepted,
            self.flags,
        ]);
        payload.extend_from_slice(&self.characters);
        payload
    }

    /// Reads a payload. The reserved halves of the numbers are ignored.
    ///
    /// # Errors
    /// [`Malformed`] for fewer than four bytes.
    pub fn decode(payload: &[u8]) -> Result<Self, Malformed> {
        let mut cursor = Cursor::new(payload);
        let [sequence, acknowledged, accepted, flags] = cursor.array("SOL header")?;
        Ok(Packet {
            sequence: sequence & 0x0f,
            acknowledged: acknowledged & 0x0f,
            accepted,
            flags,
            characters: cursor.rest().to_vec(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Table 15-2 by hand: packet 3 with "ls", acknowledging 16 characters of packet 15.
    #[test]
    fn fields_are_where_the_specification_puts_them() {
        let packet = Packet {
            sequence: 3,
            acknowledged: 15,
            accepted: 16,
            flags: operation::BREAK,
            characters: b"ls".to_vec(),
        };
        let bytes = [0x03, 0x0f, 0x10, 0x10, b'l', b's'];
        assert_eq!(packet.encode(), bytes);
        assert_eq!(Packet::decode(&bytes).unwrap(), packet);
    }

    #[test]
    fn an_acknowledgement_has_no_number_of_its_own() {
        let bytes = Packet {
            acknowledged: 7,
            accepted: 2,
            ..Packet::default()
        }
        .encode();
        assert_eq!(bytes, [0, 7, 2, 0]);
    }

    #[test]
    fn reserved_bits_are_ignored_and_short_ones_refused() {
        let packet = Packet::decode(&[0xf1, 0xe2, 0, 0x40]).unwrap();
        assert_eq!((packet.sequence, packet.acknowledged), (1, 2));
        assert_eq!(packet.flags, status::NACK);
        for len in 0..HEADER_LEN {
            assert!(Packet::decode(&vec![0; len]).is_err());
        }
    }
}
