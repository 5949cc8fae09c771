//! Sensor readings under the names and labels that ironic-prometheus-exporter 4.10 gives them.
//!
//! The names follow from what the BMC calls its sensors; a test compares with the exporter's own
//! output. Only numbers and states that the exporter understands become samples.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Map, Value};

/// One reading.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// `baremetal_...`
    pub name: String,
    /// What Prometheus says about it.
    pub help: &'static str,
    /// Names and values.
    pub labels: Vec<(String, String)>,
    /// The reading.
    pub value: f64,
}

/// Whose readings they are.
#[derive(Clone, Copy, Debug)]
pub struct Source<'s> {
    /// The hardware type decides the shape of the readings.
    pub driver: &'s str,
    /// `node_name`
    pub name: Option<&'s str>,
    /// `node_uuid`
    pub uuid: &'s str,
    /// `instance_uuid`; the node's own when there is none.
    pub instance_uuid: Option<&'s str>,
    /// When they were taken, in seconds since 1970.
    pub at: i64,
}

impl Source<'_> {
    fn labels(&self) -> Vec<(String, String)> {
        let instance = self.instance_uuid.unwrap_or(self.uuid);
        let mut labels = vec![
            ("node_uuid".to_owned(), self.uuid.to_owned()),
            ("instance_uuid".to_owned(), instance.to_owned()),
        ];
        if let Some(name) = self.name.filter(|name| !name.is_empty()) {
            labels.push(("node_name".to_owned(), name.to_owned()));
        }
        labels
    }
}

/// The samples of one node.
pub fn samples(source: &Source<'_>, readings: &Map<String, Value>) -> Vec<Sample> {
    #[allow(clippy::cast_precision_loss, reason = "seconds since 1970 fit")]
    let at = source.at as f64;
    let mut samples = vec![Sample {
        name: "baremetal_last_payload_timestamp_seconds".to_owned(),
        help: "When the sensors of the node were read last",
        labels: source.labels(),
        value: at,
    }];
    match source.driver {
        "ipmi" | "intel-ipmi" => of_ipmi(source, readings, &mut samples),
        "redfish" | "idrac" | "ibmc" => of_redfish(source, readings, &mut samples),
        _ => {}
    }
    samples
}

/// How the sensors of one IPMI type are named and read.
struct Category {
    sensor_type: &'static str,
    prefix: &'static str,
    suffix: &'static str,
    unit: bool,
    style: Style,
    help: &'static str,
}

/// What is taken off a sensor's name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Plain,
    Fan,
    Voltage,
    Memory,
}

const fn category(
    sensor_type: &'static str,
    prefix: &'static str,
    suffix: &'static str,
    style: Style,
    help: &'static str,
) -> Category {
    Category {
        sensor_type,
        prefix,
        suffix,
        unit: matches!(style, Style::Fan | Style::Voltage),
        style,
        help,
    }
}

/// THE table of IPMI sensor types; others are not shown.
const CATEGORIES: &[Category] = &[
    category(
        "management",
        "baremetal_",
        "",
        Style::Plain,
        "Management subsystem, 0 when normal",
    ),
    category(
        "temperature",
        "baremetal_",
        "_celsius",
        Style::Plain,
        "Temperature",
    ),
    category(
        "system",
        "baremetal_system_",
        "",
        Style::Plain,
        "System state, 0 when normal",
    ),
    category("current", "baremetal_", "", Style::Plain, "Current"),
    category(
        "version",
        "baremetal_",
        "",
        Style::Plain,
        "Version change, 0 when normal",
    ),
    category(
        "memory",
        "baremetal_",
        "",
        Style::Memory,
        "Memory state, 0 when normal",
    ),
    category(
        "power",
        "baremetal_power_",
        "",
        Style::Plain,
        "Power supply state, 0 when normal",
    ),
    category(
        "watchdog2",
        "baremetal_",
        "",
        Style::Plain,
        "Watchdog state, 0 when normal",
    ),
    category(
        "fan",
        "baremetal_",
        "",
        Style::Fan,
        "Fan speed, or its state, 0 when normal",
    ),
    category(
        "voltage",
        "baremetal_voltage_",
        "",
        Style::Voltage,
        "Voltage, or its state, 0 when normal",
    ),
];

/// A pattern that is a constant and known to be one.
macro_rules! pattern {
    ($name:ident, $text:literal) => {
        static $name: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new($text).ok());
    };
}

pattern!(FAN, r"fan\d*[a-z]*");
pattern!(BRACKETS, r"\(.*\)");
pattern!(VOLTS, r"([\d+]v)|([\d+].[\d*]v)");
pattern!(DIGITS, r"\d+");
pattern!(NO_WORD, r"\W");
pattern!(UNDERSCORES, r"_+");

fn replaced(pattern: &Option<Regex>, text: &str, by: &str) -> String {
    match pattern {
        Some(pattern) => pattern.replace_all(text, by).into_owned(),
        None => text.to_owned(),
    }
}

fn of_ipmi(source: &Source<'_>, readings: &Map<String, Value>, samples: &mut Vec<Sample>) {
    for (sensor_type, sensors) in readings {
        let lower = sensor_type.to_lowercase();
        let category = CATEGORIES.iter().find(|row| row.sensor_type == lower);
        let (Some(category), Some(sensors)) = (category, sensors.as_object()) else {
            continue;
        };
        for (sensor, fields) in sensors {
            let text = |name: &str| fields.get(name).and_then(Value::as_str);
            let Some(value) = text("Sensor Reading").and_then(ipmi_value) else {
                continue;
            };
            let mut labels = source.labels();
            for (label, field) in [
                ("entity_id", "Entity ID"),
                ("sensor_id", "Sensor ID"),
                ("status", "Status"),
            ] {
                if let Some(text) = text(field).filter(|text| !text.is_empty()) {
                    labels.push((label.to_owned(), text.to_owned()));
                }
            }
            samples.push(Sample {
                name: category.metric(sensor, text("Sensor Reading")),
                help: category.help,
                labels,
                value,
            });
        }
    }
}

/// A number with a unit is that number; of states only "nothing is asserted" is 0.
fn ipmi_value(reading: &str) -> Option<f64> {
    if matches!(reading, "No Reading" | "Disabled") {
        return None;
    }
    let mut words = reading.split_whitespace();
    let first = words.next()?;
    if words.next().is_some() {
        first.parse().ok()
    } else if first == "0h" {
        Some(0.0)
    } else {
        Some(1.0)
    }
}

impl Category {
    fn metric(&self, sensor: &str, reading: Option<&str>) -> String {
        let label = match self.style {
            Style::Fan => {
                let name = replaced(&FAN, &sensor.to_lowercase(), "fan");
                let name = replaced(&BRACKETS, &name, "");
                name.split_whitespace().collect::<Vec<_>>().join("_")
            }
            Style::Voltage => {
                let name = replaced(&VOLTS, &sensor.to_lowercase(), "");
                let label = without_number(&name);
                if self.prefix.contains(&label) {
                    String::new()
                } else {
                    label
                }
            }
            Style::Plain => without_number(sensor),
            Style::Memory => {
                let label = without_number(sensor);
                if label.contains("mem") {
                    label
                } else {
                    format!("memory_{label}")
                }
            }
        };
        let mut unit = String::new();
        if self.unit
            && let Some(reading) = reading
        {
            let words: Vec<&str> = reading.split_whitespace().collect();
            if let [_, .., last] = words.as_slice() {
                unit = format!("_{}", last.to_lowercase());
            }
        }
        let name = format!("{}{label}{}{unit}", self.prefix, self.suffix);
        let name = replaced(&NO_WORD, &name, "_");
        replaced(&UNDERSCORES, &name, "_")
    }
}

/// The words of a sensor's name without digits and without the last, which is its number.
fn without_number(sensor: &str) -> String {
    let name = replaced(&DIGITS, sensor, "").to_lowercase();
    let words: Vec<&str> = name.split_whitespace().collect();
    let words = words.split_last().map_or(&[][..], |(_, rest)| rest);
    words.join("_").replace('-', "_")
}

/// How the sensors of one Redfish group are shown.
struct Group {
    name: &'static str,
    status: &'static str,
    help: &'static str,
    /// Fields that are no labels.
    ignored: &'static [&'static str],
}

/// THE table of Redfish groups.
const GROUPS: &[Group] = &[
    Group {
        name: "Temperature",
        status: "baremetal_temperature_status",
        help: "Health of a temperature sensor (0 OK, 1 warning, 2 critical)",
        ignored: &["reading_celsius"],
    },
    Group {
        name: "Power",
        status: "baremetal_power_status",
        help: "Health of a power supply (0 OK, 1 warning, 2 critical)",
        ignored: &["last_power_output_watts", "line_input_voltage"],
    },
    Group {
        name: "Fan",
        status: "baremetal_fan_status",
        help: "Health of a fan (0 OK, 1 warning, 2 critical)",
        ignored: &["reading", "reading_units"],
    },
    Group {
        name: "Drive",
        status: "baremetal_drive_status",
        help: "Health of a drive (0 OK, 1 warning, 2 critical)",
        ignored: &[],
    },
];

fn of_redfish(source: &Source<'_>, readings: &Map<String, Value>, samples: &mut Vec<Sample>) {
    let mut common: BTreeMap<String, String> = BTreeMap::new();
    if let Some(extra) = readings.get("Extra").and_then(Value::as_object) {
        for (key, value) in extra {
            let label = match key.to_lowercase().as_str() {
                "uuid" => "redfish_system_uuid".to_owned(),
                other => other.to_owned(),
            };
            common.insert(label, as_label(value));
        }
    }
    common.extend(source.labels());
    for group in GROUPS {
        let Some(sensors) = readings.get(group.name).and_then(Value::as_object) else {
            continue;
        };
        for (sensor, fields) in sensors {
            let Some(fields) = fields.as_object() else {
                continue;
            };
            let text = |name: &str| fields.get(name).and_then(Value::as_str);
            if !text("state").is_some_and(|state| state.eq_ignore_ascii_case("enabled")) {
                continue;
            }
            let health = text("health").and_then(health_value);
            let mut shown: Vec<(String, &'static str, f64)> = Vec::new();
            if group.name == "Temperature" {
                let context = text("physical_context").filter(|context| !context.is_empty());
                let reading = fields.get("reading_celsius").and_then(Value::as_f64);
                let (Some(context), Some(celsius)) = (context, reading) else {
                    continue;
                };
                let context = replaced(&NO_WORD, &context.to_lowercase(), "_");
                shown.push((
                    format!("baremetal_temp_{context}_celsius"),
                    "Temperature",
                    celsius,
                ));
            }
            if let Some(health) = health {
                shown.push((group.status.to_owned(), group.help, health));
            }
            let mut labels = common.clone();
            for (key, value) in fields {
                if !value.is_null() && !group.ignored.contains(&key.as_str()) {
                    labels.insert(key.clone(), as_label(value));
                }
            }
            labels.insert("sensor_id".to_owned(), sensor.clone());
            let labels: Vec<_> = labels.into_iter().collect();
            for (name, help, value) in shown {
                samples.push(Sample {
                    name,
                    help,
                    labels: labels.clone(),
                    value,
                });
            }
        }
    }
}

fn health_value(health: &str) -> Option<f64> {
    match health {
        "OK" => Some(0.0),
        "Warning" => Some(1.0),
        "Critical" => Some(2.0),
        _ => None,
    }
}

/// A value as Python would print it.
fn as_label(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Messages and what ironic-prometheus-exporter 4.10.0 made of them.
    const RECORDED: &str = include_str!("../../tests/data/exporter.json");

    fn text(sample: &Sample) -> String {
        let mut labels: Vec<String> = sample
            .labels
            .iter()
            .map(|(name, value)| format!("{name}={value:?}"))
            .collect();
        labels.sort();
        format!("{}{{{}}} {}", sample.name, labels.join(","), sample.value)
    }

    #[test]
    fn names_labels_and_values_are_the_exporters() {
        let recorded: Value = serde_json::from_str(RECORDED).unwrap();
        for case in recorded.as_array().unwrap() {
            let message = &case["message"];
            let source = Source {
                driver: case["driver"].as_str().unwrap(),
                name: message["node_name"].as_str(),
                uuid: message["node_uuid"].as_str().unwrap(),
                instance_uuid: message["instance_uuid"].as_str(),
                at: case["at"].as_i64().unwrap(),
            };
            let readings = message["payload"].as_object().unwrap();
            let mut ours: Vec<String> = samples(&source, readings).iter().map(text).collect();
            ours.sort();
            let wanted: Vec<&str> = case["expected"]
                .as_array()
                .unwrap()
                .iter()
                .map(|line| line.as_str().unwrap())
                .collect();
            assert_eq!(ours, wanted);
        }
    }
}
