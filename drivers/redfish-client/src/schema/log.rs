//! `LogService` and `LogEntry`: what a BMC has noted of its machine.

use super::view;
use crate::{Result, resource_path::ResourcePath};

/// The action that erases a log.
pub const CLEAR: &str = "#LogService.ClearLog";

/// THE table of what manufacturers call the log that takes the place of IPMI's system event log, in
/// the order of preference: iDRAC, XCC and OpenBMC with IPMI `Sel`; iLO `IML`; OpenBMC `EventLog`;
/// iBMC and Supermicro `Log1`; XCC `PlatformLog`.
const EVENT_LOGS: &[&str] = &["SEL", "IML", "EventLog", "Log1", "PlatformLog"];

view! {
    /// View of a `LogService`.
    LogService
}

impl LogService {
    /// `LogEntryType`, for example `SEL`.
    pub fn entry_type(&self) -> Result<Option<&str>> {
        self.document().field("LogEntryType").text()
    }

    /// The collection of its entries.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Missing`].
    pub fn entries(&self) -> Result<ResourcePath> {
        let entries = self.document().field("Entries").link()?;
        entries.ok_or_else(|| self.document().missing("Entries"))
    }

    /// The log among these that holds what happened to the machine: one of entries of type `SEL`,
    /// one with a known name, or the first. A log that can't be made sense of is the last choice.
    pub fn of_events(logs: Vec<LogService>) -> Option<LogService> {
        let rank = |log: &LogService| {
            if log.entry_type().ok().flatten() == Some("SEL") {
                return 0;
            }
            let id = log.id().unwrap_or_default();
            let known = EVENT_LOGS
                .iter()
                .position(|name| id.eq_ignore_ascii_case(name));
            1 + known.unwrap_or(EVENT_LOGS.len())
        };
        logs.into_iter().min_by_key(rank)
    }
}

view! {
    /// View of a `LogEntry`.
    LogEntry
}

impl LogEntry {
    fn text(&self, name: &str) -> Result<Option<String>> {
        let text = self.document().field(name).scalar_text()?;
        Ok(text.filter(|text| !text.is_empty()))
    }

    /// `Created`: ISO 8601, with the BMC's offset.
    pub fn created(&self) -> Result<Option<String>> {
        self.text("Created")
    }

    /// `Severity`: `OK`, `Warning`, `Critical`.
    pub fn severity(&self) -> Result<Option<String>> {
        self.text("Severity")
    }

    /// `Message`, for people.
    pub fn message(&self) -> Result<Option<String>> {
        self.text("Message")
    }

    /// `MessageId`.
    pub fn message_id(&self) -> Result<Option<String>> {
        self.text("MessageId")
    }

    /// `SensorType`, of entries of type `SEL`.
    pub fn sensor_type(&self) -> Result<Option<String>> {
        self.text("SensorType")
    }

    /// `SensorNumber`, of entries of type `SEL`.
    pub fn sensor_number(&self) -> Result<Option<i64>> {
        self.document().field("SensorNumber").integer()
    }

    /// `EntryCode`, of entries of type `SEL`: for example `Assert`.
    pub fn entry_code(&self) -> Result<Option<String>> {
        self.text("EntryCode")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::document::tests::document;

    #[test]
    fn the_log_of_events_is_found_among_others() {
        let chosen = |bodies: &[Value]| {
            let logs = bodies
                .iter()
                .map(|body| LogService::new(document("/l", body.clone())));
            let log = LogService::of_events(logs.collect());
            log.map(|log| log.id().unwrap_or("odd").to_owned())
        };
        let (audit, sel) = (json!({"Id": "AuditLog"}), json!({"Id": "Sel"}));
        assert_eq!(chosen(&[]), None);
        assert_eq!(
            chosen(std::slice::from_ref(&audit)).as_deref(),
            Some("AuditLog")
        );
        assert_eq!(
            chosen(&[audit.clone(), sel.clone()]).as_deref(),
            Some("Sel")
        );
        let typed = json!({"Id": "1", "LogEntryType": "SEL"});
        assert_eq!(chosen(&[sel, typed]).as_deref(), Some("1"));
        let hpe = [json!({"Id": "Event"}), json!({"Id": "IML"})];
        assert_eq!(chosen(&hpe).as_deref(), Some("IML"));
        let odd = [json!({"Id": 7, "LogEntryType": []}), audit];
        assert!(chosen(&odd).is_some());
    }
}
