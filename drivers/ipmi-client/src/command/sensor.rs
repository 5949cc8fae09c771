//! Reading sensors (IPMI 2.0 §35.11–35.14).

use super::Command;
use crate::sdr::Factors;
use crate::wire::message::NetFn;
use crate::wire::{Cursor, Malformed};

/// Get Sensor Reading.
#[derive(Debug, Clone, Copy)]
pub struct GetSensorReading {
    /// Sensor number.
    pub number: u8,
    /// Logical unit of its owner.
    pub lun: u8,
}

/// A reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SensorReading {
    /// The raw value.
    pub raw: u8,
    /// Whether the value can be used.
    pub available: bool,
    /// Whether the sensor is being scanned.
    pub scanning: bool,
    /// Threshold comparisons, or the first eight states.
    pub states: u8,
    /// The other seven states.
    pub more_states: u8,
}

impl Command for GetSensorReading {
    const NAME: &'static str = "Get Sensor Reading";
    const NETFN: NetFn = NetFn::SENSOR;
    const COMMAND: u8 = 0x2d;
    type Output = SensorReading;

    fn data(&self) -> Vec<u8> {
        vec![self.number]
    }

    fn lun(&self) -> u8 {
        self.lun
    }

    fn decode(data: &[u8]) -> Result<SensorReading, Malformed> {
        let mut cursor = Cursor::new(data);
        let [raw, flags] = cursor.array("sensor reading")?;
        Ok(SensorReading {
            raw,
            available: flags & 0x20 == 0,
            scanning: flags & 0x40 != 0,
            states: cursor.u8("states").unwrap_or(0),
            more_states: cursor.u8("more states").unwrap_or(0) & 0x7f,
        })
    }
}

/// Get Sensor Reading Factors: those of a sensor that is not linear, for one reading.
#[derive(Debug, Clone, Copy)]
pub struct GetSensorReadingFactors {
    /// Sensor number.
    pub number: u8,
    /// Logical unit of its owner.
    pub lun: u8,
    /// The raw reading.
    pub raw: u8,
}

impl Command for GetSensorReadingFactors {
    const NAME: &'static str = "Get Sensor Reading Factors";
    const NETFN: NetFn = NetFn::SENSOR;
    const COMMAND: u8 = 0x23;
    type Output = Factors;

    fn data(&self) -> Vec<u8> {
        vec![self.number, self.raw]
    }

    fn lun(&self) -> u8 {
        self.lun
    }

    fn decode(data: &[u8]) -> Result<Factors, Malformed> {
        let mut cursor = Cursor::new(data);
        let _next_reading = cursor.u8("next reading")?;
        Ok(Factors::decode(cursor.array("reading factors")?))
    }
}

/// What a sensor says of its events: which are enabled, or which are in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SensorEvents {
    /// Whether the status can be used.
    pub available: bool,
    /// Whether the sensor sends event messages.
    pub messages: bool,
    /// Assertions, a bit each; fewer than 16 if the answer was short.
    pub assertions: u16,
    /// Deassertions.
    pub deassertions: u16,
}

fn decode_events(data: &[u8]) -> Result<SensorEvents, Malformed> {
    let mut cursor = Cursor::new(data);
    let flags = cursor.u8("sensor event flags")?;
    let mut byte = || u16::from(cursor.u8("sensor events").unwrap_or(0));
    let assertions = byte() | byte() << 8;
    let deassertions = byte() | byte() << 8;
    Ok(SensorEvents {
        available: flags & 0x20 == 0,
        messages: flags & 0x80 != 0,
        assertions,
        deassertions,
    })
}

/// Get Sensor Event Enable.
#[derive(Debug, Clone, Copy)]
pub struct GetSensorEventEnable {
    /// Sensor number.
    pub number: u8,
    /// Logical unit of its owner.
    pub lun: u8,
}

impl Command for GetSensorEventEnable {
    const NAME: &'static str = "Get Sensor Event Enable";
    const NETFN: NetFn = NetFn::SENSOR;
    const COMMAND: u8 = 0x29;
    type Output = SensorEvents;

    fn data(&self) -> Vec<u8> {
        vec![self.number]
    }

    fn lun(&self) -> u8 {
        self.lun
    }

    fn decode(data: &[u8]) -> Result<SensorEvents, Malformed> {
        decode_events(data)
    }
}

/// Get Sensor Event Status.
#[derive(Debug, Clone, Copy)]
pub struct GetSensorEventStatus {
    /// Sensor number.
    pub number: u8,
    /// Logical unit of its owner.
    pub lun: u8,
}

impl Command for GetSensorEventStatus {
    const NAME: &'static str = "Get Sensor Event Status";
    const NETFN: NetFn = NetFn::SENSOR;
    const COMMAND: u8 = 0x2b;
    type Output = SensorEvents;

    fn data(&self) -> Vec<u8> {
        vec![self.number]
    }

    fn lun(&self) -> u8 {
        self.lun
    }

    fn decode(data: &[u8]) -> Result<SensorEvents, Malformed> {
        decode_events(data)
    }
}
