//! Rows: what a table holds, and the conversion to and from the domain.
//!
//! Conversions take values apart exhaustively, so that a new column or field cannot be forgotten.

mod chassis;
mod conductor;
mod node;
mod port;
mod record;
pub(crate) mod version;

pub(crate) use chassis::ChassisRow;
pub(crate) use conductor::{ConductorInterfaceRow, ConductorRow};
pub(crate) use node::{NodeChanges, NodeRow};
pub(crate) use port::PortRow;
