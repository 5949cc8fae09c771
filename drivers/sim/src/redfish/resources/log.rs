//! The event log, beside a log of what people have done.

use serde_json::{Value, json};

use super::{Hardware, Model, Tree, action, healthy};

/// THE table of entries: severity, text, sensor type and number, what they say of the sensor.
const ENTRIES: [(&str, &str, &str, u8, &str); 3] = [
    (
        "OK",
        "The power supply PSU 1 is present.",
        "Power Supply / Converter",
        0x51,
        "Assert",
    ),
    (
        "Critical",
        "The temperature CPU1 Temp is above its critical threshold.",
        "Temperature",
        0x02,
        "Assert",
    ),
    (
        "OK",
        "The temperature CPU1 Temp is below its critical threshold again.",
        "Temperature",
        0x02,
        "Deassert",
    ),
];

pub(super) fn add(tree: &mut Tree, model: &Model, _: &Hardware) {
    let logs = model.logs();
    let (audit, events) = (format!("{logs}/AuditLog"), model.event_log());
    let members = [audit.clone(), events.clone()];
    tree.put_collection(model, &logs, "LogServiceCollection", &members);
    put_service(tree, model, &audit, false);
    put_service(tree, model, &events, model.log_clears);
    empty(tree, model, &audit);
    empty(tree, model, &events);
    let entries = format!("{events}/Entries");
    for (index, (severity, text, sensor, number, code)) in ENTRIES.iter().enumerate() {
        let id = index + 1;
        let path = format!("{entries}/{id}");
        let entry = json!({
            "Id": id.to_string(),
            "Name": format!("Log Entry {id}"),
            "EntryType": "SEL",
            "EntryCode": code,
            "Severity": severity,
            "Created": format!("2026-01-01T01:00:{id:02}+01:00"),
            "SensorType": sensor,
            "SensorNumber": number,
            "Message": text,
            "MessageId": format!("{number:#04x}")
        });
        tree.put(model, &path, "LogEntry.v1_8_0.LogEntry", entry);
        tree.join(model, &entries, &path);
    }
}

/// A log loses all its entries.
pub(in crate::redfish) fn empty(tree: &mut Tree, model: &Model, log: &str) {
    let entries = format!("{log}/Entries");
    tree.remove(&entries);
    tree.put_collection(model, &entries, "LogEntryCollection", &[]);
    tree.change(log, &json!({ "Entries": model.link(&entries) }));
}

fn put_service(tree: &mut Tree, model: &Model, path: &str, clears: bool) {
    let id = path.rsplit('/').next().unwrap_or_default();
    let mut service = json!({
        "Id": id,
        "Name": format!("{id} Service"),
        "ServiceEnabled": true,
        "MaxNumberOfRecords": 1000,
        "OverWritePolicy": "WrapsWhenFull",
        "DateTime": "2026-01-01T00:00:00+00:00",
        "Status": healthy()
    });
    if clears {
        service["Actions"] = action(path, "LogService.ClearLog", None);
    }
    let kind = "LogService.v1_2_0.LogService";
    tree.put(model, path, kind, service);
}

/// The link of the resource that has the logs.
pub(super) fn link(model: &Model) -> Value {
    model.link(&model.logs())
}
