//! How one value is written as JSON in arguments and object fields.
//!
//! Columns that are never NULL in the database are nullable in Ironic's objects, so `null` reads as
//! the default of texts, flags and lists.

use schemas_model::boot::BootMode;
use schemas_model::health::Health;
use schemas_model::ids::{
    AllocationId, ChassisId, ConductorId, NodeId, PortId, PortgroupId, Uuid, VolumeConnectorId,
    VolumeTargetId,
};
use schemas_model::json::{Doc, Object, Shape};
use schemas_model::power::PowerState;
use schemas_model::provision::{State, Verb};
use schemas_model::secret::Secret;
use schemas_model::time::Timestamp;
use schemas_model::{AllocationState, error::UnknownWord};
use serde_json::{Map, Value};

use crate::version::Version;

/// A value that does not fit the type it should have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Mismatch {
    /// Another JSON type.
    #[error("expected {expected}, got {got}")]
    Type {
        /// What would have fitted.
        expected: &'static str,
        /// The JSON type that came.
        got: &'static str,
    },
    /// A number that does not fit its column.
    #[error("the number is out of range")]
    Range,
    /// Text that is not one of the known words.
    #[error(transparent)]
    Word(#[from] UnknownWord),
    /// A field of a versioned object.
    #[error("{object}.{field}: {mismatch}")]
    Field {
        /// The object's name.
        object: &'static str,
        /// The field's name.
        field: &'static str,
        /// What does not fit.
        mismatch: Box<Mismatch>,
    },
    /// Another object than the method takes.
    #[error("expected a {expected} object, got a {got} object")]
    OtherObject {
        /// The object's name.
        expected: &'static str,
        /// The name that came.
        got: String,
    },
    /// An object from a newer release.
    #[error("Version {got} of {object} is not supported, supported version is {supported}")]
    ObjectVersion {
        /// The object's name.
        object: &'static str,
        /// The version that came.
        got: Version,
        /// The newest version that is understood.
        supported: Version,
    },
}

/// The name of a value's JSON type.
pub fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn mismatch(expected: &'static str, value: &Value) -> Mismatch {
    Mismatch::Type {
        expected,
        got: kind(value),
    }
}

/// A type with one JSON form on the wire.
pub trait Wire: Sized {
    /// The JSON form.
    fn to_wire(&self) -> Value;

    /// Reads the JSON form.
    ///
    /// # Errors
    /// [`Mismatch`] when the value does not fit.
    fn from_wire(value: Value) -> Result<Self, Mismatch>;
}

impl<T: Wire> Wire for Option<T> {
    fn to_wire(&self) -> Value {
        self.as_ref().map_or(Value::Null, Wire::to_wire)
    }
    fn from_wire(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::Null => Ok(None),
            value => T::from_wire(value).map(Some),
        }
    }
}

impl Wire for Value {
    fn to_wire(&self) -> Value {
        self.clone()
    }
    fn from_wire(value: Value) -> Result<Self, Mismatch> {
        Ok(value)
    }
}

impl Wire for Map<String, Value> {
    fn to_wire(&self) -> Value {
        Value::Object(self.clone())
    }
    fn from_wire(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::Object(map) => Ok(map),
            other => Err(mismatch("an object", &other)),
        }
    }
}

impl Wire for bool {
    fn to_wire(&self) -> Value {
        Value::Bool(*self)
    }
    fn from_wire(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::Bool(flag) => Ok(flag),
            Value::Null => Ok(false),
            other => Err(mismatch("a boolean", &other)),
        }
    }
}

impl Wire for String {
    fn to_wire(&self) -> Value {
        Value::String(self.clone())
    }
    fn from_wire(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::String(text) => Ok(text),
            Value::Null => Ok(String::new()),
            other => Err(mismatch("text", &other)),
        }
    }
}

impl Wire for Secret {
    fn to_wire(&self) -> Value {
        Value::String(self.expose().clone())
    }
    fn from_wire(value: Value) -> Result<Self, Mismatch> {
        String::from_wire(value).map(Secret::new)
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn to_wire(&self) -> Value {
        self.iter().map(Wire::to_wire).collect()
    }
    fn from_wire(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::Array(items) => items.into_iter().map(T::from_wire).collect(),
            Value::Null => Ok(Vec::new()),
            other => Err(mismatch("a list", &other)),
        }
    }
}

/// `null` stays `null`: the text of the document is kept.
impl Wire for Object {
    fn to_wire(&self) -> Value {
        document(self)
    }
    fn from_wire(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::Object(map) => Ok(Doc::from_parsed(map)),
            Value::Null => Ok(Doc::from_text("null")),
            other => Err(mismatch("an object", &other)),
        }
    }
}

fn document<T: Shape>(doc: &Doc<T>) -> Value {
    match doc.stored_text() {
        Some("null") => Value::Null,
        _ => doc.to_value(),
    }
}

/// Whole seconds and a `Z` (Ironic 39.0.0, observed); fractions are accepted.
impl Wire for Timestamp {
    fn to_wire(&self) -> Value {
        Value::String(self.format("%Y-%m-%dT%H:%M:%SZ").to_string())
    }
    fn from_wire(value: Value) -> Result<Self, Mismatch> {
        let text = match value {
            Value::String(text) => text,
            other => return Err(mismatch("a date and time", &other)),
        };
        Timestamp::parse_from_str(&text, "%Y-%m-%dT%H:%M:%S%.fZ").or_else(|_| {
            chrono::DateTime::parse_from_rfc3339(&text)
                .map(|moment| moment.naive_utc())
                .map_err(|_| {
                    Mismatch::Word(UnknownWord {
                        what: "date and time",
                        word: text,
                    })
                })
        })
    }
}

impl Wire for Uuid {
    fn to_wire(&self) -> Value {
        Value::String(self.as_str().to_owned())
    }
    fn from_wire(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::String(text) => Ok(Uuid::parse(&text)?),
            other => Err(mismatch("a UUID", &other)),
        }
    }
}

macro_rules! integers {
    ($($type:ty),+) => {$(
        impl Wire for $type {
            fn to_wire(&self) -> Value {
                Value::from(*self)
            }
            fn from_wire(value: Value) -> Result<Self, Mismatch> {
                match value.as_i64() {
                    Some(number) => number.try_into().map_err(|_| Mismatch::Range),
                    None => Err(mismatch("a whole number", &value)),
                }
            }
        }
    )+};
}
integers!(i32, i64);

macro_rules! identifiers {
    ($($type:ident),+) => {$(
        impl Wire for $type {
            fn to_wire(&self) -> Value {
                self.0.to_wire()
            }
            fn from_wire(value: Value) -> Result<Self, Mismatch> {
                i32::from_wire(value).map($type)
            }
        }
    )+};
}
identifiers!(
    AllocationId,
    ChassisId,
    ConductorId,
    NodeId,
    PortId,
    PortgroupId,
    VolumeConnectorId,
    VolumeTargetId
);

macro_rules! words {
    ($($type:ty),+) => {$(
        impl Wire for $type {
            fn to_wire(&self) -> Value {
                Value::String(self.as_str().to_owned())
            }
            fn from_wire(value: Value) -> Result<Self, Mismatch> {
                match value {
                    Value::String(text) => Ok(text.parse()?),
                    other => Err(mismatch("text", &other)),
                }
            }
        }
    )+};
}
words!(AllocationState, BootMode, Health, PowerState, State, Verb);

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn times_lose_their_fraction() {
        let read = Timestamp::from_wire(json!("2026-11-20T17:52:56.865075Z")).unwrap();
        assert_eq!(read.to_wire(), json!("2026-11-20T17:52:56Z"));
        let zoned = Timestamp::from_wire(json!("2026-11-20T18:52:56+01:00")).unwrap();
        assert_eq!(zoned.to_wire(), json!("2026-11-20T17:52:56Z"));
        assert!(Timestamp::from_wire(json!("yesterday")).is_err());
    }

    #[test]
    fn null_documents_stay_null() {
        let doc = Object::from_wire(Value::Null).unwrap();
        assert!(doc.is_empty());
        assert_eq!(doc.to_wire(), Value::Null);
    }

    #[test]
    fn numbers_are_range_checked() {
        assert_eq!(
            i32::from_wire(json!(3_000_000_000_u32)),
            Err(Mismatch::Range)
        );
        assert!(NodeId::from_wire(json!("1")).is_err());
    }
}
