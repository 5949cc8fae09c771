//! `Manager`: the BMC itself.

use serde_json::{Value, json};

use super::view;
use crate::{Result, resource_path::ResourcePath, wire_enum::wire_enum};

/// The action that restarts the BMC.
pub const RESET: &str = "#Manager.Reset";

wire_enum! {
    /// `ConnectTypesSupported` of the consoles.
    ConsoleType {
        /// SSH.
        Ssh = "SSH",
        /// Telnet.
        Telnet = "Telnet",
        /// IPMI serial over LAN.
        Ipmi = "IPMI",
        /// Keyboard, video and mouse over IP.
        KvmIp = "KVMIP",
        /// The vendor's own.
        Oem = "Oem",
    }
}

/// `SerialConsole`, `GraphicalConsole` or `CommandShell`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Console {
    /// `ServiceEnabled`.
    pub enabled: Option<bool>,
    /// `MaxConcurrentSessions`.
    pub max_sessions: Option<i64>,
    /// `ConnectTypesSupported`, those known.
    pub types: Vec<ConsoleType>,
}

view! {
    /// View of a `Manager`.
    Manager
}

impl Manager {
    /// `FirmwareVersion`.
    pub fn firmware_version(&self) -> Result<Option<&str>> {
        self.document().field("FirmwareVersion").text()
    }

    /// `Model`.
    pub fn model(&self) -> Result<Option<&str>> {
        self.document().field("Model").text()
    }

    /// `DateTime`, ISO 8601.
    pub fn date_time(&self) -> Result<Option<&str>> {
        self.document().field("DateTime").text()
    }

    /// `DateTimeLocalOffset`, for example `+00:00`.
    pub fn date_time_local_offset(&self) -> Result<Option<&str>> {
        self.document().field("DateTimeLocalOffset").text()
    }

    /// `VirtualMedia`, on BMCs that don't have it at the system.
    pub fn virtual_media(&self) -> Result<Option<ResourcePath>> {
        self.document().field("VirtualMedia").link()
    }

    /// A console: `SerialConsole`, `GraphicalConsole` or `CommandShell`.
    pub fn console(&self, name: &str) -> Result<Option<Console>> {
        let console = self.document().field(name);
        if !console.is_present() {
            return Ok(None);
        }
        Ok(Some(Console {
            enabled: console.field("ServiceEnabled").boolean()?,
            max_sessions: console.field("MaxConcurrentSessions").integer()?,
            types: console
                .field("ConnectTypesSupported")
                .texts()?
                .into_iter()
                .filter_map(ConsoleType::from_wire)
                .collect(),
        }))
    }
}

/// The body that sets the BMC's clock. `offset` is left as it is if `None`.
pub fn clock(date_time: &str, offset: Option<&str>) -> Value {
    match offset {
        Some(offset) => json!({"DateTime": date_time, "DateTimeLocalOffset": offset}),
        None => json!({"DateTime": date_time}),
    }
}
