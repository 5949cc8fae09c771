//! Sensor data records: what a sensor is and how its raw reading becomes a number
//! (IPMI 2.0 §33, §36, §43).
//!
//! `ipmi-rs-core` has these records too; it is not used here because it panics on a truncated
//! sensor record and mixes up four of the linearizations.

mod any;
mod conversion;
mod id_string;
mod record;
pub(crate) mod text;

pub use any::{
    Association, Confirmation, ControllerLocator, DeviceLocator, Entity, EventOnly, FruLocator,
    Record,
};
pub use conversion::{AnalogFormat, Conversion, Factors, Linearization};
pub use record::{
    Full, RecordKind, SensorRecord, THRESHOLDS, Threshold, ThresholdAccess, Thresholds, Unit,
    UnitRelation,
};
