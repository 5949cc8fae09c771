//! THE API table: which operations exist, where, since when, under which policy, with which
//! parameters and which body.
//!
//! A [`Family`] is what shares one `Allow` header: a collection and its members. Routing
//! ([`route`]), the parameter checks ([`crate::params`]) and the OpenAPI document read these rows.
//! Source: Ironic 39.0.0, `ironic.api.controllers.v1`, observed.

mod chassis;
mod family;
mod infrastructure;
mod node;
mod port;
mod provisioning;
mod ramdisk;
mod volume;

pub mod id;
pub mod param;
pub mod route;

pub use family::{Body, Family, Gate, Lookup, Method, Operation, Reached};
pub use id::OperationId;
pub use param::{Early, Kind, Param};

/// Every family of the API.
pub const FAMILIES: &[&[Family]] = &[
    node::FAMILIES,
    port::FAMILIES,
    chassis::FAMILIES,
    infrastructure::FAMILIES,
    volume::FAMILIES,
    provisioning::FAMILIES,
    ramdisk::FAMILIES,
];

/// Every family, one after the other.
pub fn families() -> impl Iterator<Item = &'static Family> {
    FAMILIES.iter().flat_map(|group| group.iter())
}

/// Every operation with the family it belongs to.
pub fn operations() -> impl Iterator<Item = (&'static Family, &'static Operation)> {
    families().flat_map(|family| family.operations.iter().map(move |op| (family, op)))
}
