//! Sockets: one per BMC.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tokio::net::UdpSocket;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::bmc::{Bmc, Sent};

/// Largest datagram taken, in bytes.
const DATAGRAM_MAX: usize = 2048;

/// A BMC that answers on a UDP port until it is dropped.
#[derive(Debug)]
pub struct IpmiBmc {
    served: Served,
    address: SocketAddr,
}

#[derive(Debug, Clone)]
struct Served {
    bmc: Arc<Mutex<Bmc>>,
    socket: Arc<UdpSocket>,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Drop for IpmiBmc {
    fn drop(&mut self) {
        self.served.stop.cancel();
    }
}

impl IpmiBmc {
    /// Starts a BMC on a free port of 127.0.0.1.
    pub async fn start(bmc: Bmc) -> io::Result<Self> {
        Self::start_at(SocketAddr::from(([127, 0, 0, 1], 0)), bmc).await
    }

    /// Starts a BMC at an address; port 0 is any free one.
    pub async fn start_at(address: SocketAddr, mut bmc: Bmc) -> io::Result<Self> {
        let socket = UdpSocket::bind(address).await?;
        let address = socket.local_addr()?;
        bmc.port = address.port();
        let served = Served {
            bmc: Arc::new(Mutex::new(bmc)),
            socket: Arc::new(socket),
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
        };
        served.tasks.spawn(served.clone().run());
        Ok(IpmiBmc { served, address })
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The BMC, to look at or to change. Requests wait while the result is held.
    pub fn lock(&self) -> MutexGuard<'_, Bmc> {
        self.served.lock()
    }

    /// Ends it.
    pub async fn stop(&self) {
        self.served.stop.cancel();
        self.served.tasks.close();
        self.served.tasks.wait().await;
    }

    /// The machine prints on its serial line; false if nobody listens or the line is busy.
    pub async fn sol_print(&self, characters: &[u8]) -> bool {
        let sent = self.lock().sol_print(characters);
        match sent {
            Some((peer, datagram)) => self.served.socket.send_to(&datagram, peer).await.is_ok(),
            None => false,
        }
    }
}

impl Served {
    fn lock(&self) -> MutexGuard<'_, Bmc> {
        self.bmc.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn run(self) {
        let mut buffer = [0; DATAGRAM_MAX];
        loop {
            let received = tokio::select! {
                () = self.stop.cancelled() => return,
                received = self.socket.recv_from(&mut buffer) => received,
            };
            let Ok((length, peer)) = received else {
                continue;
            };
            let answers = {
                let datagram = buffer.get(..length).unwrap_or_default();
                self.lock()
                    .receive_from(datagram, Some(peer), Instant::now())
            };
            for sent in answers {
                self.send(sent, peer).await;
            }
        }
    }

    async fn send(&self, sent: Sent, peer: SocketAddr) {
        if sent.after.is_zero() {
            // The peer may be gone; then nobody misses the answer.
            let _ = self.socket.send_to(&sent.datagram, peer).await;
            return;
        }
        let served = self.clone();
        self.tasks.spawn(async move {
            tokio::select! {
                () = served.stop.cancelled() => {}
                () = tokio::time::sleep(sent.after) => {
                    let _ = served.socket.send_to(&sent.datagram, peer).await;
                }
            }
        });
    }
}
