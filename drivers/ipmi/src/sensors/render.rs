//! One sensor as a flat object of texts.

use drivers_ipmi_client::command::sensor::{SensorEvents, SensorReading};
use drivers_ipmi_client::procedure::Sensor;
use drivers_ipmi_client::sdr::{
    AnalogFormat, Conversion, Full, SensorRecord, Threshold, ThresholdAccess, Thresholds,
};
use serde_json::{Map, Value};

use super::{states, vocabulary};

/// Field names of thresholds, in the order in which they are listed.
const THRESHOLD_FIELDS: [(&str, Threshold); 6] = [
    ("Upper non-recoverable", Threshold::UpperNonRecoverable),
    ("Upper critical", Threshold::UpperCritical),
    ("Upper non-critical", Threshold::UpperNonCritical),
    ("Lower non-recoverable", Threshold::LowerNonRecoverable),
    ("Lower critical", Threshold::LowerCritical),
    ("Lower non-critical", Threshold::LowerNonCritical),
];

/// Short names of thresholds, in the order in which they are listed.
const THRESHOLD_NAMES: [(&str, Threshold); 6] = [
    ("lnr", Threshold::LowerNonRecoverable),
    ("lcr", Threshold::LowerCritical),
    ("lnc", Threshold::LowerNonCritical),
    ("unc", Threshold::UpperNonCritical),
    ("ucr", Threshold::UpperCritical),
    ("unr", Threshold::UpperNonRecoverable),
];

/// Status texts by threshold bit, worst first.
const STATUS: [(Threshold, &str); 6] = [
    (Threshold::LowerNonRecoverable, "Lower Non-Recoverable"),
    (Threshold::UpperNonRecoverable, "Upper Non-Recoverable"),
    (Threshold::LowerCritical, "Lower Critical"),
    (Threshold::UpperCritical, "Upper Critical"),
    (Threshold::LowerNonCritical, "Lower Non-Critical"),
    (Threshold::UpperNonCritical, "Upper Non-Critical"),
];

const EVENT_CONTROL: [&str; 4] = [
    "Per-threshold",
    "Entire Sensor Only",
    "Global Disable Only",
    "No Events From Sensor",
];

/// Name and number: the key of the sensor within its type.
pub(super) fn sensor_id(record: &SensorRecord) -> String {
    // `ipmitool` shows 16 characters of a name.
    let name: String = record.name.chars().take(16).collect();
    format!("{name} ({:#x})", record.number)
}

/// Every field.
pub(super) fn fields(sensor: &Sensor) -> Map<String, Value> {
    let record = &sensor.record;
    let mut fields = Fields(Map::new());
    fields.set("Sensor ID", sensor_id(record));
    fields.set(
        "Entity ID",
        format!(
            "{}.{} ({})",
            record.entity,
            record.entity_instance,
            vocabulary::entity(record.entity)
        ),
    );
    let kind = format!(
        "{} (0x{:02x})",
        vocabulary::sensor_type(record.sensor_type),
        record.sensor_type
    );
    if record.has_thresholds() {
        fields.set("Sensor Type (Threshold)", kind);
        fields.thresholds(sensor);
    } else {
        fields.set("Sensor Type (Discrete)", kind);
        fields.discrete(sensor);
    }
    fields.0
}

/// The number a raw value stands for, or the raw value.
fn converted(conversion: Option<&Conversion>, raw: u8) -> String {
    conversion.map_or_else(
        || format!("0x{raw:02X}"),
        |conversion| decimals(conversion.value(raw)),
    )
}

/// Three decimals, and C's words for what is no number.
fn decimals(value: f64) -> String {
    match (value.is_nan(), value.is_sign_negative()) {
        (true, true) => "-nan".to_owned(),
        (true, false) => "nan".to_owned(),
        _ => format!("{value:.3}"),
    }
}

/// Three decimals unless the number is whole, as far as C's `int` goes.
fn number(value: f64) -> String {
    let small = (f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(&value);
    if small && value.trunc() == value {
        format!("{value:.0}")
    } else {
        decimals(value)
    }
}

/// The reading if it can be used.
pub(super) fn usable(reading: Option<SensorReading>) -> Option<SensorReading> {
    reading.filter(|reading| reading.available && reading.scanning)
}

/// What stands in place of a reading that cannot be used.
fn absent(reading: Option<SensorReading>) -> String {
    match reading {
        Some(reading) if !reading.scanning => "Disabled".to_owned(),
        _ => "No Reading".to_owned(),
    }
}

struct Fields(Map<String, Value>);

impl Fields {
    fn set(&mut self, name: &str, value: impl Into<String>) {
        self.0.insert(name.to_owned(), Value::String(value.into()));
    }

    fn thresholds(&mut self, sensor: &Sensor) {
        let record = &sensor.record;
        let reading = usable(sensor.reading);
        self.set(
            "Sensor Reading",
            reading.map_or_else(|| absent(sensor.reading), |reading| analog(record, reading)),
        );
        self.set("Status", reading.map_or("Not Available", status));
        if let Some(full) = &record.full {
            self.full(record, full);
        }
        self.hysteresis(record);
        if let Some(full) = &record.full {
            self.range(record, full);
        }
        self.event_control(record);
        self.access("Readable Thresholds", record.access, record.readable);
        self.access("Settable Thresholds", record.access, record.settable);
        if !record.reported.is_empty() {
            self.set("Threshold Read Mask", threshold_names(record.reported));
        }
        self.threshold_events(
            sensor.status,
            "Event Status",
            "Assertion Events",
            "Deassertion Events",
        );
        self.threshold_events(
            sensor.enabled,
            "Event Enable",
            "Assertions Enabled",
            "Deassertions Enabled",
        );
    }

    fn full(&mut self, record: &SensorRecord, full: &Full) {
        let conversion = full.conversion.as_ref();
        for (name, raw) in [
            ("Nominal Reading", full.nominal),
            ("Normal Minimum", full.normal_min),
            ("Normal Maximum", full.normal_max),
        ] {
            if let Some(raw) = raw {
                self.set(name, converted(conversion, raw));
            }
        }
        for (name, threshold) in THRESHOLD_FIELDS {
            if record.thresholds_initialised && record.readable.has(threshold) {
                self.set(name, converted(conversion, full.threshold(threshold)));
            }
        }
    }

    fn hysteresis(&mut self, record: &SensorRecord) {
        for (name, raw) in [
            ("Positive Hysteresis", record.positive_hysteresis),
            ("Negative Hysteresis", record.negative_hysteresis),
        ] {
            let text = match record.conversion().map(|c| c.difference(raw)) {
                _ if raw == 0x00 || raw == 0xff => "Unspecified".to_owned(),
                Some(0.0) => "Unspecified".to_owned(),
                Some(difference) => decimals(difference),
                None => format!("0x{raw:02X}"),
            };
            self.set(name, text);
        }
    }

    fn range(&mut self, record: &SensorRecord, full: &Full) {
        let format = AnalogFormat::from_bits(record.format_bits);
        let (no_min, no_max) = match format {
            Some(AnalogFormat::Unsigned) => (Some(0x00), Some(0xff)),
            Some(AnalogFormat::OnesComplement) => (Some(0xff), Some(0x00)),
            Some(AnalogFormat::TwosComplement) => (Some(0x80), Some(0x7f)),
            None => (None, None),
        };
        let conversion = full.conversion.as_ref();
        for (name, raw, unspecified) in [
            ("Minimum sensor range", full.sensor_min, no_min),
            ("Maximum sensor range", full.sensor_max, no_max),
        ] {
            let zero = conversion.is_some_and(|conversion| conversion.value(raw) == 0.0);
            let text = if unspecified == Some(raw) || zero {
                "Unspecified".to_owned()
            } else {
                converted(conversion, raw)
            };
            self.set(name, text);
        }
    }

    fn event_control(&mut self, record: &SensorRecord) {
        let control = EVENT_CONTROL
            .get(usize::from(record.event_control))
            .copied()
            .unwrap_or_default();
        self.set("Event Message Control", control);
    }

    fn access(&mut self, name: &str, access: ThresholdAccess, thresholds: Thresholds) {
        let text = match access {
            ThresholdAccess::None => "No Thresholds".to_owned(),
            ThresholdAccess::Fixed => "Thresholds Fixed".to_owned(),
            ThresholdAccess::Masked => threshold_names(thresholds),
        };
        self.set(name, text);
    }

    fn threshold_events(
        &mut self,
        events: Option<SensorEvents>,
        flag: &str,
        asserted: &str,
        deasserted: &str,
    ) {
        let Some(events) = events else { return };
        if flag == "Event Status" && !events.available {
            self.set(flag, "Unavailable");
            return;
        }
        if !events.messages {
            self.set(flag, "Event Messages Disabled");
        }
        self.set(asserted, states::threshold_events(events.assertions));
        // Of those in force `ipmitool` shows none unless both bytes of the mask have some.
        let [low, high] = events.deassertions.to_le_bytes();
        let shown = match flag {
            "Event Status" => low != 0 && high != 0,
            _ => events.deassertions != 0,
        };
        if shown {
            self.set(deasserted, states::threshold_events(events.deassertions));
        }
    }

    fn discrete(&mut self, sensor: &Sensor) {
        let record = &sensor.record;
        let reading = usable(sensor.reading);
        self.set(
            "Sensor Reading",
            reading.map_or_else(
                || absent(sensor.reading),
                |reading| format!("{:x}h", reading.raw),
            ),
        );
        self.event_control(record);
        let mask = sensor
            .reading
            .filter(|reading| reading.scanning)
            .map(|reading| u16::from(reading.states) | u16::from(reading.more_states) << 8);
        self.states("States Asserted", record, mask.unwrap_or(0));
        for (events, flag, asserted, deasserted) in [
            (
                sensor.status,
                "Event Status",
                "Assertion Events",
                "Deassertion Events",
            ),
            (
                sensor.enabled,
                "Event Enable",
                "Assertions Enabled",
                "Deassertions Enabled",
            ),
        ] {
            let Some(events) = events else { continue };
            if flag == "Event Status" && !events.available {
                self.set(flag, "Unavailable");
                continue;
            }
            if !events.messages {
                self.set(flag, "Event Messages Disabled");
            }
            self.states(asserted, record, events.assertions);
            self.states(deasserted, record, events.deassertions);
        }
        self.set("OEM", format!("{:X}", record.oem));
    }

    /// The states themselves stand on lines of their own that Ironic does not read, but for those with
    /// a colon in their name; the field holds the sensor type.
    fn states(&mut self, name: &str, record: &SensorRecord, mask: u16) {
        if mask & 0x7fff != 0 && states::are_named(record.sensor_type, record.event_type) {
            self.set(name, vocabulary::sensor_type(record.sensor_type));
            for (_, name, rest) in states::read_as_fields(record.event_type, mask) {
                self.set(name, *rest);
            }
        }
    }
}

fn analog(record: &SensorRecord, reading: SensorReading) -> String {
    let unit = vocabulary::unit(&record.unit);
    match (&record.full, record.conversion()) {
        (_, Some(conversion)) => format!(
            "{} (+/- {}) {unit}",
            number(conversion.value(reading.raw)),
            number(conversion.tolerance_value()),
        ),
        // Without a conversion no unit is shown.
        (Some(full), None) => format!("0x{:02X} (+/- 0x{:02X})", reading.raw, full.tolerance),
        (None, None) => format!("0x{:02X}", reading.raw),
    }
}

/// The worst threshold that is crossed, or `ok`.
pub(super) fn status(reading: SensorReading) -> &'static str {
    let crossed = Thresholds::from_bits(reading.states);
    STATUS
        .iter()
        .find(|row| crossed.has(row.0))
        .map_or("ok", |row| row.1)
}

fn threshold_names(thresholds: Thresholds) -> String {
    let names = THRESHOLD_NAMES.map(|row| row.0);
    states::names(&names, |index| {
        THRESHOLD_NAMES
            .get(index)
            .is_some_and(|row| thresholds.has(row.1))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use drivers_ipmi_client::sdr::THRESHOLDS;

    #[test]
    fn numbers_have_three_decimals_unless_whole() {
        assert_eq!(number(40.0), "40");
        assert_eq!(number(12.028), "12.028");
        assert_eq!(number(-1.0), "-1");
        assert_eq!(number(3e9), "3000000000.000");
        assert_eq!(number(f64::NAN), "nan");
    }

    #[test]
    fn the_worst_threshold_is_the_status() {
        let reading = |states| SensorReading {
            raw: 0,
            available: true,
            scanning: true,
            states,
            more_states: 0,
        };
        assert_eq!(status(reading(0)), "ok");
        assert_eq!(status(reading(0b00_1000)), "Upper Non-Critical");
        assert_eq!(status(reading(0b01_1000)), "Upper Critical");
        assert_eq!(status(reading(0b11_1000)), "Upper Non-Recoverable");
        assert_eq!(status(reading(0b00_0011)), "Lower Critical");
    }

    #[test]
    fn every_threshold_has_a_field_and_a_name() {
        for threshold in THRESHOLDS {
            assert!(THRESHOLD_FIELDS.iter().any(|row| row.1 == threshold));
            assert!(THRESHOLD_NAMES.iter().any(|row| row.1 == threshold));
            assert!(STATUS.iter().any(|row| row.0 == threshold));
        }
    }
}
