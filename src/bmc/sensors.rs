//! `sensors`: what every sensor reads.

use drivers_ipmi::Reading;
use drivers_ipmi_client::{Error, Operation};
use serde_json::{Value, json};

use super::report::{Report, printable};
use crate::terminal;

/// Reads every sensor of the repository.
pub(super) async fn read(bmc: &mut Operation) -> Result<Report, Error> {
    let sensors = bmc.sensors().await?;
    let readings: Vec<Reading> = sensors.iter().map(Reading::from).collect();
    let rows: Vec<[String; 5]> = readings.iter().map(row).collect();
    let json = readings.iter().map(document).collect();
    Ok(Report {
        lines: terminal::table(["Sensor", "Number", "Type", "Reading", "Status"], &rows),
        json: Value::Array(json),
    })
}

fn row(reading: &Reading) -> [String; 5] {
    let value = reading.value.map_or_else(String::new, |value| {
        let text = format!("{} {}", rounded(value), reading.unit);
        text.trim_end().to_owned()
    });
    [
        printable(&reading.name),
        format!("{:#04x}", reading.number),
        reading.kind.to_owned(),
        value,
        reading
            .status
            .clone()
            .unwrap_or_else(|| "no reading".to_owned()),
    ]
}

fn document(reading: &Reading) -> Value {
    json!({
        "name": reading.name,
        "number": reading.number,
        "type": reading.kind,
        "value": reading.value.map(rounded),
        "unit": (!reading.unit.is_empty()).then_some(&reading.unit),
        "status": reading.status,
    })
}

/// Three decimals: more than any sensor has.
fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}
