//! FRU inventories (Platform Management FRU Information Storage Definition 1.0).

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

/// Size of an inventory, in bytes.
const SIZE: usize = 256;

/// The areas of an inventory as texts.
#[derive(Debug, Clone, Default)]
pub struct Inventory<'a> {
    /// Chassis: type code, part number, serial number.
    pub chassis: Option<(u8, [&'a str; 2])>,
    /// Board: manufacturer, product, serial number, part number.
    pub board: Option<[&'a str; 4]>,
    /// Product: manufacturer, name, part number, version, serial number, asset tag.
    pub product: Option<[&'a str; 6]>,
}

impl Inventory<'_> {
    /// The bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut areas = Vec::new();
        let mut header = vec![1u8, 0, 0, 0, 0, 0, 0];
        let mut place = |index: usize, area: Option<Vec<u8>>| {
            if let Some(area) = area {
                header[index] = u8::try_from(1 + areas.len() / 8).unwrap_or_default();
                areas.extend(area);
            }
        };
        place(2, self.chassis.map(|(kind, texts)| area(&[kind], &texts)));
        // English, made at the beginning of the epoch.
        place(
            3,
            self.board
                .map(|texts| area(&[0, 0, 0, 0], &with_file_id(&texts))),
        );
        place(
            4,
            self.product.map(|texts| area(&[0], &with_file_id(&texts))),
        );
        header.push(checksum(&header));
        header.extend(areas);
        header.resize(SIZE.max(header.len()), 0);
        header
    }
}

/// The FRU file id, empty, is the field after those given.
fn with_file_id<'a>(texts: &[&'a str]) -> Vec<&'a str> {
    texts.iter().copied().chain([""]).collect()
}

fn checksum(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0u8, |sum, byte| sum.wrapping_sub(*byte))
}

/// Version, length in eights, fixed fields, texts, end mark, padding, checksum.
fn area(fixed: &[u8], texts: &[&str]) -> Vec<u8> {
    let mut area = vec![1u8, 0];
    area.extend_from_slice(fixed);
    for text in texts {
        let bytes = text.as_bytes();
        let length = bytes.len().min(0x3f);
        area.push(0xc0 | u8::try_from(length).unwrap_or_default());
        area.extend_from_slice(&bytes[..length]);
    }
    area.push(0xc1);
    while (area.len() + 1) % 8 != 0 {
        area.push(0);
    }
    area[1] = u8::try_from((area.len() + 1) / 8).unwrap_or_default();
    area.push(checksum(&area));
    area
}

static EXAMPLES: LazyLock<Arc<HashMap<u8, Vec<u8>>>> = LazyLock::new(|| {
    let main = Inventory {
        chassis: Some((0x17, ["CH-100", "CH0001"])),
        board: Some(["Contoso", "Mainboard", "MB0001", "MB-100"]),
        product: Some(["Contoso", "3500RX", "P-100", "1.0", "SIM000001", "rack 1"]),
    };
    let supply = Inventory {
        board: Some(["Contoso", "Power Supply", "PS0001", "PS-800"]),
        ..Inventory::default()
    };
    Arc::new(HashMap::from([(0, main.encode()), (1, supply.encode())]))
});

/// The inventories of the example machine: 0 the machine, 1 a power supply.
pub(super) fn examples() -> Arc<HashMap<u8, Vec<u8>>> {
    Arc::clone(&EXAMPLES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_and_areas_sum_to_zero() {
        for bytes in EXAMPLES.values() {
            assert_eq!(checksum(&bytes[..8]), 0);
            for offset in bytes[2..5].iter().filter(|offset| **offset > 0) {
                let start = usize::from(*offset) * 8;
                let length = usize::from(bytes[start + 1]) * 8;
                assert_eq!(checksum(&bytes[start..start + length]), 0);
            }
        }
    }
}
