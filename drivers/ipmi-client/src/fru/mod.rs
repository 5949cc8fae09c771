//! FRU inventories: who made a part, its numbers (Platform Management FRU Information Storage
//! Definition 1.0, rev. 1.3).
//!
//! Inventories are written in factories and by hand: a wrong checksum spoils its area, not the
//! others, and every length is checked against what was read.

mod field;

use crate::wire::Malformed;

/// Fields taken from one area at most; real ones have a dozen.
const FIELDS_MAX: usize = 64;
/// Mark after the last field.
const END: u8 = 0xc1;

/// What an inventory tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inventory {
    /// The chassis.
    pub chassis: Option<Chassis>,
    /// The board.
    pub board: Option<Board>,
    /// The product.
    pub product: Option<Product>,
}

/// The chassis area.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chassis {
    /// Type (SMBIOS table 17).
    pub kind: u8,
    /// Part number.
    pub part_number: String,
    /// Serial number.
    pub serial_number: String,
    /// Further fields.
    pub extra: Vec<String>,
}

/// The board area.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Board {
    /// When it was made: minutes since 1996-01-01 00:00; 0 is not told.
    pub made: u32,
    /// Who made it.
    pub manufacturer: String,
    /// Its name.
    pub product: String,
    /// Serial number.
    pub serial_number: String,
    /// Part number.
    pub part_number: String,
    /// Further fields; the first is the id of the FRU file.
    pub extra: Vec<String>,
}

/// The product area.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Product {
    /// Who made it.
    pub manufacturer: String,
    /// Its name.
    pub name: String,
    /// Part or model number.
    pub part_number: String,
    /// Version.
    pub version: String,
    /// Serial number.
    pub serial_number: String,
    /// Asset tag.
    pub asset_tag: String,
    /// Further fields; the first is the id of the FRU file.
    pub extra: Vec<String>,
}

/// All bytes and their checksum sum to zero.
fn is_whole(bytes: &[u8]) -> bool {
    bytes.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte)) == 0
}

impl Inventory {
    /// Reads an inventory. An area that makes no sense is left out.
    ///
    /// # Errors
    /// A header that makes no sense.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let header: &[u8; 8] = bytes.first_chunk().ok_or(Malformed("FRU header"))?;
        if header[0] & 0x0f != 1 {
            return Err(Malformed("FRU format version"));
        }
        if !is_whole(header) {
            return Err(Malformed("FRU header checksum"));
        }
        Ok(Inventory {
            chassis: area(bytes, header[2]).and_then(chassis),
            board: area(bytes, header[3]).and_then(board),
            product: area(bytes, header[4]).and_then(product),
        })
    }
}

/// The bytes of an area without its checksum; its offset is in eights, 0 is none.
fn area(bytes: &[u8], offset: u8) -> Option<&[u8]> {
    let rest = bytes.get(usize::from(offset) * 8..)?;
    let length = usize::from(*rest.get(1)?) * 8;
    let area = rest.get(..length)?;
    let usable = offset != 0 && area.first()? & 0x0f == 1 && is_whole(area);
    let (_checksum, area) = area.split_last()?;
    usable.then_some(area)
}

/// The fields from here to the end mark.
fn fields(mut rest: &[u8], language: u8) -> Vec<String> {
    let mut fields = Vec::new();
    while let Some((type_length, tail)) = rest.split_first() {
        if *type_length == END || fields.len() == FIELDS_MAX {
            break;
        }
        let length = usize::from(type_length & 0x3f);
        let Some((bytes, next)) = tail.split_at_checked(length) else {
            break;
        };
        fields.push(field::decode(*type_length, bytes, language));
        rest = next;
    }
    fields
}

/// Takes fields off the front; missing ones are empty.
struct Fields(std::vec::IntoIter<String>);

impl Fields {
    fn of(rest: &[u8], language: u8) -> Self {
        Fields(fields(rest, language).into_iter())
    }

    fn next(&mut self) -> String {
        self.0.next().unwrap_or_default()
    }

    fn rest(self) -> Vec<String> {
        self.0.collect()
    }
}

fn chassis(area: &[u8]) -> Option<Chassis> {
    let [_, _, kind, rest @ ..] = area else {
        return None;
    };
    let mut fields = Fields::of(rest, 0);
    Some(Chassis {
        kind: *kind,
        part_number: fields.next(),
        serial_number: fields.next(),
        extra: fields.rest(),
    })
}

fn board(area: &[u8]) -> Option<Board> {
    let [_, _, language, a, b, c, rest @ ..] = area else {
        return None;
    };
    let mut fields = Fields::of(rest, *language);
    Some(Board {
        made: u32::from_le_bytes([*a, *b, *c, 0]),
        manufacturer: fields.next(),
        product: fields.next(),
        serial_number: fields.next(),
        part_number: fields.next(),
        extra: fields.rest(),
    })
}

fn product(area: &[u8]) -> Option<Product> {
    let [_, _, language, rest @ ..] = area else {
        return None;
    };
    let mut fields = Fields::of(rest, *language);
    Some(Product {
        manufacturer: fields.next(),
        name: fields.next(),
        part_number: fields.next(),
        version: fields.next(),
        serial_number: fields.next(),
        asset_tag: fields.next(),
        extra: fields.rest(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checksum(bytes: &[u8]) -> u8 {
        bytes.iter().fold(0u8, |sum, byte| sum.wrapping_sub(*byte))
    }

    /// An inventory with a product area alone.
    fn sample() -> Vec<u8> {
        let mut area = vec![
            1, 4, 25, 0xc3, b'A', b'C', b'M', 0x83, 0x29, 0xdc, 0xa6, 0xc0, 0xc1,
        ];
        area.resize(31, 0);
        area.push(checksum(&area));
        let mut bytes = vec![1, 0, 0, 0, 1, 0, 0];
        bytes.push(checksum(&bytes));
        bytes.extend(area);
        bytes
    }

    #[test]
    fn texts_are_read_in_every_encoding() {
        let inventory = Inventory::decode(&sample()).unwrap();
        let product = inventory.product.unwrap();
        assert_eq!((&*product.manufacturer, &*product.name), ("ACM", "IPMI"));
        assert_eq!(product.serial_number, "");
        assert_eq!((inventory.chassis, inventory.board), (None, None));
    }

    #[test]
    fn a_damaged_area_is_left_out_and_a_damaged_header_refused() {
        let mut bytes = sample();
        bytes[20] ^= 1;
        assert_eq!(Inventory::decode(&bytes).unwrap(), Inventory::default());
        bytes[4] = 9;
        assert!(Inventory::decode(&bytes).is_err());
        assert!(Inventory::decode(&[]).is_err());
        assert!(Inventory::decode(&[0xff; 8]).is_err());
    }
}
