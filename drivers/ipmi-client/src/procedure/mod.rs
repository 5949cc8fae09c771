//! What takes several commands within one operation.

mod boot;
mod fru;
mod outcome;
mod power;
mod reset;
mod sdr;
mod sel;

pub use reset::ResetKind;
pub use sdr::Sensor;
