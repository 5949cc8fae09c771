//! Which of the ways to a serial port is taken.

use drivers_redfish_client::schema::manager::{self, ConsoleType};
use drivers_redfish_client::schema::serial_console::SerialConsole;
use serde_json::{Value, json};
use url::Url;

/// Longest `ConsoleURI`, in bytes.
const URI_MAX: usize = 512;

/// A way to a serial port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// A WebSocket of the BMC.
    WebSocket {
        /// Path and query.
        path: String,
    },
    /// An SSH server of the BMC.
    Ssh {
        /// TCP port.
        port: u16,
        /// What is typed after the login.
        command: Option<String>,
        /// The server's key.
        host_key: Option<String>,
    },
}

impl Way {
    /// The best way that a BMC offers: a WebSocket is authenticated as everything else is, so it is
    /// preferred. `older` is what the manager says, where the system says nothing.
    ///
    /// # Errors
    /// What completes "The BMC ...".
    pub(super) fn choose(
        console: Option<&SerialConsole>,
        older: Option<&manager::Console>,
        origin: &Url,
    ) -> Result<Way, String> {
        if let Some(console) = console {
            if let Some(uri) = &console.websocket {
                return own_path(uri, origin).map(|path| Way::WebSocket { path });
            }
            if let Some(ssh) = &console.ssh {
                return Ok(Way::Ssh {
                    port: ssh.port,
                    command: ssh.command.clone(),
                    host_key: None,
                });
            }
            return Err(if console.ipmi {
                "offers its serial console over IPMI only: use the console interface ipmitool-socat"
            } else {
                "has its serial console switched off, both over a WebSocket and SSH"
            }
            .to_owned());
        }
        match older {
            Some(older) if older.enabled == Some(false) => {
                Err("has its serial console switched off".to_owned())
            }
            Some(older) if older.types.contains(&ConsoleType::Ssh) => Ok(Way::Ssh {
                port: 22,
                command: None,
                host_key: None,
            }),
            Some(older) if older.types.contains(&ConsoleType::Ipmi) => Err(
                "offers its serial console over IPMI only: use the console interface ipmitool-socat"
                    .to_owned(),
            ),
            _ => Err("offers no serial console over a WebSocket or SSH".to_owned()),
        }
    }

    /// As it is kept with the node.
    pub(super) fn to_value(&self) -> Value {
        match self {
            Way::WebSocket { path } => json!({"type": "websocket", "path": path}),
            Way::Ssh {
                port,
                command,
                host_key,
            } => json!({"type": "ssh", "port": port, "command": command, "host_key": host_key}),
        }
    }

    /// What [`Way::to_value`] made; nothing for anything else.
    pub(super) fn from_value(value: &Value) -> Option<Way> {
        let text = |name: &str| Some(value.get(name)?.as_str()?.to_owned());
        match value.get("type")?.as_str()? {
            "websocket" => Some(Way::WebSocket {
                path: text("path")?,
            }),
            "ssh" => Some(Way::Ssh {
                port: u16::try_from(value.get("port")?.as_u64()?).ok()?,
                command: text("command"),
                host_key: text("host_key"),
            }),
            _ => None,
        }
    }

    /// The key in it.
    pub(super) fn into_host_key(self) -> Option<String> {
        match self {
            Way::Ssh { host_key, .. } => host_key,
            Way::WebSocket { .. } => None,
        }
    }
}

/// The path of a `ConsoleURI`. The account goes along, so it must lead to the BMC itself.
fn own_path(uri: &str, origin: &Url) -> Result<String, String> {
    let unusable = || "names a WebSocket for its serial console that is not its own".to_owned();
    if uri.len() > URI_MAX || uri.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(unusable());
    }
    let joined = match uri.strip_prefix("ws") {
        // `ws:` and `wss:` are compared as what they are on the wire.
        Some(rest) if rest.starts_with([':', 's']) => Url::parse(&format!("http{rest}")),
        _ => origin.join(uri),
    };
    let url = joined.map_err(|_| unusable())?;
    let place = |url: &Url| {
        (
            url.scheme().to_owned(),
            url.host_str().map(str::to_owned),
            url.port_or_known_default(),
        )
    };
    let plain = url.username().is_empty() && url.password().is_none();
    if place(&url) != place(origin) || !plain {
        return Err(unusable());
    }
    let query = url.query().map(|query| format!("?{query}"));
    Ok(format!("{}{}", url.path(), query.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use drivers_redfish_client::schema::serial_console::SshConsole;

    fn origin() -> Url {
        Url::parse("https://bmc.example/").unwrap()
    }

    #[test]
    fn a_console_uri_must_lead_to_the_bmc_itself() {
        for own in [
            "/console0",
            "console0",
            "wss://bmc.example/console0",
            "wss://bmc.example:443/console0",
            "https://bmc.example/console0",
        ] {
            assert_eq!(
                own_path(own, &origin()).as_deref(),
                Ok("/console0"),
                "{own}"
            );
        }
        for foreign in [
            "wss://elsewhere/console0",
            "//elsewhere/console0",
            "ws://bmc.example/console0",
            "wss://bmc.example:444/console0",
            "wss://user:word@bmc.example/console0",
            "/a b",
            "javascript:alert(1)",
            "/\r\nHost: x",
        ] {
            assert!(own_path(foreign, &origin()).is_err(), "{foreign}");
        }
    }

    #[test]
    fn a_websocket_is_preferred_and_ipmi_alone_is_named() {
        let mut console = SerialConsole {
            ssh: Some(SshConsole {
                port: 2200,
                command: None,
            }),
            websocket: Some("/console0?x=1".into()),
            ipmi: true,
        };
        let choose = |console: &SerialConsole| Way::choose(Some(console), None, &origin());
        assert_eq!(
            choose(&console),
            Ok(Way::WebSocket {
                path: "/console0?x=1".into()
            })
        );
        console.websocket = None;
        assert!(matches!(choose(&console), Ok(Way::Ssh { port: 2200, .. })));
        console.ssh = None;
        assert!(choose(&console).unwrap_err().contains("ipmitool-socat"));
        console.ipmi = false;
        assert!(choose(&console).unwrap_err().contains("switched off"));
    }

    #[test]
    fn what_managers_said_before_systems_did() {
        let older = manager::Console {
            enabled: Some(true),
            max_sessions: None,
            types: vec![ConsoleType::Ipmi, ConsoleType::Ssh],
        };
        let way = Way::choose(None, Some(&older), &origin());
        assert!(matches!(way, Ok(Way::Ssh { port: 22, .. })));
        assert!(Way::choose(None, None, &origin()).is_err());
    }

    #[test]
    fn a_way_survives_being_kept() {
        for way in [
            Way::WebSocket { path: "/c".into() },
            Way::Ssh {
                port: 2200,
                command: Some("console com2".into()),
                host_key: Some("SHA256:x".into()),
            },
        ] {
            assert_eq!(Way::from_value(&way.to_value()), Some(way));
        }
        assert_eq!(
            Way::from_value(&json!({"type": "ssh", "port": 70000})),
            None
        );
        assert_eq!(Way::from_value(&json!("ssh")), None);
    }
}
