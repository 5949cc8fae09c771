//! What an action found out, for people and for machines.

use serde_json::Value;

/// Both forms of the same.
pub(super) struct Report {
    /// Lines for people.
    pub lines: Vec<String>,
    /// One document for machines.
    pub json: Value,
}

impl Report {
    /// The form that was asked for.
    pub(super) fn shown(self, json: bool) -> Vec<String> {
        if json {
            vec![self.json.to_string()]
        } else {
            self.lines
        }
    }
}

/// Text of a BMC for a terminal: without what would move the cursor or change colours.
pub(super) fn printable(text: &str) -> String {
    text.chars()
        .map(|character| {
            if character.is_control() {
                '?'
            } else {
                character
            }
        })
        .collect()
}
