//! `ComputerSystem.SerialConsole`: how the serial port of a machine is reached (schema 1.13, DMTF
//! DSP0268).

use super::system::ComputerSystem;
use crate::Result;
use crate::document::Field;

/// The ways that are switched on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SerialConsole {
    /// Over SSH.
    pub ssh: Option<SshConsole>,
    /// Over a WebSocket: the `ConsoleURI`.
    pub websocket: Option<String>,
    /// Over IPMI's serial over LAN.
    pub ipmi: bool,
}

/// A serial port behind SSH.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SshConsole {
    /// TCP port; 22 if the BMC names none.
    pub port: u16,
    /// `ConsoleEntryCommand`: what is typed in the BMC's shell to get to the serial port.
    pub command: Option<String>,
}

impl ComputerSystem {
    /// `SerialConsole`, the ways with `ServiceEnabled`; `None` if the system has no such property.
    pub fn serial_console(&self) -> Result<Option<SerialConsole>> {
        let console = self.document().field("SerialConsole");
        if !console.is_present() {
            return Ok(None);
        }
        let ssh = console.field("SSH");
        let websocket = console.field("WebSocket");
        Ok(Some(SerialConsole {
            ssh: match enabled(&ssh)? {
                true => Some(SshConsole {
                    port: port(&ssh)?.unwrap_or(22),
                    command: ssh.field("ConsoleEntryCommand").text()?.map(str::to_owned),
                }),
                false => None,
            },
            websocket: match enabled(&websocket)? {
                true => websocket.field("ConsoleURI").text()?.map(str::to_owned),
                false => None,
            },
            ipmi: enabled(&console.field("IPMI"))?,
        }))
    }
}

/// A protocol that does not say whether it is enabled is not there.
fn enabled(protocol: &Field<'_>) -> Result<bool> {
    Ok(protocol.field("ServiceEnabled").boolean()?.unwrap_or(false))
}

fn port(protocol: &Field<'_>) -> Result<Option<u16>> {
    let port = protocol.field("Port").integer()?;
    Ok(port
        .and_then(|port| u16::try_from(port).ok())
        .filter(|port| *port != 0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BmcName, Document, ResourcePath};
    use serde_json::{Value, json};
    use std::sync::Arc;

    fn system(body: Value) -> ComputerSystem {
        let Value::Object(body) = body else {
            panic!("an object")
        };
        let path = ResourcePath::parse("/redfish/v1/Systems/1").unwrap();
        let bmc = Arc::new(BmcName::from("https://bmc"));
        ComputerSystem::new(Document::new(&bmc, path, None, body))
    }

    /// OpenBMC's answer.
    #[test]
    fn what_openbmc_says() {
        let console = system(json!({"SerialConsole": {
            "IPMI": {"ServiceEnabled": true},
            "MaxConcurrentSessions": 15,
            "SSH": {
                "HotKeySequenceDisplay": "Press ~. to exit console",
                "Port": 2200,
                "ServiceEnabled": true
            }
        }}));
        let console = console.serial_console().unwrap().unwrap();
        assert_eq!(
            console,
            SerialConsole {
                ssh: Some(SshConsole {
                    port: 2200,
                    command: None
                }),
                websocket: None,
                ipmi: true
            }
        );
    }

    #[test]
    fn what_is_off_is_not_there() {
        let off = system(json!({"SerialConsole": {
            "SSH": {"ServiceEnabled": false, "Port": 22},
            "WebSocket": {"ConsoleURI": "/console0"}
        }}));
        assert_eq!(
            off.serial_console().unwrap(),
            Some(SerialConsole::default())
        );
        assert_eq!(system(json!({})).serial_console().unwrap(), None);
    }

    #[test]
    fn a_shell_comes_first_and_nonsense_is_an_error() {
        let shared = system(json!({"SerialConsole": {"SSH": {
            "ServiceEnabled": true, "Port": 70000, "ConsoleEntryCommand": "console com2"}}}));
        let ssh = shared.serial_console().unwrap().unwrap().ssh.unwrap();
        assert_eq!(
            (ssh.port, ssh.command.as_deref()),
            (22, Some("console com2"))
        );
        let wrong = system(json!({"SerialConsole": {"SSH": {"ServiceEnabled": 1}}}));
        assert!(wrong.serial_console().is_err());
    }
}
