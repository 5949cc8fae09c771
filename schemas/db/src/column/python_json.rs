//! JSON text as Python's `json.dumps` writes it: ASCII only, `", "` and `": "` as separators, its
//! way of showing floats. A Python process that compares or hashes stored text sees no difference.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

/// The text of a value.
pub(crate) fn to_text<T: Serialize>(value: &T) -> serde_json::Result<String> {
    let mut bytes = Vec::with_capacity(128);
    value.serialize(&mut Serializer::with_formatter(&mut bytes, Python))?;
    String::from_utf8(bytes).map_err(serde::ser::Error::custom)
}

struct Python;

impl Formatter for Python {
    fn begin_array_value<W: ?Sized + Write>(&mut self, w: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { w.write_all(b", ") }
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, w: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { w.write_all(b", ") }
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, w: &mut W) -> io::Result<()> {
        w.write_all(b": ")
    }

    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        w: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(|c: char| !matches!(c, ' '..='~')) {
            let (plain, special) = rest.split_at(at);
            w.write_all(plain.as_bytes())?;
            let mut chars = special.chars();
            if let Some(c) = chars.next() {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(w, "\\u{unit:04x}")?;
                }
            }
            rest = chars.as_str();
        }
        w.write_all(rest.as_bytes())
    }

    fn write_f64<W: ?Sized + Write>(&mut self, w: &mut W, value: f64) -> io::Result<()> {
        w.write_all(python_float(value).as_bytes())
    }
}

/// `repr(float)`: the shortest digits, with an exponent below 1e-4 and from 1e16 on, which has a
/// sign and at least two digits.
fn python_float(value: f64) -> String {
    let magnitude = value.abs();
    if magnitude != 0.0 && !(1e-4..1e16).contains(&magnitude) {
        let text = format!("{value:e}");
        match text.split_once('e') {
            Some((digits, exponent)) => {
                let (sign, exponent) = match exponent.strip_prefix('-') {
                    Some(exponent) => ('-', exponent),
                    None => ('+', exponent),
                };
                format!("{digits}e{sign}{exponent:0>2}")
            }
            None => text,
        }
    } else {
        format!("{value:?}")
    }
}

#[cfg(test)]
mod tests {
    use super::to_text;
    use serde_json::json;

    #[test]
    fn separators_and_order_are_pythons() {
        let value = json!({"b": [1, 2.0, null, true], "a": {}, "c": []});
        assert_eq!(
            to_text(&value).unwrap(),
            r#"{"b": [1, 2.0, null, true], "a": {}, "c": []}"#
        );
    }

    #[test]
    fn text_is_ascii() {
        let value = json!("é\u{1F600}\u{7f}\n\"\\");
        assert_eq!(
            to_text(&value).unwrap(),
            r#""\u00e9\ud83d\ude00\u007f\n\"\\""#
        );
    }

    #[test]
    fn floats_are_pythons() {
        for (value, text) in [
            (1e16, "1e+16"),
            (1.5e-5, "1.5e-05"),
            (0.0001, "0.0001"),
            (123456789012345.6, "123456789012345.6"),
            (1e300, "1e+300"),
            (-2.0, "-2.0"),
            (0.0, "0.0"),
        ] {
            assert_eq!(to_text(&value).unwrap(), text);
        }
    }
}
