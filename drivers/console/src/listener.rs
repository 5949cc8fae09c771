//! The TCP port of one console: what socat was for Ironic, for several people at once.

use std::sync::Arc;
use std::time::Duration;

use schemas_model::Uuid;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::console::Console;
use crate::pipe;
use crate::port::Port;

/// Longest time for a TLS handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// Pause after the system would not accept (out of descriptors).
const PAUSE: Duration = Duration::from_millis(200);

/// What a listener is made of.
pub(crate) struct Listener {
    pub(crate) node: Uuid,
    pub(crate) listener: TcpListener,
    /// Held as long as the listener is.
    pub(crate) port: Port,
    pub(crate) tls: Option<TlsAcceptor>,
    pub(crate) console: Console,
    /// After how long without a character a client is let go; zero is never.
    pub(crate) idle: Duration,
    /// Most connections at once, those that are not let in yet included.
    pub(crate) connections: usize,
    pub(crate) stop: CancellationToken,
}

impl Listener {
    /// Accepts clients until the console stops, and waits for the last of them.
    pub(crate) async fn run(self) {
        let clients = TaskTracker::new();
        let places = Arc::new(Semaphore::new(self.connections));
        loop {
            let accepted = tokio::select! {
                () = self.stop.cancelled() => break,
                accepted = self.listener.accept() => accepted,
            };
            let (stream, peer) = match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(node.uuid = %self.node, %error, "a console's port accepts nobody");
                    sleep(PAUSE).await;
                    continue;
                }
            };
            let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
                tracing::warn!(node.uuid = %self.node, %peer, "too many connections to a console");
                continue;
            };
            let (node, console) = (self.node.clone(), self.console.clone());
            let (tls, idle, stop) = (self.tls.clone(), self.idle, self.stop.clone());
            clients.spawn(async move {
                let whence = peer.to_string();
                match tls {
                    None => serve(stream, &console, &whence, idle, &stop, &node).await,
                    Some(tls) => match secured(&tls, stream).await {
                        Some(stream) => serve(stream, &console, &whence, idle, &stop, &node).await,
                        None => tracing::debug!(node.uuid = %node, whence, "no TLS handshake"),
                    },
                }
                drop(place);
            });
        }
        drop((self.listener, self.port));
        clients.close();
        clients.wait().await;
    }
}

async fn secured(
    tls: &TlsAcceptor,
    stream: TcpStream,
) -> Option<tokio_rustls::server::TlsStream<TcpStream>> {
    timeout(HANDSHAKE, tls.accept(stream)).await.ok()?.ok()
}

async fn serve<S>(
    stream: S,
    console: &Console,
    whence: &str,
    idle: Duration,
    stop: &CancellationToken,
    node: &Uuid,
) where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite,
{
    let Some(seat) = console.join(whence).await else {
        return;
    };
    let left = pipe::carry(stream, seat, idle, stop).await;
    tracing::info!(node.uuid = %node, whence, ?left, "somebody left a console");
}
