//! The kernel command line as a typed list: words of a strict grammar, never a string from outside.
//!
//! Anything that could end a line or start another command in iPXE or GRUB is refused
//! (the lesson of CVE-2026-46447).

use schemas_model::{Fault, Node, Object};
use serde_json::Value;

/// Longest command line (bytes) a kernel takes on x86.
const MAX_LENGTH: usize = 2048;

/// A checked command line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct KernelArguments(Vec<String>);

impl KernelArguments {
    /// Adds the words of a text.
    ///
    /// # Errors
    /// `InvalidParameterValue` naming the word and where it comes from.
    pub(crate) fn extend(&mut self, text: &str, from: &str, node: &Node) -> Result<(), Fault> {
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            self.push(word, from, node)?;
        }
        Ok(())
    }

    /// Adds members as `key=value` words.
    ///
    /// # Errors
    /// As [`KernelArguments::extend`].
    pub(crate) fn extend_members(
        &mut self,
        members: &Object,
        from: &str,
        node: &Node,
    ) -> Result<(), Fault> {
        for (key, value) in members.get() {
            let word = match value {
                Value::Null => key.clone(),
                Value::String(text) => format!("{key}={text}"),
                other => format!("{key}={other}"),
            };
            self.push(&word, from, node)?;
        }
        Ok(())
    }

    fn push(&mut self, word: &str, from: &str, node: &Node) -> Result<(), Fault> {
        let allowed = |c: char| {
            c.is_ascii_graphic()
                && !matches!(
                    c,
                    '"' | '\'' | '\\' | '`' | '|' | '&' | ';' | '$' | '<' | '>' | '{' | '}'
                )
        };
        if !word.chars().all(allowed) {
            return Err(Fault::invalid_parameter(format!(
                "Node {}: the kernel argument {word:?} from {from} has a character that is not allowed there.",
                node.uuid
            )));
        }
        let length: usize = self.0.iter().map(|known| known.len() + 1).sum();
        if length + word.len() > MAX_LENGTH {
            return Err(Fault::invalid_parameter(format!(
                "Node {}: the kernel command line is longer than {MAX_LENGTH} bytes; shorten {from}.",
                node.uuid
            )));
        }
        self.0.push(word.to_owned());
        Ok(())
    }
}

impl std::fmt::Display for KernelArguments {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use schemas_model::Uuid;

    fn built(text: &str) -> Result<String, Fault> {
        let node = Node::new(Uuid::random(), "ipmi");
        let mut arguments = KernelArguments::default();
        arguments.extend(text, "kernel_append_params", &node)?;
        Ok(arguments.to_string())
    }

    #[test]
    fn words_pass() {
        assert_eq!(
            built("nofb  vga=normal console=ttyS0,115200n8").unwrap(),
            "nofb vga=normal console=ttyS0,115200n8"
        );
    }

    #[test]
    fn injections_are_refused() {
        for text in [
            "a\nboot",
            "a\r",
            "a;reboot",
            "${net0/mac}",
            "a||b",
            "x`y`",
            "\u{0}",
            "a\tb",
        ] {
            assert!(built(text).is_err(), "{text:?}");
        }
        assert!(built(&"a".repeat(4096)).is_err());
    }
}
