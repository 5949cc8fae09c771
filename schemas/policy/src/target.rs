//! What is known about the thing that is asked for.

use std::collections::BTreeMap;

/// Attributes of the thing, by the names that rules use (`node.owner`, `allocation.owner`, ...).
/// What is not here is looked up in the credentials, because Ironic adds those to every target.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Target {
    attributes: BTreeMap<String, String>,
}

impl Target {
    /// Adds an attribute. One that is known to be nothing is `None` to rules, and equals the
    /// `None` of a system-scoped user's project; one that is not added makes its checks deny.
    pub fn with(mut self, name: &str, value: Option<impl Into<String>>) -> Self {
        let value = value.map_or_else(|| "None".to_owned(), Into::into);
        self.attributes.insert(name.to_owned(), value);
        self
    }

    /// The text of an attribute.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }
}
