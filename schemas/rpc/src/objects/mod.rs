//! Versioned objects: domain types with a version, which fields are set, and which have changed.
//!
//! Each object is ONE table of rows (a field, the minor version it came with, how it is read and
//! written); decoding, encoding and backporting to a pinned release follow from it.
//! Source: Ironic 39.0.0, `versioned-objects` and messages as observed.

mod allocation;
mod bios_setting;
mod chassis;
mod field_set;
mod firmware_component;
mod node;
mod port;
mod portgroup;
pub mod release;
mod row;
mod traits;
mod versioned;
mod volume_connector;
mod volume_target;

pub use field_set::FieldSet;
pub use row::Row;
pub use versioned::{Primitive, Versioned};

use crate::version::Version;

/// A domain type that travels as a versioned object.
pub trait Object: Clone + PartialEq + std::fmt::Debug + Send + Sync + 'static {
    /// The object's name on the wire.
    const NAME: &'static str;
    /// The newest version (Ironic 39.0.0).
    const VERSION: Version;
    /// Every field, in the order it is written. At most 128.
    const ROWS: &'static [Row<Self>];

    /// The object with nothing known, to be filled field by field.
    fn blank() -> Self;
}
