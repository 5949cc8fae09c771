//! The packed encodings of text that records and inventories share (IPMI 2.0 §43.15).

/// Two digits a byte, most significant first.
pub(crate) fn bcd_plus(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', ' ', '-', '.', ':', ',', '_',
    ];
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 0x0f])
        .filter_map(|digit| DIGITS.get(usize::from(digit)))
        .collect()
}

/// Four characters in three bytes, least significant first, starting at the space character.
pub(crate) fn packed_ascii(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let packed = chunk
            .iter()
            .rev()
            .fold(0u32, |packed, byte| packed << 8 | u32::from(*byte));
        let characters = chunk.len() * 8 / 6;
        for index in 0..characters {
            let six = (packed >> (6 * index)) & 0x3f;
            text.extend(char::from_u32(six + 0x20));
        }
    }
    text
}
