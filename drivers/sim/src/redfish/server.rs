//! Sockets: a listener per BMC, HTTP/1.1 with connections that stay open, TLS where wanted.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::http;
use super::machine::Machine;
use super::reaction::Reaction;

/// A connection without a request for this long is closed.
const IDLE: Duration = Duration::from_secs(120);
/// A silent BMC holds a connection for this long.
const SILENCE: Duration = Duration::from_secs(600);
/// Size of the body of [`Reaction::Huge`], in bytes.
const HUGE: usize = 64 << 20;

/// What the connections of one BMC share.
#[derive(Debug, Clone)]
pub(super) struct Served {
    pub(super) machine: Arc<Mutex<Machine>>,
    pub(super) tls: Option<Arc<rustls::ServerConfig>>,
    pub(super) stop: CancellationToken,
    pub(super) tasks: TaskTracker,
}

/// A stream whose connection can be reset.
trait Abort: AsyncRead + AsyncWrite + Unpin + Send {
    fn abort(&self);
}

impl Abort for TcpStream {
    fn abort(&self) {
        // Failing to, the peer sees the connection closed, which is a fault as well.
        let _ = self.set_zero_linger();
    }
}

impl Abort for TlsStream<TcpStream> {
    fn abort(&self) {
        self.get_ref().0.abort();
    }
}

impl Served {
    /// Takes connections until it is stopped.
    pub(super) async fn run(self, listener: TcpListener) {
        loop {
            let accepted = tokio::select! {
                () = self.stop.cancelled() => return,
                accepted = listener.accept() => accepted,
            };
            let Ok((stream, peer)) = accepted else {
                continue;
            };
            let served = self.clone();
            self.tasks.spawn(async move {
                let stop = served.stop.clone();
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = served.greet(stream, peer) => {}
                }
            });
        }
    }

    async fn greet(&self, stream: TcpStream, peer: SocketAddr) {
        // Answers are written at once; the last one must not wait for an acknowledgement.
        let _ = stream.set_nodelay(true);
        if self.lock().is_away(Instant::now()) {
            stream.abort();
            return;
        }
        match &self.tls {
            None => self.talk(stream).await,
            Some(config) => match TlsAcceptor::from(Arc::clone(config)).accept(stream).await {
                Ok(stream) => self.talk(stream).await,
                Err(error) => tracing::debug!(%peer, %error, "no TLS"),
            },
        }
    }

    async fn talk<S: Abort>(&self, mut stream: S) {
        let mut pending = Vec::new();
        loop {
            let request = tokio::time::timeout(IDLE, http::read(&mut stream, &mut pending)).await;
            let Ok(Some(request)) = request else { return };
            let reaction = {
                let mut machine = self.lock();
                if machine.is_away(Instant::now()) {
                    Reaction::Reset
                } else {
                    machine.receive(request, Instant::now())
                }
            };
            if self.perform(&mut stream, reaction).await.is_err() {
                return;
            }
        }
    }

    /// Does it; an error ends the connection.
    async fn perform<S: Abort>(&self, stream: &mut S, reaction: Reaction) -> std::io::Result<()> {
        let closed = || std::io::Error::from(std::io::ErrorKind::ConnectionAborted);
        match reaction {
            Reaction::Say(bytes) => stream.write_all(&bytes).await?,
            Reaction::Later(after, bytes) => {
                tokio::time::sleep(after).await;
                stream.write_all(&bytes).await?;
            }
            Reaction::Drip(pause, bytes) => {
                for byte in bytes {
                    stream.write_all(&[byte]).await?;
                    stream.flush().await?;
                    tokio::time::sleep(pause).await;
                }
            }
            Reaction::Last(bytes) => {
                stream.write_all(&bytes).await?;
                stream.shutdown().await?;
                return Err(closed());
            }
            Reaction::Hang => {
                tokio::time::sleep(SILENCE).await;
                return Err(closed());
            }
            Reaction::Reset => {
                stream.abort();
                return Err(closed());
            }
            Reaction::Huge => huge(stream).await?,
        }
        stream.flush().await
    }

    pub(super) fn lock(&self) -> std::sync::MutexGuard<'_, Machine> {
        self.machine.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `{"Filler":"aaa…"}`, written in parts.
async fn huge<S: Abort>(stream: &mut S) -> std::io::Result<()> {
    let (front, back) = (&b"{\"Filler\":\""[..], &b"\"}"[..]);
    let length = front.len() + HUGE + back.len();
    stream
        .write_all(format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n").as_bytes())
        .await?;
    stream.write_all(front).await?;
    let part = vec![b'a'; 1 << 16];
    for _ in 0..HUGE / part.len() {
        stream.write_all(&part).await?;
    }
    stream.write_all(back).await
}
