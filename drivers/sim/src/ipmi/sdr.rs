//! Sensor data records of every type (IPMI 2.0 §43), and what the sensors read.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

/// What a sensor reads now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SensorState {
    /// Raw reading.
    pub raw: u8,
    /// Whether there is a reading.
    pub available: bool,
    /// Whether the sensor is scanned.
    pub scanning: bool,
    /// Thresholds crossed, or discrete states 0–7.
    pub states: u8,
    /// Discrete states 8–14.
    pub more: u8,
    /// Thresholds: mask, then lower non-critical, critical, non-recoverable, and the upper ones.
    pub thresholds: [u8; 7],
    /// Positive and negative hysteresis.
    pub hysteresis: [u8; 2],
    /// What it says of enabled events: flags, assertions, deassertions.
    pub enabled: [u8; 5],
    /// What it says of events in force, if not the states asserted.
    pub status: Option<[u8; 5]>,
}

/// All event messages and scanning; every threshold from below and above.
const ENABLED: [u8; 5] = [0xc0, 0x95, 0x0a, 0x95, 0x0a];

impl SensorState {
    /// An analog reading within its limits.
    pub const fn analog(raw: u8) -> Self {
        SensorState {
            raw,
            available: true,
            scanning: true,
            states: 0,
            more: 0,
            thresholds: [0; 7],
            hysteresis: [2, 2],
            enabled: ENABLED,
            status: None,
        }
    }

    /// Discrete states by bit.
    pub const fn discrete(states: u16) -> Self {
        let [low, high] = states.to_le_bytes();
        SensorState {
            raw: 0,
            available: true,
            scanning: true,
            states: low,
            more: high,
            thresholds: [0; 7],
            hysteresis: [0, 0],
            enabled: ENABLED,
            status: None,
        }
    }
}

/// A sensor with thresholds.
#[derive(Debug, Clone, Copy)]
struct Analog {
    number: u8,
    name: &'static str,
    entity: (u8, u8),
    /// Sensor type and base unit.
    kind: (u8, u8),
    /// Analog data format: 0 unsigned, 1 one's, 2 two's complement.
    format: u8,
    linearization: u8,
    /// M, B, K1 (exponent of B), K2 (exponent of the result).
    factors: (i16, i16, i8, i8),
    /// Lower non-critical, critical, non-recoverable, and the upper ones; 0 is none.
    thresholds: [u8; 6],
    raw: u8,
}

/// THE analog sensors of the example machine.
const ANALOG: [Analog; 7] = [
    Analog {
        number: 1,
        name: "CPU Temp",
        entity: (3, 1),
        kind: (0x01, 1),
        format: 2,
        linearization: 0,
        factors: (1, 0, 0, 0),
        thresholds: [0, 5, 0, 80, 90, 95],
        raw: 41,
    },
    Analog {
        number: 2,
        name: "Inlet Temp",
        entity: (0x37, 1),
        kind: (0x01, 1),
        format: 2,
        linearization: 0,
        factors: (1, 0, 0, 0),
        thresholds: [0, 0, 0, 42, 47, 0],
        raw: 0xfb,
    },
    Analog {
        number: 3,
        name: "FAN 1",
        entity: (0x1d, 1),
        kind: (0x04, 18),
        format: 0,
        linearization: 0,
        factors: (60, 0, 0, 0),
        thresholds: [10, 8, 5, 0, 0, 0],
        raw: 102,
    },
    Analog {
        number: 4,
        name: "12V",
        entity: (7, 1),
        kind: (0x02, 4),
        format: 0,
        linearization: 0,
        factors: (62, 0, 0, -3),
        thresholds: [175, 170, 165, 210, 215, 220],
        raw: 194,
    },
    Analog {
        number: 5,
        name: "Power",
        entity: (7, 1),
        kind: (0x0b, 6),
        format: 0,
        linearization: 0,
        factors: (4, 0, 0, 0),
        thresholds: [0; 6],
        raw: 56,
    },
    Analog {
        number: 6,
        name: "PSU Current",
        entity: (0x0a, 1),
        kind: (0x03, 5),
        format: 0,
        linearization: 0,
        factors: (1, 5, 0, -1),
        thresholds: [0, 0, 0, 100, 120, 0],
        raw: 15,
    },
    // 1/x of the raw value.
    Analog {
        number: 7,
        name: "Pump",
        entity: (0x1d, 2),
        kind: (0x04, 18),
        format: 0,
        linearization: 7,
        factors: (1, 0, 0, -5),
        thresholds: [0; 6],
        raw: 50,
    },
];

/// A sensor with states.
#[derive(Debug, Clone, Copy)]
struct Discrete {
    number: u8,
    name: &'static str,
    entity: (u8, u8),
    /// Sensor type and event/reading type.
    kind: (u8, u8),
    states: u16,
}

/// THE discrete sensors of the example machine.
const DISCRETE: [Discrete; 4] = [
    Discrete {
        number: 8,
        name: "PS1 Status",
        entity: (0x0a, 1),
        kind: (0x08, 0x6f),
        states: 0x01,
    },
    Discrete {
        number: 9,
        name: "Intrusion",
        entity: (0x17, 1),
        kind: (0x05, 0x6f),
        states: 0x00,
    },
    Discrete {
        number: 10,
        name: "Drive 0",
        entity: (0x04, 1),
        kind: (0x0d, 0x6f),
        states: 0x01,
    },
    Discrete {
        number: 11,
        name: "Redundancy",
        entity: (0x13, 1),
        kind: (0x08, 0x0b),
        states: 0x01,
    },
];

/// A record: number, version 1.5, type, length, body.
fn record(id: u16, kind: u8, body: &[u8]) -> Vec<u8> {
    let [low, high] = id.to_le_bytes();
    let mut record = vec![
        low,
        high,
        0x51,
        kind,
        u8::try_from(body.len()).unwrap_or(u8::MAX),
    ];
    record.extend_from_slice(body);
    record
}

fn name(text: &str) -> Vec<u8> {
    let mut bytes = vec![0xc0 | u8::try_from(text.len()).unwrap_or_default() & 0x1f];
    bytes.extend(text.bytes());
    bytes
}

/// The bits of the thresholds that are given.
fn mask(thresholds: [u8; 6]) -> u8 {
    (0..6).fold(0, |mask, bit| mask | u8::from(thresholds[bit] != 0) << bit)
}

/// A full sensor record (type 01h).
fn full(id: u16, sensor: &Analog) -> Vec<u8> {
    let mask = mask(sensor.thresholds);
    let (m, b, k1, k2) = sensor.factors;
    let lower = u16::from(mask & 0x07) << 12;
    let upper = u16::from(mask >> 3 & 0x07) << 12;
    let [m_low, m_high] = m.to_le_bytes();
    let [b_low, b_high] = b.to_le_bytes();
    let exponents = (k2 as u8 & 0x0f) << 4 | k1 as u8 & 0x0f;
    let [lnc, lcr, lnr, unc, ucr, unr] = sensor.thresholds;
    let mut body = vec![
        0x20,
        0x00,
        sensor.number,
        sensor.entity.0,
        sensor.entity.1,
        // Scanning, events, thresholds, hysteresis and type are initialised.
        0x7f,
        // Thresholds can be read and set.
        if mask == 0 { 0x40 } else { 0x68 },
        sensor.kind.0,
        0x01,
    ];
    body.extend(lower.to_le_bytes());
    body.extend(upper.to_le_bytes());
    body.extend([mask, mask]);
    body.extend([sensor.format << 6, sensor.kind.1, 0, sensor.linearization]);
    body.extend([m_low, m_high << 6, b_low, b_high << 6, 0, exponents]);
    // Nominal, normal maximum, normal minimum: the first is given.
    body.extend([0x01, sensor.raw, 0, 0]);
    let (max, min) = if sensor.format == 2 {
        (0x7f, 0x80)
    } else {
        (0xff, 0x00)
    };
    body.extend([max, min, unr, ucr, unc, lnr, lcr, lnc, 2, 2, 0, 0, 0]);
    body.extend(name(sensor.name));
    record(id, 0x01, &body)
}

/// A compact sensor record (type 02h).
fn compact(id: u16, sensor: &Discrete) -> Vec<u8> {
    let mut body = vec![
        0x20,
        0x00,
        sensor.number,
        sensor.entity.0,
        sensor.entity.1,
        0x67,
        0x40,
        sensor.kind.0,
        sensor.kind.1,
        0xff,
        0x0f,
        0xff,
        0x0f,
        0xff,
        0x0f,
        0xc0,
        0,
        0,
        0x01,
        0x00,
        0,
        0,
        0,
        0,
        0,
        0,
    ];
    body.extend(name(sensor.name));
    record(id, 0x02, &body)
}

/// Records that are not about sensors with readings: type, body, name.
fn others() -> Vec<(u8, Vec<u8>)> {
    let with_name = |mut body: Vec<u8>, text: &str| {
        body.extend(name(text));
        body
    };
    vec![
        // Event-only: System Event, discrete.
        (
            0x03,
            with_name(
                vec![
                    0x20, 0x00, 0x20, 0x21, 0x01, 0x12, 0x6f, 0x01, 0x00, 0x00, 0x00,
                ],
                "System Event",
            ),
        ),
        // Entity association: the processor module contains processor 1.
        (
            0x08,
            vec![0x0b, 0x01, 0x00, 0x03, 0x01, 0x03, 0x02, 0, 0, 0, 0],
        ),
        // Device-relative entity association.
        (
            0x09,
            vec![
                0x0b, 0x60, 0x20, 0x00, 0x00, 0x20, 0x00, 0x03, 0x60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                0, 0, 0, 0, 0, 0, 0, 0,
            ],
        ),
        // Generic device locator: an EEPROM.
        (
            0x10,
            with_name(
                vec![0x20, 0xa4, 0x00, 0x00, 0x00, 0x08, 0x02, 0x07, 0x01, 0x00],
                "EEPROM",
            ),
        ),
        // FRU device locators: logical devices 0 and 1.
        (
            0x11,
            with_name(
                vec![0x20, 0x00, 0x80, 0x00, 0x00, 0x10, 0x00, 0x07, 0x01, 0x00],
                "Mainboard",
            ),
        ),
        (
            0x11,
            with_name(
                vec![0x20, 0x01, 0x80, 0x00, 0x00, 0x10, 0x00, 0x0a, 0x01, 0x00],
                "PSU 1",
            ),
        ),
        // Management controller locator.
        (
            0x12,
            with_name(
                vec![0x20, 0x00, 0x00, 0xbf, 0x00, 0x00, 0x00, 0x06, 0x01, 0x00],
                "BMC",
            ),
        ),
        // Management controller confirmation.
        (
            0x13,
            vec![
                0x20, 0x20, 0x00, 0x10, 0x02, 0x02, 0x57, 0x01, 0x00, 0x42, 0x00, 1, 2, 3, 4, 5, 6,
                7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
            ],
        ),
        // BMC message channels.
        (0x14, vec![0x81, 0, 0, 0, 0, 0, 0, 0x0c, 0x0a, 0x0b, 0x00]),
        // OEM.
        (0xc0, vec![0x57, 0x01, 0x00, 0x01, 0x02, 0x03]),
    ]
}

static EXAMPLE: LazyLock<Arc<[Vec<u8>]>> = LazyLock::new(|| {
    let mut id = 0;
    let mut next = || {
        id += 1;
        id
    };
    let mut records: Vec<Vec<u8>> = Vec::new();
    records.extend(ANALOG.iter().map(|sensor| full(next(), sensor)));
    records.extend(DISCRETE.iter().map(|sensor| compact(next(), sensor)));
    records.extend(
        others()
            .iter()
            .map(|(kind, body)| record(next(), *kind, body)),
    );
    records.into()
});

static EXAMPLE_STATES: LazyLock<Arc<HashMap<u8, SensorState>>> = LazyLock::new(|| {
    let analog = ANALOG.iter().map(|sensor| {
        let [lnc, lcr, lnr, unc, ucr, unr] = sensor.thresholds;
        let state = SensorState {
            thresholds: [mask(sensor.thresholds), lnc, lcr, lnr, unc, ucr, unr],
            ..SensorState::analog(sensor.raw)
        };
        (sensor.number, state)
    });
    let discrete = DISCRETE
        .iter()
        .map(|sensor| (sensor.number, SensorState::discrete(sensor.states)));
    Arc::new(analog.chain(discrete).collect())
});

/// The repository of the example machine: every type of record.
pub(super) fn example() -> Arc<[Vec<u8>]> {
    Arc::clone(&EXAMPLE)
}

/// What its sensors read.
pub(super) fn example_states() -> Arc<HashMap<u8, SensorState>> {
    Arc::clone(&EXAMPLE_STATES)
}

#[cfg(test)]
mod tests {
    use super::*;
    use drivers_ipmi_client::sdr::SensorRecord;

    #[test]
    fn our_own_decoder_reads_the_sensors() {
        let sensors: Vec<SensorRecord> = EXAMPLE
            .iter()
            .filter_map(|record| SensorRecord::decode(record).unwrap())
            .collect();
        assert_eq!(sensors.len(), ANALOG.len() + DISCRETE.len());
        let value = |name: &str, raw: u8| {
            let sensor = sensors.iter().find(|sensor| sensor.name == name).unwrap();
            sensor.conversion().unwrap().value(raw)
        };
        assert_eq!(value("CPU Temp", 41), 41.0);
        assert_eq!(value("Inlet Temp", 0xfb), -5.0);
        assert_eq!(value("FAN 1", 102), 6120.0);
        assert!((value("12V", 194) - 12.028).abs() < 1e-9);
        assert!((value("PSU Current", 15) - 2.0).abs() < 1e-9);
    }

    #[test]
    fn every_type_of_record_is_there_with_its_length() {
        let mut kinds: Vec<u8> = EXAMPLE.iter().map(|record| record[3]).collect();
        kinds.dedup();
        assert_eq!(kinds, [1, 2, 3, 8, 9, 0x10, 0x11, 0x12, 0x13, 0x14, 0xc0]);
        for record in EXAMPLE.iter() {
            assert_eq!(usize::from(record[4]) + 5, record.len());
        }
    }
}
