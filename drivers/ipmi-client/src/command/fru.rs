//! FRU inventory: the bytes (IPMI 2.0 §34.1–34.2).

use super::Command;
use crate::wire::message::NetFn;
use crate::wire::{Cursor, Malformed};

/// Get FRU Inventory Area Info.
#[derive(Debug, Clone, Copy)]
pub struct GetFruAreaInfo {
    /// FRU device id; 0 is the BMC's own.
    pub device: u8,
}

/// Size of an inventory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FruAreaInfo {
    /// Bytes.
    pub size: u16,
    /// Whether offsets and counts are in words of two bytes.
    pub words: bool,
}

impl Command for GetFruAreaInfo {
    const NAME: &'static str = "Get FRU Inventory Area Info";
    const NETFN: NetFn = NetFn::STORAGE;
    const COMMAND: u8 = 0x10;
    type Output = FruAreaInfo;

    fn data(&self) -> Vec<u8> {
        vec![self.device]
    }

    fn decode(data: &[u8]) -> Result<FruAreaInfo, Malformed> {
        let mut cursor = Cursor::new(data);
        let size = cursor.u16("FRU inventory size")?;
        let access = cursor.u8("FRU access").unwrap_or(0);
        Ok(FruAreaInfo {
            size,
            words: access & 0x01 != 0,
        })
    }
}

/// Read FRU Data.
#[derive(Debug, Clone, Copy)]
pub struct ReadFru {
    /// FRU device id.
    pub device: u8,
    /// First byte (or word) wanted.
    pub offset: u16,
    /// Bytes (or words) wanted.
    pub count: u8,
}

impl Command for ReadFru {
    const NAME: &'static str = "Read FRU Data";
    const NETFN: NetFn = NetFn::STORAGE;
    const COMMAND: u8 = 0x11;
    /// The bytes.
    type Output = Vec<u8>;

    fn data(&self) -> Vec<u8> {
        let [low, high] = self.offset.to_le_bytes();
        vec![self.device, low, high, self.count]
    }

    fn decode(data: &[u8]) -> Result<Vec<u8>, Malformed> {
        let mut cursor = Cursor::new(data);
        let _count = cursor.u8("FRU count")?;
        Ok(cursor.rest().to_vec())
    }
}
