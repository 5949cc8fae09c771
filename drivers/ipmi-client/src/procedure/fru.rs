//! Reading a FRU inventory in parts.

use super::outcome::refusal_of;
use crate::Operation;
use crate::command::Command;
use crate::command::fru::{GetFruAreaInfo, ReadFru};
use crate::completion::CompletionCode;
use crate::error::{Error, Failure};
use crate::fru::Inventory;

/// Largest inventory read, in bytes.
const SIZE_MAX: u16 = 8192;
/// Bytes asked for at once, at first.
const PART: u16 = 32;

/// Refusals that mean "ask for less".
const TOO_MUCH: [CompletionCode; 4] = [
    CompletionCode::LENGTH_INVALID,
    CompletionCode::LENGTH_EXCEEDED,
    CompletionCode::CANNOT_RETURN_BYTES,
    CompletionCode(0xff),
];

impl Operation {
    /// What the inventory of FRU `device` tells.
    pub async fn inventory(&mut self, device: u8) -> Result<Inventory, Error> {
        let bytes = self.fru(device).await?;
        Inventory::decode(&bytes).map_err(|malformed| self.error(ReadFru::NAME, malformed.into()))
    }

    /// The inventory of FRU `device`, as bytes.
    pub async fn fru(&mut self, device: u8) -> Result<Vec<u8>, Error> {
        let info = self.run(&GetFruAreaInfo { device }).await?;
        let size = usize::from(info.size.min(SIZE_MAX));
        let unit = if info.words { 2 } else { 1 };
        let mut inventory = Vec::with_capacity(size);
        let mut part = PART;
        while inventory.len() < size {
            let wanted = (size - inventory.len())
                .min(usize::from(part))
                .div_ceil(unit);
            let read = ReadFru {
                device,
                // At most SIZE_MAX and PART.
                offset: u16::try_from(inventory.len() / unit).unwrap_or(u16::MAX),
                count: u8::try_from(wanted).unwrap_or(u8::MAX),
            };
            match refusal_of(self.run(&read).await, &TOO_MUCH)? {
                Ok(bytes) if bytes.is_empty() => break,
                Ok(bytes) => inventory.extend_from_slice(&bytes),
                Err(_) if part > 8 => part /= 2,
                Err(code) => {
                    let failure = Failure::completion(code, ReadFru::NETFN.0, ReadFru::COMMAND);
                    return Err(self.error(ReadFru::NAME, failure));
                }
            }
        }
        inventory.truncate(size);
        Ok(inventory)
    }
}
