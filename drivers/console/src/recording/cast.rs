//! The asciicast v2 format: a header line, then a JSON array a line: seconds, kind, text.

use schemas_model::Uuid;
use serde_json::json;

/// The first line of a file.
pub(super) fn header(node: &Uuid, timestamp: i64) -> String {
    let header = json!({
        "version": 2,
        "width": 80,
        "height": 25,
        "timestamp": timestamp,
        "title": format!("serial console of node {node}"),
        "env": {"TERM": "vt100"},
    });
    format!("{header}\n")
}

/// Turns bytes into lines of text; characters may arrive in pieces.
#[derive(Debug, Default)]
pub(super) struct Cast {
    /// The beginning of a character whose end is still to come: at most three bytes.
    tail: Vec<u8>,
}

impl Cast {
    /// A line of output; nothing while a character is incomplete.
    pub(super) fn output(&mut self, after: f64, bytes: &[u8]) -> Option<String> {
        let mut all = std::mem::take(&mut self.tail);
        all.extend_from_slice(bytes);
        let (complete, tail) = all.split_at(all.len() - incomplete(&all));
        self.tail = tail.to_vec();
        let text = String::from_utf8_lossy(complete);
        (!text.is_empty()).then(|| line(after, "o", &text))
    }

    /// A remark.
    pub(super) fn marker(&self, after: f64, text: &str) -> String {
        line(after, "m", text)
    }

    pub(super) fn take_tail(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.tail)
    }

    pub(super) fn set_tail(&mut self, tail: Vec<u8>) {
        self.tail = tail;
    }
}

fn line(after: f64, kind: &str, text: &str) -> String {
    let after = (after * 1e6).round() / 1e6;
    format!("{}\n", json!([after, kind, text]))
}

/// Bytes at the end that begin a UTF-8 character and do not end it.
fn incomplete(bytes: &[u8]) -> usize {
    match std::str::from_utf8(bytes) {
        Ok(_) => 0,
        Err(error) if error.error_len().is_none() => bytes.len() - error.valid_up_to(),
        // Wrong in the middle: only what follows the last wrong byte counts.
        Err(error) => {
            let skip = error.valid_up_to() + error.error_len().unwrap_or(1);
            bytes.get(skip..).map_or(0, incomplete)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_may_come_in_pieces() {
        let mut cast = Cast::default();
        let bytes = "ä€".as_bytes();
        assert_eq!(cast.output(0.5, &bytes[..1]), None);
        assert_eq!(
            cast.output(1.0, &bytes[1..3]).as_deref(),
            Some("[1.0,\"o\",\"ä\"]\n")
        );
        assert_eq!(
            cast.output(1.25, &bytes[3..]).as_deref(),
            Some("[1.25,\"o\",\"€\"]\n")
        );
    }

    #[test]
    fn wrong_bytes_and_control_characters_make_valid_json() {
        let mut cast = Cast::default();
        let line = cast.output(2.0, b"\xff\x1b[2J\"\\\n").unwrap();
        let parsed: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(parsed[2], "\u{fffd}\u{1b}[2J\"\\\n");
        assert_eq!(line.matches('\n').count(), 1);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_a_line_of_json(pieces in proptest::collection::vec(
            proptest::collection::vec(proptest::num::u8::ANY, 0..40), 0..20)) {
            let mut cast = Cast::default();
            for piece in &pieces {
                if let Some(line) = cast.output(0.0, piece) {
                    proptest::prop_assert!(serde_json::from_str::<serde_json::Value>(&line).is_ok());
                }
                proptest::prop_assert!(cast.tail.len() <= 3);
            }
        }
    }
}
