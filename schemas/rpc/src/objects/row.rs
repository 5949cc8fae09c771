//! One field of a versioned object.

use serde_json::Value;

use super::Versioned;
use crate::wire::Mismatch;

/// A field: its name, since when it exists, and how it is read and written.
pub struct Row<T: super::Object> {
    /// The name on the wire.
    pub name: &'static str,
    /// The minor version of the object it came with.
    pub since: u16,
    /// Writes it.
    pub get: fn(&Versioned<T>) -> Value,
    /// Reads it.
    pub set: fn(&mut Versioned<T>, Value) -> Result<(), Mismatch>,
}

/// A row for a field that is a plain member of the domain type:
/// `row!("name", name, since 10)`; the minor version defaults to 0.
macro_rules! row {
    ($name:literal, $field:ident) => {
        row!($name, $field, since 0)
    };
    ($name:literal, $field:ident, since $since:literal) => {
        $crate::objects::Row {
            name: $name,
            since: $since,
            get: |carried| $crate::wire::Wire::to_wire(&carried.object.$field),
            set: |carried, value| {
                carried.object.$field = $crate::wire::Wire::from_wire(value)?;
                Ok(())
            },
        }
    };
}

/// A row for a field the domain type has no place for; it is carried beside it:
/// `beside!("node_uuid", since 11)`.
macro_rules! beside {
    ($name:literal, since $since:literal) => {
        $crate::objects::Row {
            name: $name,
            since: $since,
            get: |carried| {
                carried
                    .beside
                    .get($name)
                    .cloned()
                    .unwrap_or(serde_json::Value::Null)
            },
            set: |carried, value| {
                carried.beside.insert($name.to_owned(), value);
                Ok(())
            },
        }
    };
}

pub(super) use {beside, row};
