//! Sensors of a chassis: `Thermal` (fans, temperatures) and `Power` (supplies).

use super::status::Status;
use crate::{Result, document::Field};

/// One of `Thermal.Fans`.
#[derive(Debug, Clone, PartialEq)]
pub struct Fan {
    /// `MemberId`.
    pub member_id: Option<String>,
    /// `Name`.
    pub name: Option<String>,
    /// `Reading`, in [`Fan::units`].
    pub reading: Option<f64>,
    /// `ReadingUnits`, `RPM` or `Percent`.
    pub units: Option<String>,
    /// `MinReadingRange`.
    pub min: Option<f64>,
    /// `MaxReadingRange`.
    pub max: Option<f64>,
    /// `SerialNumber`.
    pub serial_number: Option<String>,
    /// `PhysicalContext`.
    pub physical_context: Option<String>,
    /// `Status`.
    pub status: Status,
}

/// One of `Thermal.Temperatures`.
#[derive(Debug, Clone, PartialEq)]
pub struct Temperature {
    /// `MemberId`.
    pub member_id: Option<String>,
    /// `Name`.
    pub name: Option<String>,
    /// `ReadingCelsius`.
    pub celsius: Option<f64>,
    /// `MinReadingRangeTemp`, Celsius.
    pub min: Option<f64>,
    /// `MaxReadingRangeTemp`, Celsius.
    pub max: Option<f64>,
    /// `SensorNumber`.
    pub number: Option<i64>,
    /// `PhysicalContext`.
    pub physical_context: Option<String>,
    /// `Status`.
    pub status: Status,
}

/// One of `Power.PowerSupplies`.
#[derive(Debug, Clone, PartialEq)]
pub struct PowerSupply {
    /// `MemberId`.
    pub member_id: Option<String>,
    /// `Name`.
    pub name: Option<String>,
    /// `PowerCapacityWatts`.
    pub capacity_watts: Option<f64>,
    /// `LineInputVoltage`, volts.
    pub line_input_voltage: Option<f64>,
    /// `LastPowerOutputWatts`.
    pub last_output_watts: Option<f64>,
    /// `SerialNumber`.
    pub serial_number: Option<String>,
    /// `Status`.
    pub status: Status,
}

fn text(field: &Field<'_>, name: &str) -> Result<Option<String>> {
    field.field(name).scalar_text()
}

impl Fan {
    /// Reads an item of `Fans`.
    pub fn of(field: &Field<'_>) -> Result<Self> {
        Ok(Fan {
            member_id: text(field, "MemberId")?,
            name: match text(field, "Name")? {
                None => text(field, "FanName")?,
                name => name,
            },
            reading: field.field("Reading").number()?,
            units: text(field, "ReadingUnits")?,
            min: field.field("MinReadingRange").number()?,
            max: field.field("MaxReadingRange").number()?,
            serial_number: text(field, "SerialNumber")?,
            physical_context: text(field, "PhysicalContext")?,
            status: Status::of(field)?,
        })
    }
}

impl Temperature {
    /// Reads an item of `Temperatures`.
    pub fn of(field: &Field<'_>) -> Result<Self> {
        Ok(Temperature {
            member_id: text(field, "MemberId")?,
            name: text(field, "Name")?,
            celsius: field.field("ReadingCelsius").number()?,
            min: field.field("MinReadingRangeTemp").number()?,
            max: field.field("MaxReadingRangeTemp").number()?,
            number: field.field("SensorNumber").integer()?,
            physical_context: text(field, "PhysicalContext")?,
            status: Status::of(field)?,
        })
    }
}

impl PowerSupply {
    /// Reads an item of `PowerSupplies`.
    pub fn of(field: &Field<'_>) -> Result<Self> {
        Ok(PowerSupply {
            member_id: text(field, "MemberId")?,
            name: text(field, "Name")?,
            capacity_watts: field.field("PowerCapacityWatts").number()?,
            line_input_voltage: field.field("LineInputVoltage").number()?,
            last_output_watts: field.field("LastPowerOutputWatts").number()?,
            serial_number: text(field, "SerialNumber")?,
            status: Status::of(field)?,
        })
    }
}
