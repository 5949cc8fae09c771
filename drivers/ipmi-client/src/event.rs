//! Events in words: entries of the system event log, and the states of discrete sensors.
//!
//! The words are those of `ipmi-rs-core` (IPMI 2.0 tables 42-2 and 42-3).

use std::fmt;

use ipmi_rs_core::storage::sdr::{
    EventData, EventData2Type, EventData3Type, SensorType, decode_event,
};
use ipmi_rs_core::storage::sel::{Entry, EventDirection};

use crate::command::sel::SelRecord;

/// Below this, a time stamp counts from the start of the BMC (IPMI 2.0 §37.1).
const FIRST_DATE: u32 = 0x2000_0000;
/// "Unspecified" (IPMI 2.0 §37).
const NO_DATE: u32 = 0xffff_ffff;

/// When something happened, by the BMC's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventTime {
    /// Seconds since 1970-01-01 00:00 UTC.
    At(u32),
    /// Seconds since the BMC started; its clock was not set.
    SinceStart(u32),
    /// Not told.
    Unknown,
}

impl From<u32> for EventTime {
    fn from(stamp: u32) -> Self {
        match stamp {
            NO_DATE => EventTime::Unknown,
            0..FIRST_DATE => EventTime::SinceStart(stamp),
            at => EventTime::At(at),
        }
    }
}

/// An entry of the event log in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Number of the entry.
    pub id: u16,
    /// When.
    pub time: EventTime,
    /// Which sensor; none of a manufacturer's own record.
    pub sensor: Option<EventSensor>,
    /// What happened, or the bytes of a record that only its manufacturer understands.
    pub what: String,
    /// Whether it began (true) or ended; none of a manufacturer's own record.
    pub asserted: Option<bool>,
}

/// The sensor of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventSensor {
    /// What it measures ("Temperature").
    pub kind: String,
    /// Its number at its owner.
    pub number: u8,
}

impl SelRecord {
    /// What the entry says.
    pub fn event(&self) -> Event {
        let [a, b, kind, stamp @ .., _, _, _, _, _, _, _, _, _] = self.bytes;
        let id = u16::from_le_bytes([a, b]);
        let stamped = EventTime::from(u32::from_le_bytes(stamp));
        let (time, sensor, what, asserted) = match &self.entry {
            Some(Entry::System {
                sensor_type,
                sensor_number,
                event_direction,
                event_type,
                event_data,
                ..
            }) => (
                stamped,
                Some(EventSensor {
                    kind: SensorType::from(*sensor_type).to_string(),
                    number: *sensor_number,
                }),
                described(*event_type, *sensor_type, event_data),
                Some(*event_direction == EventDirection::Assert),
            ),
            Some(Entry::OemTimestamped {
                manufacturer_id,
                data,
                ..
            }) => {
                let what = format!(
                    "record {kind:#04x} of manufacturer {manufacturer_id}: {}",
                    hex(data)
                );
                (stamped, None, what, None)
            }
            Some(Entry::OemNotTimestamped { data, .. }) => {
                let what = format!("record {kind:#04x}: {}", hex(data));
                (EventTime::Unknown, None, what, None)
            }
            None => {
                let rest = self.bytes.get(3..).unwrap_or_default();
                let what = format!("record {kind:#04x}: {}", hex(rest));
                (EventTime::Unknown, None, what, None)
            }
        };
        Event {
            id,
            time,
            sensor,
            what,
            asserted,
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn described(event_type: u8, sensor_type: u8, data: &EventData) -> String {
    let name = state(event_type, sensor_type, data.offset)
        .unwrap_or_else(|| format!("state {} of type {event_type:#04x}", data.offset));
    let second = match &data.data2_type {
        EventData2Type::Unspecified => None,
        EventData2Type::TriggerReading(raw) => Some(format!("raw reading {raw:#04x}")),
        EventData2Type::OemCode(code) => Some(format!("manufacturer's code {code:#04x}")),
        EventData2Type::SensorSpecific(code) => Some(format!("extension {code:#04x}")),
    };
    let third = match &data.data3_type {
        EventData3Type::Unspecified => None,
        EventData3Type::TriggerThreshold(raw) => Some(format!("raw threshold {raw:#04x}")),
        EventData3Type::OemCode(code) => Some(format!("manufacturer's code {code:#04x}")),
        EventData3Type::SensorSpecific(code) => Some(format!("extension {code:#04x}")),
    };
    [Some(name), second, third]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(", ")
}

/// The name of a state of a sensor, by its event/reading type, its sensor type and the number of the
/// state, 0-15. None where only the manufacturer has a name for it.
pub fn state(event_type: u8, sensor_type: u8, number: u8) -> Option<String> {
    struct Named(u8, SensorType, u8);
    impl fmt::Display for Named {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            decode_event(f, self.0, self.1, self.2)
        }
    }
    let name = Named(event_type, SensorType::from(sensor_type), number & 0x0f).to_string();
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::Command;
    use crate::command::sel::GetSelEntry;

    fn event(bytes: [u8; 16]) -> Event {
        let answer = [&[0xff, 0xff], &bytes[..]].concat();
        GetSelEntry::decode(&answer).unwrap().event()
    }

    #[test]
    fn a_system_event_names_sensor_state_and_direction() {
        let event = event([
            7, 0, 2, 0x00, 0x00, 0x00, 0x65, 0x20, 0, 4, 0x08, 0x0a, 0xef, 0x03, 0xff, 0xff,
        ]);
        assert_eq!(event.id, 7);
        assert_eq!(event.time, EventTime::At(0x6500_0000));
        let sensor = event.sensor.unwrap();
        assert_eq!((&*sensor.kind, sensor.number), ("Power Supply", 0x0a));
        assert_eq!(event.what, "Power Supply input lost (AC/DC)");
        assert_eq!(event.asserted, Some(false));
    }

    #[test]
    fn raw_values_are_called_raw() {
        let event = event([
            1, 0, 2, 5, 0, 0, 0, 0x20, 0, 4, 1, 1, 0x01, 0x59, 0x5f, 0x5a,
        ]);
        assert!(
            event.what.ends_with("raw reading 0x5f, raw threshold 0x5a"),
            "{}",
            event.what
        );
        assert_eq!(event.time, EventTime::SinceStart(5));
    }

    #[test]
    fn records_of_manufacturers_show_their_bytes() {
        let mut bytes = [0xab; 16];
        bytes[2] = 0xc1;
        assert!(event(bytes).what.starts_with("record 0xc1 of manufacturer"));
        bytes[2] = 0xe0;
        let untimed = event(bytes);
        assert!(untimed.what.ends_with("abababababababababababab"));
        assert_eq!((untimed.time, untimed.sensor), (EventTime::Unknown, None));
        bytes[2] = 0x55;
        assert!(event(bytes).what.starts_with("record 0x55: "));
    }

    #[test]
    fn states_without_a_name_have_none() {
        assert!(state(0x6f, 0x08, 0).is_some());
        assert_eq!(state(0x70, 0x08, 0), None);
    }
}
