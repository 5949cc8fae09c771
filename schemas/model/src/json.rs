//! JSON that is usually only carried, seldom looked into.
//!
//! A node has a dozen JSON columns. A list of a thousand nodes must not parse and print twelve
//! thousand documents, so [`Doc`] keeps the text it came with and parses when somebody looks.
//!
//! Invariants
//! * text and parsed value never disagree: every change goes through [`Doc::edit`], which drops the text;
//! * text that does not parse as the wanted shape reads as the empty value (a NULL column does, too).

use std::sync::{Arc, LazyLock, OnceLock};

use serde_json::{Map, Value};

/// The parsed form of a [`Doc`]: a JSON object or a JSON array.
pub trait Shape:
    Clone + Default + PartialEq + serde::Serialize + serde::de::DeserializeOwned
{
    /// The text of the empty value.
    const EMPTY: &'static str;
    /// The same to be shared: a list of a thousand nodes has ten thousand of them.
    fn shared_empty() -> Arc<str>;
    /// Whether there is nothing inside.
    fn is_empty(&self) -> bool;
    /// The value as any JSON value.
    fn to_value(&self) -> Value;
}

static EMPTY_OBJECT: LazyLock<Arc<str>> = LazyLock::new(|| Arc::from("{}"));
static EMPTY_ARRAY: LazyLock<Arc<str>> = LazyLock::new(|| Arc::from("[]"));

impl Shape for Map<String, Value> {
    const EMPTY: &'static str = "{}";
    fn shared_empty() -> Arc<str> {
        Arc::clone(&EMPTY_OBJECT)
    }
    fn is_empty(&self) -> bool {
        Map::is_empty(self)
    }
    fn to_value(&self) -> Value {
        Value::Object(self.clone())
    }
}

impl Shape for Vec<Value> {
    const EMPTY: &'static str = "[]";
    fn shared_empty() -> Arc<str> {
        Arc::clone(&EMPTY_ARRAY)
    }
    fn is_empty(&self) -> bool {
        Vec::is_empty(self)
    }
    fn to_value(&self) -> Value {
        Value::Array(self.clone())
    }
}

/// A JSON object column: `driver_info`, `extra`, ...
pub type Object = Doc<Map<String, Value>>;
/// A JSON array column: `traits`, `conditions`, ...
pub type Array = Doc<Vec<Value>>;

/// A JSON document kept as text, parsed value, or both.
#[derive(Clone)]
pub struct Doc<T: Shape> {
    text: Option<Arc<str>>,
    parsed: OnceLock<Arc<T>>,
}

impl<T: Shape> Doc<T> {
    /// Wraps stored text without looking at it.
    pub fn from_text(text: impl Into<Arc<str>>) -> Self {
        Doc {
            text: Some(text.into()),
            parsed: OnceLock::new(),
        }
    }

    /// Wraps a parsed value.
    pub fn from_parsed(value: T) -> Self {
        Doc {
            text: None,
            parsed: OnceLock::from(Arc::new(value)),
        }
    }

    /// The parsed value; the empty one when the text is not of this shape.
    pub fn get(&self) -> &T {
        self.parsed.get_or_init(|| {
            Arc::new(
                self.text
                    .as_deref()
                    .and_then(|t| serde_json::from_str(t).ok())
                    .unwrap_or_default(),
            )
        })
    }

    /// The text this document was stored as, when it has not been changed since.
    pub fn stored_text(&self) -> Option<&str> {
        self.text.as_deref()
    }

    /// Changes the value in place.
    pub fn edit<R>(&mut self, change: impl FnOnce(&mut T) -> R) -> R {
        self.get();
        let mut value = self.parsed.take().unwrap_or_default();
        let result = change(Arc::make_mut(&mut value));
        self.text = None;
        self.parsed = OnceLock::from(value);
        result
    }

    /// Whether there is nothing inside; does not parse in the common case.
    pub fn is_empty(&self) -> bool {
        match (self.parsed.get(), self.text.as_deref()) {
            (None, Some(text)) if text == T::EMPTY => true,
            _ => self.get().is_empty(),
        }
    }

    /// The value as any JSON value (a copy).
    pub fn to_value(&self) -> Value {
        self.get().to_value()
    }
}

impl Object {
    /// One member.
    pub fn member(&self, key: &str) -> Option<&Value> {
        if self.is_empty() {
            None
        } else {
            self.get().get(key)
        }
    }

    /// One member if it is text.
    pub fn text_member(&self, key: &str) -> Option<&str> {
        self.member(key).and_then(Value::as_str)
    }

    /// Sets one member.
    pub fn set(&mut self, key: impl Into<String>, value: impl Into<Value>) {
        let (key, value) = (key.into(), value.into());
        self.edit(|map| map.insert(key, value));
    }

    /// Removes one member, keeping the order of the others.
    pub fn unset(&mut self, key: &str) -> Option<Value> {
        self.member(key)?;
        self.edit(|map| map.shift_remove(key))
    }
}

impl<T: Shape> Default for Doc<T> {
    fn default() -> Self {
        Doc::from_text(T::shared_empty())
    }
}

impl<T: Shape> PartialEq for Doc<T> {
    fn eq(&self, other: &Self) -> bool {
        match (&self.text, &other.text) {
            (Some(a), Some(b)) if a == b => true,
            _ => self.get() == other.get(),
        }
    }
}

impl<T: Shape> std::fmt::Debug for Doc<T> {
    /// Shows no content: JSON columns hold passwords.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.is_empty() { T::EMPTY } else { "<json>" })
    }
}

impl<T: Shape> From<T> for Doc<T> {
    fn from(value: T) -> Self {
        Doc::from_parsed(value)
    }
}

impl FromIterator<(String, Value)> for Object {
    fn from_iter<I: IntoIterator<Item = (String, Value)>>(members: I) -> Self {
        Doc::from_parsed(members.into_iter().collect())
    }
}

impl<T: Shape> serde::Serialize for Doc<T> {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        self.get().serialize(s)
    }
}

impl<'de, T: Shape> serde::Deserialize<'de> for Doc<T> {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        T::deserialize(d).map(Doc::from_parsed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_kept_until_edited() {
        let mut doc = Object::from_text(r#"{"a": 1}"#);
        assert_eq!(doc.stored_text(), Some(r#"{"a": 1}"#));
        doc.set("b", 2);
        assert_eq!(doc.stored_text(), None);
        assert_eq!(doc.to_value(), serde_json::json!({"a": 1, "b": 2}));
    }

    #[test]
    fn what_is_not_an_object_reads_as_empty() {
        assert!(Object::from_text("null").is_empty());
        assert!(Object::from_text("not json").is_empty());
        assert!(Array::from_text("{}").is_empty());
    }

    #[test]
    fn equality_is_of_values() {
        assert_eq!(
            Object::from_text(r#"{"a":1}"#),
            Object::from_text(r#"{"a": 1}"#)
        );
        assert_ne!(Object::from_text(r#"{"a":1}"#), Object::default());
    }

    #[test]
    fn debug_shows_no_content() {
        let doc = Object::from_text(r#"{"ipmi_password": "hunter2"}"#);
        assert!(!format!("{doc:?}").contains("hunter2"));
    }
}
