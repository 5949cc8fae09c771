//! Consoles in the browser: a page with a terminal, and the WebSocket it talks over.
//!
//! ```text
//! GET /console/{node}           the page; it holds nothing secret
//! GET /console/assets/{file}    its parts, out of this executable
//! GET /console/{node}/stream    WebSocket, for who has a token
//! ```
//!
//! The token comes behind `#`, so no browser or proxy logs it; the page offers it as a subprotocol
//! `ferric.token.<token>`. Messages: binary ones are characters, either way; the text
//! `{"break":true}` sends a break.
//!
//! Invariants
//! * nothing but the WebSocket with a token reaches a console;
//! * a page of another origin is refused, whatever token it has;
//! * heads, messages, connections and waits have bounds.

mod assets;
mod head;
mod reply;
mod socket;

pub(crate) use socket::limits;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use schemas_config::Config;
use schemas_model::{Class, Fault, Uuid};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;

use crate::consoles::Shared;
use crate::pipe::WRITE;
use crate::tls;
use head::Head;
use reply::Reply;

/// Connections at once.
const CONNECTIONS: usize = 512;
/// Longest time until a request's head is complete, the TLS handshake included.
const HEAD: Duration = Duration::from_secs(10);
/// Pause after the system would not accept.
const PAUSE: Duration = Duration::from_millis(200);

/// A listener for browsers.
pub(crate) struct Served {
    pub(crate) address: SocketAddr,
    secure: bool,
}

impl Served {
    /// Its own URL.
    pub(crate) fn url(&self) -> String {
        let scheme = if self.secure { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }
}

struct Door {
    shared: Arc<Shared>,
    tls: Option<TlsAcceptor>,
    idle: Duration,
    public_origin: Option<String>,
}

/// Binds the listener and serves until the consoles are closed.
///
/// # Errors
/// `ConsoleError` when the address or the certificate cannot be used.
pub(crate) async fn start(shared: &Arc<Shared>, config: &Config) -> Result<Served, Fault> {
    let options = &config.ferric_console;
    let tls = match &options.terminal_cert_dir {
        Some(directory) => Some(tls::acceptor(directory)?),
        None => None,
    };
    let wanted = SocketAddr::new(options.host_ip, options.port);
    let listener = TcpListener::bind(wanted).await;
    let failed = |error: std::io::Error| {
        Fault::new(
            Class::ConsoleError,
            format!(
                "Consoles cannot be served to browsers on {wanted} ([ferric_console]host_ip, port): {error}."
            ),
        )
    };
    let listener = listener.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let public = options.public_url.as_deref();
    let door = Door {
        shared: Arc::clone(shared),
        public_origin: public
            .and_then(|url| Some(url::Url::parse(url).ok()?.origin().ascii_serialization())),
        idle: Duration::from_secs(config.console.terminal_timeout),
        tls,
    };
    let secure = door.tls.is_some();
    shared.tasks.spawn(accept(listener, Arc::new(door)));
    tracing::info!(%address, "consoles are served to browsers");
    Ok(Served { address, secure })
}

async fn accept(listener: TcpListener, door: Arc<Door>) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let (stop, tasks) = (door.shared.stop.clone(), door.shared.tasks.clone());
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "the web console accepts nobody");
                sleep(PAUSE).await;
                continue;
            }
        };
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
            continue;
        };
        let (door, stop) = (Arc::clone(&door), stop.clone());
        tasks.spawn(async move {
            let whence = peer.to_string();
            let served = async {
                match &door.tls {
                    None => door.answer(stream, &whence).await,
                    Some(tls) => {
                        if let Ok(Ok(stream)) = timeout(HEAD, tls.accept(stream)).await {
                            door.answer(stream, &whence).await;
                        }
                    }
                }
            };
            tokio::select! {
                () = served => {}
                () = stop.cancelled() => {}
            }
            drop(place);
        });
    }
}

impl Door {
    /// Answers the one request of a connection.
    async fn answer<S: AsyncRead + AsyncWrite + Unpin>(&self, mut stream: S, whence: &str) {
        let Ok(read) = timeout(HEAD, Head::read(&mut stream)).await else {
            return;
        };
        let reply = match read {
            Err(reply) => reply,
            Ok((head, rest)) => match route(&head) {
                Route::Stream(node) => match self.admit(&head, &node).await {
                    Ok((seat, stop, accept)) => {
                        let switching = Reply::switching(&accept);
                        if matches!(
                            timeout(WRITE, stream.write_all(&switching)).await,
                            Ok(Ok(()))
                        ) {
                            let left = socket::carry(stream, rest, seat, self.idle, &stop).await;
                            tracing::info!(node.uuid = %node, whence, ?left, "somebody left a console");
                        }
                        return;
                    }
                    Err(reply) => reply,
                },
                Route::Page => Reply::page(assets::PAGE),
                Route::Asset(asset) => Reply::asset(asset),
                Route::Nothing => Reply::text(404, "There is nothing here."),
            },
        };
        let written = async {
            stream.write_all(&reply.encode()).await?;
            stream.shutdown().await
        };
        let _ = timeout(WRITE, written).await;
    }

    /// Checks everything a WebSocket needs, the token last: it is used up by that.
    async fn admit(
        &self,
        head: &Head,
        node: &Uuid,
    ) -> Result<
        (
            crate::console::Seat,
            tokio_util::sync::CancellationToken,
            String,
        ),
        Reply,
    > {
        let accept = head.websocket_accept()?;
        if !self.is_own_origin(head) {
            return Err(Reply::text(
                403,
                "A page of another site may not use consoles.",
            ));
        }
        let token = head
            .offered_protocols()
            .find_map(|offer| offer.strip_prefix(socket::TOKEN));
        if !token.is_some_and(|token| self.shared.tokens.redeem(node, token)) {
            tracing::warn!(node.uuid = %node, "a console was asked for without a valid token");
            return Err(Reply::text(
                403,
                "The link was used already or has expired; ask for another one.",
            ));
        }
        let (console, stop) = self
            .shared
            .console(node)
            .ok_or_else(|| Reply::text(404, "The console of this node does not run."))?;
        let seat = console
            .join("a browser")
            .await
            .ok_or_else(|| Reply::text(503, "Too many people are on this console."))?;
        Ok((seat, stop, accept))
    }

    /// Browsers always say which page opens a WebSocket; other programs need not.
    fn is_own_origin(&self, head: &Head) -> bool {
        let Some(origin) = head.header("origin") else {
            return true;
        };
        if self.public_origin.as_deref() == Some(origin) {
            return true;
        }
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        head.header("host")
            .is_some_and(|host| origin.eq_ignore_ascii_case(&format!("{scheme}://{host}")))
    }
}

enum Route {
    Page,
    Asset(&'static assets::Asset),
    Stream(Uuid),
    Nothing,
}

fn route(head: &Head) -> Route {
    let path = head.path.split('?').next().unwrap_or_default();
    let Some(rest) = path.strip_prefix("/console/") else {
        return Route::Nothing;
    };
    if let Some(name) = rest.strip_prefix("assets/") {
        return assets::find(name).map_or(Route::Nothing, Route::Asset);
    }
    match rest.split_once('/') {
        None if Uuid::parse(rest).is_ok() => Route::Page,
        Some((node, "stream")) => Uuid::parse(node).map_or(Route::Nothing, Route::Stream),
        _ => Route::Nothing,
    }
}

#[cfg(test)]
mod tests;
