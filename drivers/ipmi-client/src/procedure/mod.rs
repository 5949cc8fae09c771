//! What takes several commands within one operation.

mod boot;
mod reset;

pub use reset::ResetKind;
