//! The `ipmitool-socat` console: serial over LAN on a TCP port, without ipmitool and socat.

mod line;

use std::sync::Arc;

use drivers_console::{Consoles, NodePort, Offer};
use drivers_interface::{Console, ConsoleInfo, Interface, Property, Task, async_trait};
use drivers_ipmi_client::session::Protocol;
use schemas_model::interface::InterfaceKind;
use schemas_model::{Fault, Node};

use crate::bmcs::Bmcs;
use crate::driver_info;
use crate::properties::PROPERTIES;
use line::SerialOverLan;

/// The interface's name; upstream's word for how its console is offered.
const NAME: &str = "ipmitool-socat";
/// Where the port is (Ironic 39.0.0's names).
const PORT: NodePort = NodePort {
    named: driver_info::TERMINAL_PORT,
    allocated: "allocated_ipmi_terminal_port",
};

const TERMINAL_PORT: Property = Property {
    name: PORT.named,
    description: "node's UDP port to connect to. Only required for console access.",
};

/// What all IPMI interfaces read, and the port.
static CONSOLE_PROPERTIES: [Property; PROPERTIES.len() + 1] = {
    let mut all = [TERMINAL_PORT; PROPERTIES.len() + 1];
    let mut index = 0;
    while index < PROPERTIES.len() {
        all[index] = PROPERTIES[index];
        index += 1;
    }
    all
};

/// The `ipmitool-socat` console interface.
#[derive(Debug)]
pub struct IpmitoolSocat {
    bmcs: Bmcs,
    consoles: Consoles,
}

impl IpmitoolSocat {
    /// The interface on shared BMCs and consoles.
    pub const fn new(bmcs: Bmcs, consoles: Consoles) -> Self {
        IpmitoolSocat { bmcs, consoles }
    }
}

#[async_trait]
impl Interface for IpmitoolSocat {
    fn name(&self) -> &'static str {
        NAME
    }

    fn kind(&self) -> InterfaceKind {
        InterfaceKind::Console
    }

    fn properties(&self) -> &'static [Property] {
        &CONSOLE_PROPERTIES
    }

    async fn validate(&self, task: &dyn Task) -> Result<(), Fault> {
        let node = task.node();
        let target = Bmcs::validate(task)?;
        PORT.check(port(node)?, task.config())?;
        if target.parameters.protocol != Protocol::V20 {
            return Err(Fault::invalid_parameter(
                "Serial over lan only works with IPMI protocol version 2.0. Check the \
                 'ipmi_protocol_version' parameter in node's driver_info",
            ));
        }
        Ok(())
    }
}

#[async_trait]
impl Console for IpmitoolSocat {
    async fn start(&self, task: &mut dyn Task) -> Result<(), Fault> {
        let target = Bmcs::validate(task)?;
        let node = task.node();
        let named = driver_info::terminal_port(node)?;
        let offer = Offer {
            node: node.uuid.clone(),
            interface: NAME,
            line: Arc::new(SerialOverLan::new(self.bmcs.client(), target)),
            port: PORT.wish(node, named),
        };
        let config = Arc::clone(task.config());
        let port = self.consoles.start(offer, &config).await?;
        PORT.keep(task.node_mut(), named, port);
        Ok(())
    }

    async fn stop(&self, task: &mut dyn Task) -> Result<(), Fault> {
        self.consoles.stop(&task.node().uuid).await;
        PORT.forget(task.node_mut());
        Ok(())
    }

    async fn info(&self, task: &mut dyn Task) -> Result<Option<ConsoleInfo>, Fault> {
        let running = self.consoles.port(&task.node().uuid);
        let port = match running {
            Some(port) => Some(port),
            None => port(task.node())?,
        };
        Ok(port.map(|port| ConsoleInfo {
            r#type: "socat".to_owned(),
            url: Consoles::address(task.config(), port),
        }))
    }
}

/// The port of a node's console, as far as the node says.
fn port(node: &Node) -> Result<Option<u16>, Fault> {
    Ok(driver_info::terminal_port(node)?.or_else(|| PORT.allocated(node)))
}
