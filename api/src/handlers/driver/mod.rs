//! Drivers (hardware types some conductor has), a file a verb.

pub mod known;
pub mod list;
pub mod properties;
pub mod raid;
pub mod show;
pub mod vendor_passthru;
