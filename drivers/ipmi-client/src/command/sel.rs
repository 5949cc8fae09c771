//! The system event log (IPMI 2.0 §31). Entries are decoded by `ipmi-rs-core`.

use ipmi_rs_core::storage::sel::{Entry, SelInfo};

use super::Command;
use crate::wire::message::NetFn;
use crate::wire::{Cursor, Malformed};

/// Id of the first entry.
pub const FIRST: u16 = 0x0000;
/// "Next entry" of the last one.
pub const LAST: u16 = 0xffff;

/// Get SEL Info.
#[derive(Debug, Clone, Copy, Default)]
pub struct GetSelInfo;

impl Command for GetSelInfo {
    const NAME: &'static str = "Get SEL Info";
    const NETFN: NetFn = NetFn::STORAGE;
    const COMMAND: u8 = 0x40;
    type Output = SelInfo;

    fn data(&self) -> Vec<u8> {
        Vec::new()
    }

    fn decode(data: &[u8]) -> Result<SelInfo, Malformed> {
        SelInfo::from_data(data).ok_or(Malformed("SEL info"))
    }
}

/// Reserve SEL: needed to clear it.
#[derive(Debug, Clone, Copy, Default)]
pub struct ReserveSel;

impl Command for ReserveSel {
    const NAME: &'static str = "Reserve SEL";
    const NETFN: NetFn = NetFn::STORAGE;
    const COMMAND: u8 = 0x42;
    /// The reservation.
    type Output = u16;

    fn data(&self) -> Vec<u8> {
        Vec::new()
    }

    fn decode(data: &[u8]) -> Result<u16, Malformed> {
        Cursor::new(data).u16("SEL reservation")
    }
}

/// Get SEL Entry, whole.
#[derive(Debug, Clone, Copy)]
pub struct GetSelEntry {
    /// Entry.
    pub record: u16,
}

/// An entry and its successor.
#[derive(Debug, Clone, PartialEq)]
pub struct SelRecord {
    /// Id of the next entry, or [`LAST`].
    pub next: u16,
    /// The 16 bytes.
    pub bytes: [u8; 16],
    /// What they say, if their format is known.
    pub entry: Option<Entry>,
}

impl Command for GetSelEntry {
    const NAME: &'static str = "Get SEL Entry";
    const NETFN: NetFn = NetFn::STORAGE;
    const COMMAND: u8 = 0x43;
    type Output = SelRecord;

    fn data(&self) -> Vec<u8> {
        let [low, high] = self.record.to_le_bytes();
        vec![0, 0, low, high, 0, 0xff]
    }

    fn decode(data: &[u8]) -> Result<SelRecord, Malformed> {
        let mut cursor = Cursor::new(data);
        let next = cursor.u16("next SEL entry")?;
        let bytes: [u8; 16] = cursor.array("SEL entry")?;
        Ok(SelRecord {
            next,
            bytes,
            entry: Entry::parse(&bytes).ok(),
        })
    }
}

/// Clear SEL.
#[derive(Debug, Clone, Copy)]
pub struct ClearSel {
    /// Reservation.
    pub reservation: u16,
    /// Begin to erase, rather than ask how far it is.
    pub begin: bool,
}

impl Command for ClearSel {
    const NAME: &'static str = "Clear SEL";
    const NETFN: NetFn = NetFn::STORAGE;
    const COMMAND: u8 = 0x47;
    /// Whether the log is erased.
    type Output = bool;

    fn data(&self) -> Vec<u8> {
        let [low, high] = self.reservation.to_le_bytes();
        let action = if self.begin { 0xaa } else { 0x00 };
        vec![low, high, b'C', b'L', b'R', action]
    }

    fn decode(data: &[u8]) -> Result<bool, Malformed> {
        Ok(Cursor::new(data).u8("erasure progress")? & 0x0f == 1)
    }
}
