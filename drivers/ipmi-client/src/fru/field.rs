//! One field: a type/length byte, then bytes in one of four encodings (§13 of the definition).

use crate::sdr::text;

/// Decodes the bytes after a type/length byte. Text in 8-bit form is UTF-16 where the language is
/// not English (codes 0 and 25).
pub(super) fn decode(type_length: u8, bytes: &[u8], language: u8) -> String {
    let text = match type_length >> 6 {
        0b00 => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        0b01 => text::bcd_plus(bytes),
        0b10 => text::packed_ascii(bytes),
        _ if matches!(language, 0 | 25) => bytes.iter().map(|byte| char::from(*byte)).collect(),
        _ => utf16(bytes),
    };
    // What is shown to operators holds no control characters.
    text.trim_end_matches(['\0', ' '])
        .chars()
        .filter(|character| !character.is_control())
        .collect()
}

fn utf16(bytes: &[u8]) -> String {
    let units = bytes.chunks_exact(2).map(|pair| match pair {
        [low, high] => u16::from_le_bytes([*low, *high]),
        _ => 0,
    });
    char::decode_utf16(units)
        .map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn four_encodings_and_two_languages() {
        assert_eq!(decode(0x02, &[0xde, 0xad], 0), "dead");
        assert_eq!(decode(0x42, &[0x12, 0xb4], 0), "12-4");
        assert_eq!(decode(0x83, &[0x29, 0xdc, 0xa6], 0), "IPMI");
        assert_eq!(decode(0xc4, b"ab \0", 0), "ab");
        assert_eq!(decode(0xc4, &[0xe4, 0, 0x42, 0], 5), "äB");
        assert_eq!(decode(0xc3, b"a\x1bb", 0), "ab");
    }
}
