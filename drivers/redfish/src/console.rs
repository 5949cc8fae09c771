//! The `redfish-serial` console: the serial port that a BMC offers over a WebSocket or SSH
//! (`ComputerSystem.SerialConsole`, else `Manager.SerialConsole`), on a TCP port of ours.
//!
//! Ironic 39.0.0 has nothing of that kind: `redfish-graphical` shows a screen, and
//! `ipmitool-socat` needs IPMI. An SSH server's key is remembered with the node when it is seen for
//! the first time, and must be the same ever after, unless `driver_info` names one.

mod way;

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use drivers_console::ssh::{self, Ssh};
use drivers_console::websocket::WebSocketLine;
use drivers_console::{Consoles, Line, NodePort, Offer};
use drivers_interface::{Console, ConsoleInfo, Interface, Property, Task, async_trait};
use drivers_redfish_client::BmcSettings;
use schemas_model::interface::InterfaceKind;
use schemas_model::secret::Secret;
use schemas_model::{Class, Fault, Node};
use serde_json::Value;

use crate::Connections;
use way::Way;

/// The interface's name.
const NAME: &str = "redfish-serial";
/// Where the port is.
const PORT: NodePort = NodePort {
    named: "redfish_terminal_port",
    allocated: "allocated_redfish_terminal_port",
};
/// Where the way to the serial port is kept, for starts while the BMC does not answer.
const KNOWN: &str = "redfish_serial_console";

/// How long a BMC is asked whose answer of before is known: a conductor that starts has many to ask.
const ASK_AGAIN: Duration = Duration::from_secs(5);

const HOST_KEY: &str = "redfish_ssh_host_key";
const COMMAND: &str = "redfish_serial_command";

/// What it reads beside what all Redfish interfaces do.
static PROPERTIES: [Property; 3] = [
    Property {
        name: PORT.named,
        description: "TCP port of the conductor for the node's console. One of [console]port_range if it is not given. Optional.",
    },
    Property {
        name: HOST_KEY,
        description: "Fingerprint of the SSH host key of the BMC, as ssh-keygen -l prints it (SHA256:...). The key seen first is kept if it is not given. Optional.",
    },
    Property {
        name: COMMAND,
        description: "What is typed after logging in to the BMC over SSH to reach the serial port, for example console com2. Default is what the BMC says. Optional.",
    },
];

/// The `redfish-serial` console interface.
#[derive(Debug)]
pub struct RedfishSerial {
    connections: Arc<Connections>,
    consoles: Consoles,
}

impl RedfishSerial {
    /// The interface on shared sessions and consoles.
    pub fn new(connections: &Arc<Connections>, consoles: Consoles) -> Self {
        RedfishSerial {
            connections: Arc::clone(connections),
            consoles,
        }
    }

    /// How the serial port is reached: as the BMC says now, or as it said when it answered last.
    async fn find_way(&self, task: &dyn Task) -> Result<Way, Fault> {
        let node = task.node();
        let known = known_way(node);
        let mut way = match (self.ask(task, known.is_some()).await, &known) {
            (Err(fault), Some(known)) if fault.is_a(Class::RedfishConnectionError) => known.clone(),
            (asked, _) => asked?,
        };
        if let Way::Ssh {
            port,
            command,
            host_key,
        } = &mut way
        {
            if let Some(named) = text(node, COMMAND)? {
                *command = Some(named);
            }
            let before = known.and_then(Way::into_host_key);
            *host_key = match text(node, HOST_KEY)?.or(before) {
                Some(key) => Some(key),
                None => Some(self.meet(task, *port).await?),
            };
        }
        Ok(way)
    }

    /// Asks the BMC; not for long when there is an answer of before.
    async fn ask(&self, task: &dyn Task, is_known: bool) -> Result<Way, Fault> {
        let mut bmc = self.connections.of(task)?;
        if is_known {
            bmc.bmc = bmc.bmc.within(ASK_AGAIN);
        }
        let asking = "ask for its serial console";
        let system = bmc.system().await?;
        let console = system.serial_console().map_err(bmc.failed(asking))?;
        let older = match console {
            Some(_) => None,
            None => {
                let manager = bmc.bmc.manager(&system).await.map_err(bmc.failed(asking))?;
                let older = manager.console("SerialConsole");
                older.map_err(bmc.failed(asking))?
            }
        };
        let origin = bmc.bmc.settings().address.origin();
        Way::choose(console.as_ref(), older.as_ref(), origin).map_err(|why| {
            console_error(format!(
                "The BMC {} of node {} {why}.",
                bmc.address(),
                bmc.node
            ))
        })
    }

    /// Sees the key of the BMC's SSH server for the first time.
    async fn meet(&self, task: &dyn Task, port: u16) -> Result<String, Fault> {
        let bmc = self.connections.of(task)?;
        let settings = bmc.bmc.settings();
        let host = host(settings)?;
        let key = ssh::host_key(&host, port, settings.timeouts.connect)
            .await
            .map_err(|error| console_error(format!("Node {}: {error}.", bmc.node)))?;
        tracing::warn!(
            node.uuid = %bmc.node,
            bmc = host,
            host_key = key,
            "the SSH key of a BMC is seen for the first time, and is trusted from now on"
        );
        Ok(key)
    }

    fn line(&self, task: &dyn Task, way: &Way) -> Result<Arc<dyn Line>, Fault> {
        let bmc = self.connections.of(task)?;
        let settings = bmc.bmc.settings();
        let account = settings.credentials.as_ref();
        let limit = settings.timeouts.connect;
        match way {
            Way::Ssh {
                port,
                command,
                host_key,
            } => {
                let account = account.ok_or_else(|| {
                    Fault::missing_parameter(format!(
                        "The serial console of node {} is reached over SSH, which needs \
                         redfish_username and redfish_password in driver_info.",
                        bmc.node
                    ))
                })?;
                Ok(Arc::new(Ssh {
                    host: host(settings)?,
                    port: *port,
                    username: account.username.clone(),
                    password: account.password.clone(),
                    host_key: host_key.clone().unwrap_or_default(),
                    command: command.clone(),
                    timeout: limit,
                }))
            }
            Way::WebSocket { path } => {
                let origin = settings.address.origin();
                let tls = match origin.scheme() {
                    "https" => Some(settings.tls.client_config().map_err(console_error)?),
                    _ => None,
                };
                Ok(Arc::new(WebSocketLine {
                    host: host(settings)?,
                    port: origin.port_or_known_default().unwrap_or(443),
                    path: path.clone(),
                    tls: tls.map(Arc::new),
                    authorization: account.map(|account| {
                        let text = format!("{}:{}", account.username, account.password.expose());
                        Secret::new(format!("Basic {}", STANDARD.encode(text)))
                    }),
                    timeout: limit,
                }))
            }
        }
    }
}

#[async_trait]
impl Interface for RedfishSerial {
    fn name(&self) -> &'static str {
        NAME
    }

    fn kind(&self) -> InterfaceKind {
        InterfaceKind::Console
    }

    fn properties(&self) -> &'static [Property] {
        &PROPERTIES
    }

    async fn validate(&self, task: &dyn Task) -> Result<(), Fault> {
        self.connections.of(task)?;
        let node = task.node();
        text(node, HOST_KEY)?;
        text(node, COMMAND)?;
        PORT.check(named_port(node)?, task.config())
    }
}

#[async_trait]
impl Console for RedfishSerial {
    async fn start(&self, task: &mut dyn Task) -> Result<(), Fault> {
        let way = self.find_way(task).await?;
        let line = self.line(task, &way)?;
        let node = task.node();
        let named = named_port(node)?;
        let offer = Offer {
            node: node.uuid.clone(),
            interface: NAME,
            line,
            port: PORT.wish(node, named),
        };
        let config = Arc::clone(task.config());
        let port = self.consoles.start(offer, &config).await?;
        let node = task.node_mut();
        node.driver_internal_info.set(KNOWN, way.to_value());
        PORT.keep(node, named, port);
        Ok(())
    }

    async fn stop(&self, task: &mut dyn Task) -> Result<(), Fault> {
        self.consoles.stop(&task.node().uuid).await;
        // The way stays, for the host key in it.
        PORT.forget(task.node_mut());
        Ok(())
    }

    async fn info(&self, task: &mut dyn Task) -> Result<Option<ConsoleInfo>, Fault> {
        let node = task.node();
        let port = match self.consoles.port(&node.uuid) {
            Some(port) => Some(port),
            None => named_port(node)?.or_else(|| PORT.allocated(node)),
        };
        Ok(port.map(|port| ConsoleInfo {
            r#type: "socat".to_owned(),
            url: Consoles::address(task.config(), port),
        }))
    }
}

fn console_error(text: impl Into<std::borrow::Cow<'static, str>>) -> Fault {
    Fault::new(Class::ConsoleError, text)
}

fn known_way(node: &Node) -> Option<Way> {
    Way::from_value(node.driver_internal_info.member(KNOWN)?)
}

/// A text in `driver_info`, if it is given.
fn text(node: &Node, name: &str) -> Result<Option<String>, Fault> {
    match node.driver_info.member(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.len() <= 256 && !text.chars().any(char::is_control) => {
            Ok(Some(text.clone()).filter(|text| !text.is_empty()))
        }
        Some(_) => Err(Fault::invalid_parameter(format!(
            "driver_info/{name} on node {} should be a short text on one line.",
            node.uuid
        ))),
    }
}

fn named_port(node: &Node) -> Result<Option<u16>, Fault> {
    let given = match node.driver_info.member(PORT.named) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) => text.trim().parse().ok(),
        Some(number) => number
            .as_u64()
            .and_then(|number| u16::try_from(number).ok()),
    };
    given.filter(|port| *port != 0).map(Some).ok_or_else(|| {
        Fault::invalid_parameter(format!(
            "driver_info/{} on node {} is not a valid port.",
            PORT.named, node.uuid
        ))
    })
}

/// The BMC's host, without the brackets of an IPv6 address.
fn host(settings: &BmcSettings) -> Result<String, Fault> {
    let host = settings.address.origin().host_str();
    let host = host.ok_or_else(|| console_error("The address of the BMC has no host."))?;
    Ok(host.trim_matches(['[', ']']).to_owned())
}
