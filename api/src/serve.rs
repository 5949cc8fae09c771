//! The server: where it listens, how many workers it has, how it ends.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use actix_web::web::Data;
use actix_web::{App, HttpServer, web};
use tokio_util::sync::CancellationToken;

use crate::router;
use crate::state::AppState;

/// How long requests under way may take to finish once the end has begun.
const GRACE: Duration = Duration::from_secs(30);

/// How long a client may take to send the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);

/// Where to listen.
#[derive(Clone, Debug)]
pub enum Address {
    /// `[api]host_ip` and `[api]port`.
    Tcp(SocketAddr),
    /// `[api]unix_socket`, and its mode (`[api]unix_socket_mode`).
    Unix(PathBuf, Option<u32>),
}

/// How to listen.
#[derive(Clone, Debug)]
pub struct Listener {
    /// Where.
    pub address: Address,
    /// Threads (`[api]api_workers`); one a processor when not given.
    pub workers: Option<usize>,
    /// Certificate and key (`[api]enable_ssl_api`).
    pub tls: Option<Arc<rustls::ServerConfig>>,
}

/// Why the server could not start or go on.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address is taken, or not ours.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: String,
        /// What the operating system says.
        #[source]
        source: std::io::Error,
    },
    /// The server broke down.
    #[error("the API server failed")]
    Run(#[source] std::io::Error),
}

/// Serves until the token is cancelled, then lets requests under way finish.
///
/// # Errors
/// [`ServeError`] when it cannot listen or breaks down.
pub async fn serve(
    state: AppState,
    listener: Listener,
    stop: CancellationToken,
) -> Result<(), ServeError> {
    let state = Data::new(state);
    let mut server = HttpServer::new(move || {
        App::new()
            .app_data(Data::clone(&state))
            .default_service(web::to(router::serve))
    })
    // The end of an answer does not wait for the client to acknowledge what came before it (40 ms).
    .tcp_nodelay(true)
    .client_request_timeout(HEAD_TIMEOUT)
    .shutdown_timeout(GRACE.as_secs())
    .disable_signals();
    if let Some(workers) = listener.workers {
        server = server.workers(workers.max(1));
    }
    let name = match &listener.address {
        Address::Tcp(address) => address.to_string(),
        Address::Unix(path, _) => path.display().to_string(),
    };
    let failed = |source| ServeError::Listen {
        address: name.clone(),
        source,
    };
    let server = match (&listener.address, &listener.tls) {
        (Address::Tcp(address), None) => server.bind(address).map_err(failed)?,
        (Address::Tcp(address), Some(tls)) => server
            .bind_rustls_0_23(address, rustls::ServerConfig::clone(tls))
            .map_err(failed)?,
        (Address::Unix(path, mode), _) => {
            let socket = bind_unix(path, *mode).map_err(failed)?;
            server.listen_uds(socket).map_err(failed)?
        }
    };
    let running = server.run();
    let handle = running.handle();
    let ending = tokio::spawn(async move {
        stop.cancelled().await;
        handle.stop(true).await;
    });
    let outcome = running.await.map_err(ServeError::Run);
    ending.abort();
    outcome
}

/// Binds a Unix socket over a left-over of an earlier process.
fn bind_unix(
    path: &std::path::Path,
    mode: Option<u32>,
) -> std::io::Result<std::os::unix::net::UnixListener> {
    use std::os::unix::fs::{FileTypeExt, PermissionsExt};
    let left_over = std::fs::symlink_metadata(path).is_ok_and(|data| data.file_type().is_socket());
    if left_over && std::os::unix::net::UnixStream::connect(path).is_err() {
        std::fs::remove_file(path)?;
    }
    let socket = std::os::unix::net::UnixListener::bind(path)?;
    if let Some(mode) = mode {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))?;
    }
    Ok(socket)
}
