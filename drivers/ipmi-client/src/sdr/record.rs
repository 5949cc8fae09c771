//! Full and compact sensor records (IPMI 2.0 §43.1–43.2).

use super::conversion::{AnalogFormat, Conversion, Factors, Linearization};
use super::id_string;
use crate::wire::{Cursor, Malformed};

/// Which kind of record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordKind {
    /// Type 1.
    Full,
    /// Type 2.
    Compact,
}

/// What a sensor record tells of its sensor.
#[derive(Debug, Clone, PartialEq)]
pub struct SensorRecord {
    /// Which kind of record it is.
    pub kind: RecordKind,
    /// The controller that has the sensor: an address, or a software id if odd.
    pub owner: u8,
    /// Channel of the owner.
    pub channel: u8,
    /// Logical unit of the owner.
    pub lun: u8,
    /// Number of the sensor at its owner.
    pub number: u8,
    /// What the sensor belongs to (IPMI 2.0 table 43-13).
    pub entity: u8,
    /// Which of them, 0–127.
    pub entity_instance: u8,
    /// Whether thresholds are initialised from this record.
    pub thresholds_initialised: bool,
    /// Event message control: 0 per threshold, 1 whole sensor, 2 global, 3 none.
    pub event_control: u8,
    /// Which thresholds can be read or set.
    pub access: ThresholdAccess,
    /// Sensor type (IPMI 2.0 table 42-3).
    pub sensor_type: u8,
    /// Event/reading type; 1 has thresholds.
    pub event_type: u8,
    /// Thresholds whose state a reading reports.
    pub reported: Thresholds,
    /// Thresholds that can be read.
    pub readable: Thresholds,
    /// Thresholds that can be set.
    pub settable: Thresholds,
    /// Format bits of the units byte (3 means no number).
    pub format_bits: u8,
    /// Unit of the reading.
    pub unit: Unit,
    /// Positive hysteresis, raw.
    pub positive_hysteresis: u8,
    /// Negative hysteresis, raw.
    pub negative_hysteresis: u8,
    /// A byte for the manufacturer.
    pub oem: u8,
    /// Its name.
    pub name: String,
    /// What only a full record has.
    pub full: Option<Full>,
}

/// What only a full record has.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Full {
    /// Factors; none if the reading is no number.
    pub conversion: Option<Conversion>,
    /// Tolerance of readings in half raw counts, 0 to 63, also of those that are no number.
    pub tolerance: u8,
    /// Nominal reading, raw, if given.
    pub nominal: Option<u8>,
    /// Upper end of the normal range, raw, if given.
    pub normal_max: Option<u8>,
    /// Lower end of the normal range, raw, if given.
    pub normal_min: Option<u8>,
    /// Highest reading possible, raw.
    pub sensor_max: u8,
    /// Lowest reading possible, raw.
    pub sensor_min: u8,
    /// Thresholds, raw, indexed as [`THRESHOLDS`].
    thresholds: [u8; 6],
}

/// A threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Threshold {
    /// Lower non-critical.
    LowerNonCritical = 0,
    /// Lower critical.
    LowerCritical = 1,
    /// Lower non-recoverable.
    LowerNonRecoverable = 2,
    /// Upper non-critical.
    UpperNonCritical = 3,
    /// Upper critical.
    UpperCritical = 4,
    /// Upper non-recoverable.
    UpperNonRecoverable = 5,
}

/// Every threshold in the order of its bit.
pub const THRESHOLDS: [Threshold; 6] = [
    Threshold::LowerNonCritical,
    Threshold::LowerCritical,
    Threshold::LowerNonRecoverable,
    Threshold::UpperNonCritical,
    Threshold::UpperCritical,
    Threshold::UpperNonRecoverable,
];

/// A set of thresholds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Thresholds(u8);

impl Thresholds {
    /// From a mask with a bit for each of [`THRESHOLDS`].
    pub const fn from_bits(bits: u8) -> Self {
        Thresholds(bits & 0x3f)
    }

    /// Whether `threshold` is among them.
    pub const fn has(self, threshold: Threshold) -> bool {
        self.0 >> threshold as u8 & 1 == 1
    }

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// Which thresholds can be read or set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThresholdAccess {
    /// There are none.
    None,
    /// By the masks of the record: readable only, or settable as well.
    Masked,
    /// They are fixed and cannot be read.
    Fixed,
}

/// How base and modifier unit are combined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnitRelation {
    /// Base alone.
    None,
    /// Base divided by modifier.
    Divided,
    /// Base multiplied by modifier.
    Multiplied,
}

/// Unit of a reading (codes of IPMI 2.0 table 43-15).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unit {
    /// A percentage.
    pub percent: bool,
    /// How the two are combined.
    pub relation: UnitRelation,
    /// Base unit.
    pub base: u8,
    /// Modifier unit.
    pub modifier: u8,
}

impl SensorRecord {
    /// Reads a whole record including its header; `None` for records that are not about sensors
    /// with readings.
    pub fn decode(record: &[u8]) -> Result<Option<Self>, Malformed> {
        let mut cursor = Cursor::new(record);
        let [_, _, _version, kind, length] = cursor.array("SDR header")?;
        let kind = match kind {
            0x01 => RecordKind::Full,
            0x02 => RecordKind::Compact,
            _ => return Ok(None),
        };
        let body = cursor.bytes(usize::from(length), "SDR shorter than its header says")?;
        Self::decode_body(kind, Cursor::new(body)).map(Some)
    }

    fn decode_body(kind: RecordKind, mut cursor: Cursor<'_>) -> Result<Self, Malformed> {
        let [owner, channel_lun, number] = cursor.array("sensor key")?;
        let [
            entity,
            instance,
            init,
            capabilities,
            sensor_type,
            event_type,
        ] = cursor.array("sensor description")?;
        let lower_mask = cursor.u16("lower threshold mask")?;
        let upper_mask = cursor.u16("upper threshold mask")?;
        let [readable, settable] = cursor.array("threshold masks")?;
        let [units, base, modifier] = cursor.array("units")?;
        let reported = (lower_mask >> 12 & 0x07) | (upper_mask >> 12 & 0x07) << 3;
        let mut sensor = SensorRecord {
            kind,
            owner,
            channel: channel_lun >> 4,
            lun: channel_lun & 0x03,
            number,
            entity,
            entity_instance: instance & 0x7f,
            thresholds_initialised: init & 0x10 != 0,
            event_control: capabilities & 0x03,
            access: match capabilities >> 2 & 0x03 {
                0 => ThresholdAccess::None,
                3 => ThresholdAccess::Fixed,
                _ => ThresholdAccess::Masked,
            },
            sensor_type,
            event_type: event_type & 0x7f,
            // Six bits.
            reported: Thresholds::from_bits(u8::try_from(reported).unwrap_or_default()),
            readable: Thresholds::from_bits(readable),
            settable: Thresholds::from_bits(settable),
            format_bits: units >> 6,
            unit: Unit {
                percent: units & 0x01 != 0,
                relation: match units >> 1 & 0x03 {
                    1 => UnitRelation::Divided,
                    2 => UnitRelation::Multiplied,
                    _ => UnitRelation::None,
                },
                base,
                modifier,
            },
            positive_hysteresis: 0,
            negative_hysteresis: 0,
            oem: 0,
            name: String::new(),
            full: None,
        };
        match kind {
            RecordKind::Full => sensor.full = Some(Full::decode(units >> 6, &mut cursor)?),
            RecordKind::Compact => {
                let _sharing = cursor.u16("record sharing")?;
            }
        }
        [sensor.positive_hysteresis, sensor.negative_hysteresis] = cursor.array("hysteresis")?;
        let reserved = match kind {
            RecordKind::Full => 2,
            RecordKind::Compact => 3,
        };
        cursor.bytes(reserved, "reserved bytes")?;
        sensor.oem = cursor.u8("OEM byte")?;
        let type_length = cursor.u8("name length")?;
        sensor.name = id_string::decode(type_length, cursor.rest());
        Ok(sensor)
    }

    /// Whether it has thresholds.
    pub const fn has_thresholds(&self) -> bool {
        self.event_type == 0x01
    }

    /// Factors, if readings of this sensor are numbers.
    pub fn conversion(&self) -> Option<&Conversion> {
        self.full.as_ref().and_then(|full| full.conversion.as_ref())
    }
}

impl Full {
    fn decode(format_bits: u8, cursor: &mut Cursor<'_>) -> Result<Self, Malformed> {
        let linearization = cursor.u8("linearization")?;
        let factors = Factors::decode(cursor.array("conversion factors")?);
        let [
            analog,
            nominal,
            normal_max,
            normal_min,
            sensor_max,
            sensor_min,
        ] = cursor.array("sensor ranges")?;
        let [unr, ucr, unc, lnr, lcr, lnc] = cursor.array("thresholds")?;
        let given = |bit: u8, raw| (analog >> bit & 1 == 1).then_some(raw);
        Ok(Full {
            conversion: AnalogFormat::from_bits(format_bits).map(|format| Conversion {
                format,
                linearization: Linearization::from_byte(linearization),
                factors,
            }),
            tolerance: factors.tolerance,
            nominal: given(0, nominal),
            normal_max: given(1, normal_max),
            normal_min: given(2, normal_min),
            sensor_max,
            sensor_min,
            thresholds: [lnc, lcr, lnr, unc, ucr, unr],
        })
    }

    /// A threshold, raw.
    pub fn threshold(&self, threshold: Threshold) -> u8 {
        self.thresholds
            .get(threshold as usize)
            .copied()
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A temperature sensor in two's complement with fixed thresholds.
    const TEMPERATURE: [u8; 53] = [
        0x01, 0x00, 0x51, 0x01, 0x30, 0x20, 0x00, 0x01, 0x07, 0x01, 0x7f, 0x6f, 0x01, 0x01, 0x85,
        0x32, 0x80, 0x0a, 0x3f, 0x3f, 0x80, 0x01, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x07, 0x3c, 0x50, 0x0a, 0xff, 0x00, 0x5a, 0x55, 0x50, 0x00, 0x05, 0x0a, 0x02, 0x02, 0x00,
        0x00, 0x00, 0xc5, b'T', b'e', b'm', b'p', b'1',
    ];

    #[test]
    fn a_full_record() {
        let sensor = SensorRecord::decode(&TEMPERATURE).unwrap().unwrap();
        assert_eq!(sensor.name, "Temp1");
        assert_eq!((sensor.number, sensor.sensor_type), (1, 1));
        assert_eq!((sensor.entity, sensor.entity_instance), (7, 1));
        assert!(sensor.has_thresholds());
        assert_eq!(sensor.access, ThresholdAccess::Fixed);
        let full = sensor.full.unwrap();
        assert_eq!(full.nominal, Some(60));
        assert_eq!(full.threshold(Threshold::UpperCritical), 0x55);
        assert_eq!(full.threshold(Threshold::LowerNonCritical), 0x0a);
        assert_eq!(full.conversion.unwrap().value(0xf6), -10.0);
    }

    #[test]
    fn every_truncation_is_an_error_and_no_panic() {
        for len in 0..TEMPERATURE.len() {
            let _ = SensorRecord::decode(&TEMPERATURE[..len]);
            let mut short = TEMPERATURE[..len].to_vec();
            if len > 5 {
                short[4] = u8::try_from(len - 5).unwrap();
                let decoded = SensorRecord::decode(&short);
                assert_eq!(decoded.is_ok(), len >= 48, "{len} bytes");
            }
        }
    }

    #[test]
    fn other_records_are_not_sensors() {
        assert_eq!(SensorRecord::decode(&[1, 0, 0x51, 0x12, 0]), Ok(None));
    }
}
