//! One sensor on one line: what it reads now and whether that is well.

use drivers_ipmi_client::event;
use drivers_ipmi_client::procedure::Sensor;

use super::{render, vocabulary};

/// A sensor as a person wants to see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// Its name.
    pub name: String,
    /// Its number at its owner.
    pub number: u8,
    /// What it measures, in the words of `ipmitool`.
    pub kind: &'static str,
    /// The number it reads, if it reads one now.
    pub value: Option<f64>,
    /// Unit of the number, empty if there is none.
    pub unit: String,
    /// Worst threshold crossed or `ok`; the states of a discrete sensor. None without a reading.
    pub status: Option<String>,
}

impl From<&Sensor> for Reading {
    fn from(sensor: &Sensor) -> Self {
        let record = &sensor.record;
        let now = render::usable(sensor.reading);
        let conversion = record.conversion();
        let value = now
            .zip(conversion)
            .filter(|_| record.has_thresholds())
            .map(|(reading, conversion)| conversion.value(reading.raw));
        let unit = match value {
            Some(_) => vocabulary::unit(&record.unit),
            None => String::new(),
        };
        let status = now.map(|reading| {
            if record.has_thresholds() {
                render::status(reading).to_owned()
            } else {
                let states = u16::from(reading.states) | u16::from(reading.more_states) << 8;
                states_in(record.event_type, record.sensor_type, states)
            }
        });
        Reading {
            name: record.name.trim_end().to_owned(),
            number: record.number,
            kind: vocabulary::sensor_type(record.sensor_type),
            value,
            unit,
            status,
        }
    }
}

/// The names of the states in a mask; bit 15 means nothing (IPMI 2.0 §35.14).
fn states_in(event_type: u8, sensor_type: u8, mask: u16) -> String {
    let states: Vec<String> = (0u8..15)
        .filter(|bit| mask >> bit & 1 == 1)
        .map(|bit| {
            event::state(event_type, sensor_type, bit).unwrap_or_else(|| format!("state {bit}"))
        })
        .collect();
    if states.is_empty() {
        "none".to_owned()
    } else {
        states.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::states_in;

    #[test]
    fn states_have_names_where_the_specification_has_some() {
        assert_eq!(
            states_in(0x6f, 0x08, 0b1001),
            "Presence detected, Power Supply input lost (AC/DC)"
        );
        assert_eq!(states_in(0x70, 0x08, 0b10), "state 1");
        assert_eq!(states_in(0x6f, 0x08, 0x8000), "none");
    }
}
