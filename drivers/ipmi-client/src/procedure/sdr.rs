//! Walking the SDR repository and reading its sensors.

use std::ops::ControlFlow;

use super::outcome::refusal_of;
use crate::Operation;
use crate::command::Command;
use crate::command::sdr::{FIRST, GetSdr, LAST, ReserveSdrRepository, SdrPart};
use crate::command::sensor::{
    GetSensorEventEnable, GetSensorEventStatus, GetSensorReading, GetSensorReadingFactors,
    SensorEvents, SensorReading,
};
use crate::completion::CompletionCode;
use crate::error::{Error, Failure};
use crate::sdr::{Linearization, SensorRecord};
use crate::wire::Malformed;
use crate::wire::bridge::{Hop, Route};
use crate::wire::message::BMC;

/// Records read at most: real repositories have a few hundred.
const RECORDS_MAX: usize = 4096;
/// Bytes of a record asked for at once: what the smallest buffers of BMCs hold, with the overhead.
const PART: u8 = 20;
/// How often one record is begun again because somebody else took the reservation.
const RESERVATIONS_MAX: u32 = 8;
/// Bytes of the record header.
const HEADER: u8 = 5;

/// A sensor with what it reads now.
#[derive(Debug, Clone, PartialEq)]
pub struct Sensor {
    /// Its record.
    pub record: SensorRecord,
    /// Its reading; none if the sensor does not answer.
    pub reading: Option<SensorReading>,
    /// Enabled events, if it tells.
    pub enabled: Option<SensorEvents>,
    /// Events in force, if it tells.
    pub status: Option<SensorEvents>,
}

impl Operation {
    /// Every full and compact sensor record, in the order of the repository.
    pub async fn sensor_records(&mut self) -> Result<Vec<SensorRecord>, Error> {
        let mut sensors = Vec::new();
        let mut reservation = self.run(&ReserveSdrRepository).await?;
        let mut id = FIRST;
        for _ in 0..RECORDS_MAX {
            let record = self.whole_record(id, &mut reservation).await?;
            match SensorRecord::decode(&record.bytes) {
                Ok(sensor) => sensors.extend(sensor),
                Err(malformed) => {
                    tracing::debug!(record = id, reason = %malformed, "skipped a sensor record");
                }
            }
            if record.next == LAST || record.next == id {
                return Ok(sensors);
            }
            id = record.next;
        }
        Err(self.error(
            GetSdr::NAME,
            Failure::Malformed(Malformed("the SDR repository has no end")),
        ))
    }

    /// Every sensor with its reading and events.
    pub async fn sensors(&mut self) -> Result<Vec<Sensor>, Error> {
        let mut sensors = Vec::new();
        for record in self.sensor_records().await? {
            sensors.push(self.sensor(record).await?);
        }
        Ok(sensors)
    }

    async fn sensor(&mut self, record: SensorRecord) -> Result<Sensor, Error> {
        let (number, lun) = (record.number, record.lun);
        let mut sensor = Sensor {
            reading: None,
            enabled: None,
            status: None,
            record,
        };
        // A software id answers to nobody.
        if sensor.record.owner & 1 == 1 {
            return Ok(sensor);
        }
        let home = self.divert(&sensor.record);
        let read = self.run(&GetSensorReading { number, lun }).await;
        let answers = match self.tolerate(read, home.is_some()) {
            Ok(reading) => {
                sensor.reading = reading;
                Ok(reading.is_some())
            }
            Err(error) => Err(error),
        };
        if matches!(answers, Ok(true)) {
            self.factors(&mut sensor, home.is_some()).await;
            let enabled = self.run(&GetSensorEventEnable { number, lun }).await;
            sensor.enabled = self.tolerate(enabled, home.is_some()).unwrap_or(None);
            let status = self.run(&GetSensorEventStatus { number, lun }).await;
            sensor.status = self.tolerate(status, home.is_some()).unwrap_or(None);
        }
        if let Some(home) = home {
            self.set_route(home);
        }
        answers.map(|_| sensor)
    }

    /// Reads the factors for the reading of a sensor that is not linear. One without an answer keeps
    /// those of its record.
    async fn factors(&mut self, sensor: &mut Sensor, elsewhere: bool) {
        let (number, lun) = (sensor.record.number, sensor.record.lun);
        let full = sensor.record.full.as_mut();
        let conversion = full.and_then(|full| full.conversion.as_mut());
        let (Some(reading), Some(conversion)) = (sensor.reading, conversion) else {
            return;
        };
        let linear = !matches!(conversion.linearization, Linearization::NonLinear(_));
        // As `ipmitool` has it: none where nothing is scanned, those of 0 where there is no reading.
        if linear || !reading.scanning {
            return;
        }
        let get = GetSensorReadingFactors {
            number,
            lun,
            raw: if reading.available { reading.raw } else { 0 },
        };
        let factors = self.run(&get).await;
        if let Ok(Some(factors)) = self.tolerate(factors, elsewhere) {
            conversion.factors = factors;
        }
    }

    /// Sensors of other controllers are read through the BMC. Returns the route to restore.
    fn divert(&mut self, record: &SensorRecord) -> Option<Option<Route>> {
        if record.owner == BMC || self.route().is_some() {
            return None;
        }
        Some(self.set_route(Some(Route {
            transit: None,
            target: Hop {
                channel: record.channel,
                address: record.owner,
            },
            local_address: BMC,
        })))
    }

    /// A refusal means that the sensor has nothing to say. So does silence, but only of a
    /// controller behind the BMC.
    fn tolerate<T>(&self, answer: Result<T, Error>, elsewhere: bool) -> Result<Option<T>, Error> {
        match answer {
            Ok(answer) => Ok(Some(answer)),
            Err(error) => match &error.failure {
                Failure::Completion { .. } | Failure::Malformed(_) => Ok(None),
                Failure::Timeout { .. } if elsewhere && !self.is_over() => Ok(None),
                _ => Err(error),
            },
        }
    }

    /// A record read in parts, from the beginning again whenever the reservation is lost.
    async fn whole_record(&mut self, id: u16, reservation: &mut u16) -> Result<SdrPart, Error> {
        let mut part = PART;
        for _ in 0..RESERVATIONS_MAX {
            match self.try_record(id, *reservation, part).await? {
                ControlFlow::Break(record) => return Ok(record),
                ControlFlow::Continue(CompletionCode::RESERVATION_CANCELLED) => {
                    *reservation = self.run(&ReserveSdrRepository).await?;
                }
                // Smaller buffers than expected: ask for less.
                ControlFlow::Continue(_) => part = (part / 2).max(HEADER),
            }
        }
        Err(self.error(
            GetSdr::NAME,
            Failure::completion(
                CompletionCode::RESERVATION_CANCELLED,
                GetSdr::NETFN.0,
                GetSdr::COMMAND,
            ),
        ))
    }

    async fn try_record(
        &mut self,
        id: u16,
        reservation: u16,
        part: u8,
    ) -> Result<ControlFlow<SdrPart, CompletionCode>, Error> {
        let mut get = GetSdr {
            reservation,
            record: id,
            offset: 0,
            count: HEADER,
        };
        let mut record = match refusal_of(self.run(&get).await, &RECOVERABLE)? {
            Ok(header) => header,
            Err(code) => return Ok(ControlFlow::Continue(code)),
        };
        let Some(body) = record.bytes.get(4).copied() else {
            return Err(self.error(GetSdr::NAME, Malformed("SDR header").into()));
        };
        // Some BMCs send the whole record whatever was asked for.
        let whole = usize::from(HEADER) + usize::from(body);
        while record.bytes.len() < whole {
            let missing = whole - record.bytes.len();
            get.offset = u8::try_from(record.bytes.len()).unwrap_or(u8::MAX);
            get.count = part.min(u8::try_from(missing).unwrap_or(u8::MAX));
            match refusal_of(self.run(&get).await, &RECOVERABLE)? {
                Ok(more) if more.bytes.is_empty() => {
                    return Err(self.error(GetSdr::NAME, Malformed("empty SDR part").into()));
                }
                Ok(more) => record.bytes.extend_from_slice(&more.bytes),
                Err(code) => return Ok(ControlFlow::Continue(code)),
            }
        }
        record.bytes.truncate(whole);
        Ok(ControlFlow::Break(record))
    }
}

/// Refusals after which the record is begun again.
const RECOVERABLE: [CompletionCode; 4] = [
    CompletionCode::RESERVATION_CANCELLED,
    CompletionCode::CANNOT_RETURN_BYTES,
    CompletionCode::LENGTH_EXCEEDED,
    CompletionCode(0xff),
];
