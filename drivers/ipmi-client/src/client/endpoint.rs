//! The UDP sockets. Datagrams are handed to the conversations with the BMC they come from; each
//! conversation recognises its own session.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::net::UdpSocket;
use tokio::sync::{OnceCell, mpsc};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::wire::DATAGRAM_MAX;

/// Datagrams that may wait for one conversation. More than one only wait after retransmissions.
const INBOX: usize = 8;

/// The sockets of both address families, each bound when it is first needed.
#[derive(Debug)]
pub(super) struct Endpoints {
    v4: OnceCell<Arc<Endpoint>>,
    v6: OnceCell<Arc<Endpoint>>,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Endpoints {
    pub(super) fn new(stop: CancellationToken, tasks: TaskTracker) -> Self {
        Endpoints {
            v4: OnceCell::new(),
            v6: OnceCell::new(),
            stop,
            tasks,
        }
    }

    /// The socket that reaches `peer`.
    pub(super) async fn towards(&self, peer: SocketAddr) -> io::Result<Arc<Endpoint>> {
        let (cell, any) = match peer {
            SocketAddr::V4(_) => (&self.v4, IpAddr::V4(Ipv4Addr::UNSPECIFIED)),
            SocketAddr::V6(_) => (&self.v6, IpAddr::V6(Ipv6Addr::UNSPECIFIED)),
        };
        let endpoint = cell
            .get_or_try_init(|| async {
                let endpoint = Arc::new(Endpoint {
                    socket: UdpSocket::bind(SocketAddr::new(any, 0)).await?,
                    routes: Mutex::default(),
                });
                self.tasks
                    .spawn(Arc::clone(&endpoint).run(self.stop.clone()));
                io::Result::Ok(endpoint)
            })
            .await?;
        Ok(Arc::clone(endpoint))
    }
}

/// Conversations by the address and port of their BMC.
type Routes = HashMap<(IpAddr, u16), Vec<mpsc::Sender<Vec<u8>>>>;

/// One socket.
#[derive(Debug)]
pub(super) struct Endpoint {
    socket: UdpSocket,
    routes: Mutex<Routes>,
}

impl Endpoint {
    /// Sends a datagram.
    pub(super) async fn send(&self, datagram: &[u8], peer: SocketAddr) -> io::Result<()> {
        self.socket.send_to(datagram, peer).await.map(drop)
    }

    /// Receives what comes from `peer` until the result is dropped.
    pub(super) fn subscribe(self: &Arc<Self>, peer: SocketAddr) -> Subscription {
        let (sender, receiver) = mpsc::channel(INBOX);
        self.routes
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry((peer.ip(), peer.port()))
            .or_default()
            .push(sender);
        Subscription {
            endpoint: Arc::clone(self),
            peer,
            receiver,
        }
    }

    async fn run(self: Arc<Self>, stop: CancellationToken) {
        let mut buffer = vec![0; DATAGRAM_MAX];
        loop {
            let received = tokio::select! {
                () = stop.cancelled() => return,
                received = self.socket.recv_from(&mut buffer) => received,
            };
            match received {
                Ok((len, from)) => {
                    self.deliver(buffer.get(..len).unwrap_or_default(), from);
                }
                // Errors here are about one peer (ICMP) or passing; the socket stays usable.
                Err(error) => {
                    tracing::debug!(%error, "receiving from BMCs");
                    tokio::task::yield_now().await;
                }
            }
        }
    }

    fn deliver(&self, datagram: &[u8], from: SocketAddr) {
        let routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(senders) = routes.get(&(from.ip(), from.port())) else {
            return;
        };
        for sender in senders {
            // A full inbox means nobody waits; the datagram is repeated if it matters.
            let _dropped = sender.try_send(datagram.to_vec());
        }
    }
}

/// What arrives from one BMC.
#[derive(Debug)]
pub(super) struct Subscription {
    endpoint: Arc<Endpoint>,
    peer: SocketAddr,
    receiver: mpsc::Receiver<Vec<u8>>,
}

impl Subscription {
    /// The BMC's address.
    pub(super) const fn peer(&self) -> SocketAddr {
        self.peer
    }

    /// Sends to the BMC.
    pub(super) async fn send(&self, datagram: &[u8]) -> io::Result<()> {
        self.endpoint.send(datagram, self.peer).await
    }

    /// The next datagram. Never ends: the sender lives as long as the subscription.
    pub(super) async fn receive(&mut self) -> Option<Vec<u8>> {
        self.receiver.recv().await
    }

    /// Forgets what arrived while nobody waited.
    pub(super) fn discard(&mut self) {
        while self.receiver.try_recv().is_ok() {}
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.receiver.close();
        let key = (self.peer.ip(), self.peer.port());
        let mut routes = self
            .endpoint
            .routes
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(senders) = routes.get_mut(&key) {
            senders.retain(|sender| !sender.is_closed());
            if senders.is_empty() {
                routes.remove(&key);
            }
        }
    }
}
