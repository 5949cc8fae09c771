//! The SDR repository (IPMI 2.0 §33.11–33.12).

use super::Command;
use crate::wire::message::NetFn;
use crate::wire::{Cursor, Malformed};

/// Id of the first record.
pub const FIRST: u16 = 0x0000;
/// "Next record" of the last one.
pub const LAST: u16 = 0xffff;

/// Reserve SDR Repository: needed to read a record in parts.
#[derive(Debug, Clone, Copy, Default)]
pub struct ReserveSdrRepository;

impl Command for ReserveSdrRepository {
    const NAME: &'static str = "Reserve SDR Repository";
    const NETFN: NetFn = NetFn::STORAGE;
    const COMMAND: u8 = 0x22;
    /// The reservation.
    type Output = u16;

    fn data(&self) -> Vec<u8> {
        Vec::new()
    }

    fn decode(data: &[u8]) -> Result<u16, Malformed> {
        Cursor::new(data).u16("SDR reservation")
    }
}

/// Get SDR: a part of a record.
#[derive(Debug, Clone, Copy)]
pub struct GetSdr {
    /// Reservation.
    pub reservation: u16,
    /// Record.
    pub record: u16,
    /// First byte wanted.
    pub offset: u8,
    /// Bytes wanted.
    pub count: u8,
}

/// A part of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SdrPart {
    /// Id of the next record, or [`LAST`].
    pub next: u16,
    /// The bytes.
    pub bytes: Vec<u8>,
}

impl Command for GetSdr {
    const NAME: &'static str = "Get SDR";
    const NETFN: NetFn = NetFn::STORAGE;
    const COMMAND: u8 = 0x23;
    type Output = SdrPart;

    fn data(&self) -> Vec<u8> {
        let [r0, r1] = self.reservation.to_le_bytes();
        let [id0, id1] = self.record.to_le_bytes();
        vec![r0, r1, id0, id1, self.offset, self.count]
    }

    fn decode(data: &[u8]) -> Result<SdrPart, Malformed> {
        let mut cursor = Cursor::new(data);
        let next = cursor.u16("next SDR id")?;
        Ok(SdrPart {
            next,
            bytes: cursor.rest().to_vec(),
        })
    }
}
