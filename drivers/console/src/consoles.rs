//! All consoles of this process. The console interfaces start and stop them; the conductor serves
//! them to browsers and closes them at the end.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use schemas_config::Config;
use schemas_model::secret::Secret;
use schemas_model::{Class, Fault, Uuid};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::console::{Console, Parts};
use crate::line::Line;
use crate::listener::Listener;
pub use crate::port::PortWish;
use crate::port::Ports;
use crate::recording::Recording;
use crate::token::Tokens;
use crate::{tls, web};

/// A console to be started.
pub struct Offer {
    /// Whose it is.
    pub node: Uuid,
    /// The console interface that starts it.
    pub interface: &'static str,
    /// The way to the machine.
    pub line: Arc<dyn Line>,
    /// The TCP port.
    pub port: PortWish,
}

/// A link to a console in the browser.
#[derive(Clone, Debug)]
pub struct Link {
    /// The page, with the token behind `#`, which browsers do not send anywhere by themselves.
    pub url: Secret,
    /// How long it can be used, once.
    pub lifetime: Duration,
}

/// The consoles. Clones share them.
#[derive(Clone, Default)]
pub struct Consoles {
    shared: Arc<Shared>,
}

#[derive(Default)]
pub(crate) struct Shared {
    running: Mutex<HashMap<Uuid, Running>>,
    ports: Ports,
    pub(crate) tokens: Tokens,
    /// How browsers reach the page; unset while nothing is served to them.
    base: Mutex<Option<String>>,
    pub(crate) stop: CancellationToken,
    pub(crate) tasks: TaskTracker,
}

struct Running {
    interface: &'static str,
    port: u16,
    console: Console,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Drop for Shared {
    /// Ends the tasks of consoles that nobody closed.
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl std::fmt::Debug for Consoles {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Consoles")
            .field("running", &self.shared.lock().len())
            .finish_non_exhaustive()
    }
}

impl Shared {
    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Uuid, Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The console of a node, if it runs.
    pub(crate) fn console(&self, node: &Uuid) -> Option<(Console, CancellationToken)> {
        let running = self.lock();
        let found = running.get(node)?;
        Some((found.console.clone(), found.stop.clone()))
    }
}

impl Consoles {
    /// Starts a console, in place of the one the node may have. Returns its TCP port. The BMC is
    /// not asked before somebody connects.
    ///
    /// # Errors
    /// `ConsoleError` for an unusable port or certificate and after [`Consoles::close`],
    /// `NoFreeIPMITerminalPorts`.
    pub async fn start(&self, offer: Offer, config: &Config) -> Result<u16, Fault> {
        let Offer {
            node,
            interface,
            line,
            port: wish,
        } = offer;
        if self.shared.stop.is_cancelled() {
            return Err(Fault::new(
                Class::ConsoleError,
                "This conductor is stopping and starts no console any more.",
            ));
        }
        self.stop(&node).await;
        let options = &config.ferric_console;
        let tls = match &options.terminal_cert_dir {
            Some(directory) => Some(tls::acceptor(directory)?),
            None => None,
        };
        let address = config.console.socat_address;
        let ranges = config.console.port_range.as_deref().unwrap_or_default();
        let (listener, port) = self.shared.ports.listen(address, wish, ranges).await?;
        let number = port.number();
        let seats = usize::try_from(options.max_clients).unwrap_or(16);
        let stop = self.shared.stop.child_token();
        let tasks = TaskTracker::new();
        let recording = options.recording_dir.as_ref().map(|directory| Recording {
            directory: PathBuf::from(directory),
            node: node.clone(),
            max_size: options.recording_max_size,
            keep: usize::try_from(options.recording_keep).unwrap_or(usize::MAX),
            tasks: tasks.clone(),
        });
        let (console, work) = Console::new(Parts {
            node: node.clone(),
            line,
            seats,
            recording,
            stop: stop.clone(),
        });
        tasks.spawn(work);
        let listener = Listener {
            node: node.clone(),
            listener,
            port,
            tls,
            console: console.clone(),
            idle: Duration::from_secs(config.console.terminal_timeout),
            // Some may be on their way in or out.
            connections: seats.saturating_mul(2),
            stop: stop.clone(),
        };
        tasks.spawn(listener.run());
        tasks.close();
        tracing::info!(node.uuid = %node, interface, %address, port = number, "console started");
        let running = Running {
            interface,
            port: number,
            console,
            stop,
            tasks,
        };
        self.shared.lock().insert(node, running);
        Ok(number)
    }

    /// Stops a node's console; everybody on it is disconnected, and its port is free again.
    /// Returns whether there was one.
    pub async fn stop(&self, node: &Uuid) -> bool {
        self.shared.tokens.revoke(node);
        let Some(running) = self.shared.lock().remove(node) else {
            return false;
        };
        running.stop.cancel();
        running.tasks.wait().await;
        tracing::info!(node.uuid = %node, "console stopped");
        true
    }

    /// The TCP port of a node's console, while it runs.
    pub fn port(&self, node: &Uuid) -> Option<u16> {
        self.shared.lock().get(node).map(|running| running.port)
    }

    /// The console interface that started a node's console, while it runs.
    pub fn interface(&self, node: &Uuid) -> Option<&'static str> {
        self.shared
            .lock()
            .get(node)
            .map(|running| running.interface)
    }

    /// The nodes whose consoles run, each with the interface that started it.
    pub fn running(&self) -> Vec<(Uuid, &'static str)> {
        let running = self.shared.lock();
        running
            .iter()
            .map(|(node, running)| (node.clone(), running.interface))
            .collect()
    }

    /// Where a console listens, as `console_info` says it.
    pub fn address(config: &Config, port: u16) -> String {
        match config.console.socat_address {
            IpAddr::V4(address) => format!("tcp://{address}:{port}"),
            IpAddr::V6(address) => format!("tcp://[{address}]:{port}"),
        }
    }

    /// Serves consoles to browsers until [`Consoles::close`]. Returns where.
    ///
    /// # Errors
    /// `ConsoleError` when the address or the certificate cannot be used.
    pub async fn serve(&self, config: &Config) -> Result<SocketAddr, Fault> {
        let served = web::start(&self.shared, config).await?;
        let base = match &config.ferric_console.public_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None => served.url(),
        };
        *self
            .shared
            .base
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some(base);
        Ok(served.address)
    }

    /// A link to a node's console, for one use.
    ///
    /// # Errors
    /// `NodeConsoleNotEnabled` when it does not run here; `ConsoleError` when nothing is served to
    /// browsers.
    pub fn link(&self, node: &Uuid, config: &Config) -> Result<Link, Fault> {
        let base = self.shared.base.lock();
        let base = base.unwrap_or_else(PoisonError::into_inner).clone();
        let base = base.ok_or_else(|| {
            Fault::new(
                Class::ConsoleError,
                "Consoles are not served to browsers by this conductor: set [ferric_console]enabled there.",
            )
        })?;
        if self.shared.console(node).is_none() {
            return Err(Fault::new(
                Class::NodeConsoleNotEnabled,
                format!("Console access is not enabled on node {node}: its console does not run"),
            ));
        }
        let lifetime = Duration::from_secs(config.ferric_console.token_lifetime);
        let token = self.shared.tokens.issue(node, lifetime);
        Ok(Link {
            url: Secret::new(format!("{base}/console/{node}#{}", token.expose())),
            lifetime,
        })
    }

    /// Stops everything and waits for it.
    pub async fn close(&self) {
        self.shared.stop.cancel();
        let all: Vec<Running> = self.shared.lock().drain().map(|(_, one)| one).collect();
        for one in all {
            one.tasks.wait().await;
        }
        self.shared.tasks.close();
        self.shared.tasks.wait().await;
    }
}

#[cfg(test)]
pub(crate) mod tests;
