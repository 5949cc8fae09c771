//! Sensors of a chassis: fans and temperatures, of `Thermal` or of `ThermalSubsystem`; power supplies,
//! of `Power` or of `PowerSubsystem`.
//!
//! DMTF replaced `Thermal` and `Power` in 2020.4. What the newer resources say is told in the older
//! ones' terms, so that it does not matter which of them a BMC has.

use super::reading::{Excerpt, Sensor};
use super::status::Status;
use crate::{Document, Result, document::Field};

/// `ReadingUnits` of a fan's speed, in the older resource's words.
const RPM: &str = "RPM";
const PERCENT: &str = "Percent";

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

/// The id of the sensor that an excerpt is of, or the name of the device.
fn excerpt_id(excerpt: &Excerpt, sensor: Option<&Sensor>) -> Option<String> {
    let of_source = || Some(excerpt.source.as_ref()?.last_segment().to_owned());
    sensor
        .map(|sensor| sensor.id.clone())
        .or_else(of_source)
        .or_else(|| excerpt.device.clone())
}

fn context(excerpt: &Excerpt, sensor: Option<&Sensor>) -> Option<String> {
    let of_sensor = || sensor.and_then(|sensor| sensor.physical_context.clone());
    excerpt.physical_context.clone().or_else(of_sensor)
}

impl Sensor {
    /// The unit of a fan's speed in the older resource's words; `None` if it is no speed.
    fn speed_unit(&self) -> Option<&'static str> {
        match (self.units.as_deref()?, self.kind.as_deref()) {
            ("%", _) => Some(PERCENT),
            // DMTF's mockups say `RPM`; UCUM, which the schema asks for, `{rev}/min`.
            ("RPM" | "{rev}/min", _) | (_, Some("Rotational")) => Some(RPM),
            _ => None,
        }
    }
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

impl Fan {
    /// Reads a `Fan` of `ThermalSubsystem`, with the sensor of its speed if that has been read. The
    /// speed is in revolutions a minute where the BMC tells it, as in the older resource.
    pub fn of_subsystem(fan: &Document, sensor: Option<&Sensor>) -> Result<Self> {
        let root = fan.root();
        let speed = Excerpt::of(&root.field("SpeedPercent"))?;
        let mut read = Self::of_excerpt(&speed, sensor);
        read.member_id = Some(fan.id()?.to_owned());
        if let Some(name) = text(&root, "Name")? {
            read.name = Some(name);
        }
        read.serial_number = text(&root, "SerialNumber")?;
        if let Some(context) = text(&root, "PhysicalContext")? {
            read.physical_context = Some(context);
        }
        let own = Status::of(&root)?;
        if own != Status::default() {
            read.status = own;
        }
        Ok(read)
    }

    /// What an excerpt of a speed tells, with the sensor it is of if that has been read.
    pub fn of_excerpt(speed: &Excerpt, sensor: Option<&Sensor>) -> Self {
        let of_sensor = sensor.and_then(|sensor| Some((sensor.reading?, sensor.speed_unit()?)));
        let (reading, units) = match (of_sensor, speed.rpm, speed.reading) {
            (Some((reading, RPM)), ..) | (_, Some(reading), _) => (Some(reading), Some(RPM)),
            (_, _, Some(reading)) | (Some((reading, _)), ..) => (Some(reading), Some(PERCENT)),
            (None, None, None) => (None, None),
        };
        // A range is worth something only in the unit of the reading.
        let range = sensor.filter(|sensor| sensor.speed_unit() == units);
        Fan {
            member_id: excerpt_id(speed, sensor),
            name: speed.device.clone(),
            reading,
            units: units.map(str::to_owned),
            min: range.and_then(|sensor| sensor.min),
            max: range.and_then(|sensor| sensor.max),
            serial_number: None,
            physical_context: context(speed, sensor),
            status: sensor
                .map(|sensor| sensor.status.clone())
                .unwrap_or_default(),
        }
    }
}

impl Temperature {
    /// What an excerpt of a temperature tells, with the sensor it is of if that has been read.
    pub fn of_excerpt(excerpt: &Excerpt, sensor: Option<&Sensor>) -> Self {
        Temperature {
            member_id: excerpt_id(excerpt, sensor),
            name: excerpt
                .device
                .clone()
                .or_else(|| sensor.and_then(|sensor| sensor.name.clone())),
            celsius: excerpt
                .reading
                .or_else(|| sensor.and_then(|sensor| sensor.reading)),
            min: sensor.and_then(|sensor| sensor.min),
            max: sensor.and_then(|sensor| sensor.max),
            number: None,
            physical_context: context(excerpt, sensor),
            status: sensor
                .map(|sensor| sensor.status.clone())
                .unwrap_or_default(),
        }
    }

    /// What a sensor tells; `None` if it is of something else.
    pub fn of_sensor(sensor: &Sensor) -> Option<Self> {
        let is_one = sensor.kind.as_deref() == Some("Temperature");
        is_one.then(|| Self::of_excerpt(&Excerpt::default(), Some(sensor)))
    }

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
    /// Reads a `PowerSupply` of `PowerSubsystem`, with its `PowerSupplyMetrics` if they have been read.
    pub fn of_subsystem(supply: &Document, metrics: Option<&Document>) -> Result<Self> {
        let root = supply.root();
        let measured = |name: &str| match metrics {
            Some(metrics) => Excerpt::of(&metrics.field(name)).map(|excerpt| excerpt.reading),
            None => Ok(None),
        };
        Ok(PowerSupply {
            member_id: Some(supply.id()?.to_owned()),
            name: text(&root, "Name")?,
            capacity_watts: root.field("PowerCapacityWatts").number()?,
            line_input_voltage: measured("InputVoltage")?,
            last_output_watts: measured("OutputPowerWatts")?,
            serial_number: text(&root, "SerialNumber")?,
            status: Status::of(&root)?,
        })
    }

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
