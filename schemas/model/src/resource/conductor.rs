//! A conductor process and the interfaces it offers.

use crate::ids::ConductorId;
use crate::interface::InterfaceKind;
use crate::time::Timestamp;

/// A registered conductor. Every column of its table.
#[derive(Clone, Debug, PartialEq)]
#[allow(
    missing_docs,
    reason = "the fields are Ironic's, documented by its API reference"
)]
pub struct Conductor {
    pub id: ConductorId,
    pub hostname: String,
    pub drivers: Vec<String>,
    pub online: bool,
    pub conductor_group: String,
    pub created_at: Option<Timestamp>,
    pub updated_at: Option<Timestamp>,
}

/// One interface a conductor offers for a hardware type (`conductor_hardware_interfaces`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConductorInterface {
    /// Which conductor.
    pub conductor_id: ConductorId,
    /// For which hardware type.
    pub hardware_type: String,
    /// What kind of interface.
    pub kind: InterfaceKind,
    /// Its name.
    pub name: String,
    /// Whether nodes get it when they name none.
    pub default: bool,
}
