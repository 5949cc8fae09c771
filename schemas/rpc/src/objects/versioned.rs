//! A domain object as it travels.

use schemas_model::ids::Uuid;
use serde_json::{Map, Value};

use super::release::Pin;
use super::{FieldSet, Object};
use crate::version::Version;
use crate::wire::{Mismatch, Wire, kind};

const NAMESPACE: &str = "ironic";

/// A domain object, which of its fields are set, and which of those have changed.
///
/// Creation requests carry only what was given; update requests carry the whole object and name the
/// changed fields; replies carry everything and no changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Versioned<T: Object> {
    /// The object. Fields that are not set hold the values of [`Object::blank`].
    pub object: T,
    /// The fields that are set.
    pub set: FieldSet,
    /// The fields that are new, by name as on the wire.
    pub changes: FieldSet,
    /// Fields of the versioned object without a place in the domain type (`node_uuid` of ports).
    pub beside: Map<String, Value>,
}

impl<T: Object> From<T> for Versioned<T> {
    /// A whole object without changes: what replies carry.
    fn from(object: T) -> Self {
        Versioned {
            object,
            set: FieldSet::first(T::ROWS.len()),
            changes: FieldSet::EMPTY,
            beside: Map::new(),
        }
    }
}

impl<T: Object> Versioned<T> {
    /// A whole object of which the named fields are new: what update requests carry.
    /// Names the object does not have are ignored.
    pub fn changed<'a>(object: T, changes: impl IntoIterator<Item = &'a str>) -> Self {
        let mut carried = Versioned::from(object);
        carried.changes = fields::<T>(changes);
        carried
    }

    /// An object of which only the named fields are given, all of them new: what creation requests
    /// carry. Names the object does not have are ignored.
    pub fn partial<'a>(object: T, given: impl IntoIterator<Item = &'a str>) -> Self {
        let given = fields::<T>(given);
        Versioned {
            object,
            set: given,
            changes: given,
            beside: Map::new(),
        }
    }

    /// The same with the UUID of the node that ports and port groups show beside the node's number.
    #[must_use]
    pub fn with_node_uuid(mut self, node: Option<&Uuid>) -> Self {
        self.beside.insert(
            "node_uuid".to_owned(),
            node.map_or(Value::Null, Wire::to_wire),
        );
        self
    }

    /// The node's UUID, where [`Versioned::with_node_uuid`] or the sender put it.
    pub fn node_uuid(&self) -> Option<&str> {
        self.beside.get("node_uuid").and_then(Value::as_str)
    }

    /// Whether a field is set.
    pub fn has(&self, field: &str) -> bool {
        position::<T>(field).is_some_and(|row| self.set.contains(row))
    }

    /// Whether a field is new.
    pub fn is_changed(&self, field: &str) -> bool {
        position::<T>(field).is_some_and(|row| self.changes.contains(row))
    }

    /// The names of the new fields, in table order.
    pub fn changed_fields(&self) -> impl Iterator<Item = &'static str> {
        names::<T>(self.changes)
    }

    /// The names of the fields that are set, in table order.
    pub fn set_fields(&self) -> impl Iterator<Item = &'static str> {
        names::<T>(self.set)
    }

    /// The JSON form in the version of a pinned release: newer fields are left out.
    pub fn to_wire_pinned(&self, pin: Pin) -> Value {
        let version = pin.object(T::NAME, T::VERSION);
        let mut data = Map::with_capacity(T::ROWS.len());
        for (index, row) in T::ROWS.iter().enumerate() {
            if self.set.contains(index) && row.since <= version.minor {
                data.insert(row.name.to_owned(), (row.get)(self));
            }
        }
        // A converted object carries no changes (Ironic 39.0.0): they would name fields it lost.
        let changes = if version == T::VERSION {
            self.changed_fields().map(str::to_owned).collect()
        } else {
            Vec::new()
        };
        let primitive = Primitive {
            name: T::NAME.to_owned(),
            version,
            data,
            changes,
        };
        primitive.into_wire()
    }
}

impl<T: Object> Wire for Versioned<T> {
    fn to_wire(&self) -> Value {
        self.to_wire_pinned(Pin::NONE)
    }

    fn from_wire(value: Value) -> Result<Self, Mismatch> {
        let primitive = Primitive::from_wire(value)?;
        if primitive.name != T::NAME {
            return Err(Mismatch::OtherObject {
                expected: T::NAME,
                got: primitive.name,
            });
        }
        if !T::VERSION.understands(primitive.version) {
            return Err(Mismatch::ObjectVersion {
                object: T::NAME,
                got: primitive.version,
                supported: T::VERSION,
            });
        }
        let mut carried = Versioned {
            object: T::blank(),
            set: FieldSet::EMPTY,
            changes: fields::<T>(primitive.changes.iter().map(String::as_str)),
            beside: Map::new(),
        };
        for (name, value) in primitive.data {
            // Unknown fields are dropped, as an older minor of the sender's own line would have them.
            let Some(index) = position::<T>(&name) else {
                continue;
            };
            let Some(row) = T::ROWS.get(index) else {
                continue;
            };
            (row.set)(&mut carried, value).map_err(|mismatch| Mismatch::Field {
                object: T::NAME,
                field: row.name,
                mismatch: Box::new(mismatch),
            })?;
            carried.set.insert(index);
        }
        Ok(carried)
    }
}

impl<T: Wire> Wire for Box<T> {
    fn to_wire(&self) -> Value {
        T::to_wire(self)
    }
    fn from_wire(value: Value) -> Result<Self, Mismatch> {
        T::from_wire(value).map(Box::new)
    }
}

fn position<T: Object>(field: &str) -> Option<usize> {
    T::ROWS.iter().position(|row| row.name == field)
}

fn fields<'a, T: Object>(names: impl IntoIterator<Item = &'a str>) -> FieldSet {
    let mut set = FieldSet::EMPTY;
    for row in names.into_iter().filter_map(position::<T>) {
        set.insert(row);
    }
    set
}

fn names<T: Object>(set: FieldSet) -> impl Iterator<Item = &'static str> {
    T::ROWS
        .iter()
        .enumerate()
        .filter(move |(index, _)| set.contains(*index))
        .map(|(_, row)| row.name)
}

/// Any versioned object, with its fields still JSON.
#[derive(Clone, Debug, PartialEq)]
pub struct Primitive {
    /// `ironic_object.name`
    pub name: String,
    /// `ironic_object.version`
    pub version: Version,
    /// `ironic_object.data`
    pub data: Map<String, Value>,
    /// `ironic_object.changes`; written only when there are any.
    pub changes: Vec<String>,
}

impl Primitive {
    /// The JSON form.
    pub fn into_wire(self) -> Value {
        let mut object = Map::with_capacity(5);
        object.insert("ironic_object.name".into(), self.name.into());
        object.insert("ironic_object.namespace".into(), NAMESPACE.into());
        object.insert(
            "ironic_object.version".into(),
            self.version.to_string().into(),
        );
        object.insert("ironic_object.data".into(), self.data.into());
        if !self.changes.is_empty() {
            object.insert("ironic_object.changes".into(), self.changes.into());
        }
        object.into()
    }

    /// Reads the JSON form.
    ///
    /// # Errors
    /// [`Mismatch`] when the value is not a versioned object of this project.
    pub fn from_wire(value: Value) -> Result<Self, Mismatch> {
        let not_an_object = |got: &'static str| Mismatch::Type {
            expected: "a versioned object",
            got,
        };
        let got = kind(&value);
        let Value::Object(mut object) = value else {
            return Err(not_an_object(got));
        };
        let mut take = |key: &str| object.remove(key);
        match (
            take("ironic_object.name"),
            take("ironic_object.namespace"),
            take("ironic_object.version"),
            take("ironic_object.data"),
        ) {
            (
                Some(Value::String(name)),
                Some(Value::String(namespace)),
                Some(Value::String(version)),
                Some(Value::Object(data)),
            ) if namespace == NAMESPACE => Ok(Primitive {
                name,
                version: version
                    .parse()
                    .map_err(|_| not_an_object("a malformed version"))?,
                data,
                changes: Vec::from_wire(take("ironic_object.changes").unwrap_or_default())?,
            }),
            _ => Err(not_an_object(got)),
        }
    }
}
