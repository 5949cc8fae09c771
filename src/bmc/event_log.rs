//! `sel`: the system event log.

use chrono::DateTime;
use drivers_ipmi_client::event::{Event, EventTime};
use drivers_ipmi_client::{Error, Operation};
use serde_json::{Value, json};

use super::report::Report;
use crate::terminal;

/// Reads every entry.
pub(super) async fn list(bmc: &mut Operation) -> Result<Report, Error> {
    let records = bmc.event_log().await?;
    let events: Vec<Event> = records.iter().map(|record| record.event()).collect();
    let rows: Vec<[String; 5]> = events.iter().map(row).collect();
    let json = records
        .iter()
        .zip(&events)
        .map(|(record, event)| document(event, &record.bytes))
        .collect();
    Ok(Report {
        lines: terminal::table(["Id", "Time (UTC)", "Sensor", "Event", "Direction"], &rows),
        json: Value::Array(json),
    })
}

/// Erases the log.
pub(super) async fn clear(bmc: &mut Operation, address: &str) -> Result<Report, Error> {
    bmc.clear_event_log().await?;
    Ok(Report {
        lines: vec![format!("erased the event log of BMC {address}")],
        json: json!({"cleared": true}),
    })
}

fn row(event: &Event) -> [String; 5] {
    let time = match event.time {
        EventTime::At(_) => date(event.time)
            .map(|date| date.replace('T', " ").replace('Z', ""))
            .unwrap_or_default(),
        EventTime::SinceStart(seconds) => format!("{seconds} s after start"),
        EventTime::Unknown => "unknown".to_owned(),
    };
    let sensor = event.sensor.as_ref().map_or_else(String::new, |sensor| {
        format!("{} {:#04x}", sensor.kind, sensor.number)
    });
    [
        event.id.to_string(),
        time,
        sensor,
        event.what.clone(),
        direction(event).unwrap_or_default().to_owned(),
    ]
}

fn document(event: &Event, bytes: &[u8]) -> Value {
    let raw: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    json!({
        "id": event.id,
        "time": date(event.time),
        "seconds_after_start": match event.time {
            EventTime::SinceStart(seconds) => Some(seconds),
            EventTime::At(_) | EventTime::Unknown => None,
        },
        "sensor_type": event.sensor.as_ref().map(|sensor| &sensor.kind),
        "sensor_number": event.sensor.as_ref().map(|sensor| sensor.number),
        "event": event.what,
        "direction": direction(event),
        "raw": raw,
    })
}

/// ISO 8601, if the BMC's clock was set.
fn date(time: EventTime) -> Option<String> {
    let EventTime::At(seconds) = time else {
        return None;
    };
    let date = DateTime::from_timestamp(i64::from(seconds), 0)?;
    Some(date.format("%Y-%m-%dT%H:%M:%SZ").to_string())
}

fn direction(event: &Event) -> Option<&'static str> {
    event
        .asserted
        .map(|asserted| if asserted { "asserted" } else { "deasserted" })
}
