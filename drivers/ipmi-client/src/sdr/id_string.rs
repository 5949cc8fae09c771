//! Names in records: a type/length byte, then text in one of four encodings (IPMI 2.0 §43.15).

use super::text::{bcd_plus, packed_ascii};

/// Decodes the text after a type/length byte, up to the first NUL; what is missing of it is left out.
pub(super) fn decode(type_length: u8, bytes: &[u8]) -> String {
    let len = usize::from(type_length & 0x1f).min(bytes.len());
    let bytes = bytes.get(..len).unwrap_or_default();
    let text = match type_length >> 6 {
        0b00 => String::from_utf8_lossy(bytes).into_owned(),
        0b01 => bcd_plus(bytes),
        0b10 => packed_ascii(bytes),
        _ => bytes.iter().map(|byte| char::from(*byte)).collect(),
    };
    text.split('\0').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn four_encodings() {
        assert_eq!(decode(0xc5, b"Temp1"), "Temp1");
        assert_eq!(decode(0xc5, b"Temp\0"), "Temp");
        assert_eq!(decode(0xc5, b"CPU \0"), "CPU ", "a space is part of a name");
        assert_eq!(decode(0x42, &[0x12, 0xb4]), "12-4");
        // The specification's example: "IPMI" packs into 29 dc a6.
        assert_eq!(decode(0x83, &[0x29, 0xdc, 0xa6]), "IPMI");
        assert_eq!(decode(0x03, "äx".as_bytes()), "äx");
    }

    #[test]
    fn a_length_beyond_the_record_is_cut() {
        assert_eq!(decode(0xdf, b"ab"), "ab");
        assert_eq!(decode(0xc0, b""), "");
    }
}
