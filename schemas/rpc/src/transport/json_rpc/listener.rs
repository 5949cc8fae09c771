//! Answering requests over HTTP.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data, PayloadConfig};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use serde_json::json;
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

use super::gate::{Denied, Gate};
use super::protocol;
use super::tls::{BadCertificate, ServerTls};
use crate::objects::release::Pin;
use crate::server::Server;

/// Requests only wait and forward here; the work is done elsewhere.
const WORKERS: usize = 2;
/// How long requests under way may take once the listener stops, in seconds.
const SHUTDOWN: u64 = 60;

/// Where to listen.
#[derive(Clone, Debug)]
pub enum Listen {
    /// `host_ip` and `port`
    Tcp(String, u16),
    /// `unix_socket` and `unix_socket_mode`
    Unix(PathBuf, Option<u32>),
}

/// `[json_rpc]` as the answering side reads it.
pub struct ListenerOptions {
    /// Where to listen.
    pub listen: Listen,
    /// `use_ssl`; not for a Unix socket.
    pub tls: Option<ServerTls>,
    /// `auth_strategy`
    pub gate: Arc<dyn Gate>,
    /// Larger requests are refused with 413, in bytes.
    pub max_body: usize,
}

/// Why the listener does not come up.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Bind {
        /// The address or path.
        address: String,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The certificate cannot be used.
    #[error(transparent)]
    Certificate(#[from] BadCertificate),
    /// The server ended by itself.
    #[error("the JSON-RPC server failed: {0}")]
    Serve(#[from] io::Error),
}

struct Shared {
    server: Arc<Server>,
    gate: Arc<dyn Gate>,
    pin: Pin,
    /// The runtime the work is done in; actix-web has one of its own a worker.
    runtime: Handle,
}

/// A bound listener.
pub struct Listener {
    server: actix_web::dev::Server,
    addresses: Vec<SocketAddr>,
}

impl Listener {
    /// Binds; requests are answered once [`Listener::run`] runs. Must be called inside the runtime
    /// that is to do the work.
    ///
    /// # Errors
    /// [`ServeError`] when address or certificate cannot be used.
    pub fn bind(
        options: ListenerOptions,
        server: Arc<Server>,
        pin: Pin,
    ) -> Result<Self, ServeError> {
        let shared = Data::new(Shared {
            server,
            gate: options.gate,
            pin,
            runtime: Handle::current(),
        });
        let max_body = options.max_body;
        let http = HttpServer::new(move || {
            App::new()
                .app_data(Data::clone(&shared))
                .app_data(PayloadConfig::new(max_body))
                .default_service(web::to(handle))
        })
        .workers(WORKERS)
        .shutdown_timeout(SHUTDOWN)
        .disable_signals();
        let http = match (&options.listen, &options.tls) {
            (Listen::Tcp(host, port), None) => http.listen(tcp(host, *port)?)?,
            (Listen::Tcp(host, port), Some(tls)) => {
                http.listen_rustls_0_23(tcp(host, *port)?, tls.config()?)?
            }
            (Listen::Unix(path, mode), _) => http.listen_uds(unix(path, *mode)?)?,
        };
        Ok(Listener {
            addresses: http.addrs(),
            server: http.run(),
        })
    }

    /// The addresses that are listened on; none for a Unix socket.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// Answers until cancelled, then waits for requests under way.
    ///
    /// # Errors
    /// [`ServeError::Serve`] when the server ends by itself.
    pub async fn run(self, cancel: &CancellationToken) -> Result<(), ServeError> {
        let handle = self.server.handle();
        let mut server = std::pin::pin!(self.server);
        tokio::select! {
            outcome = &mut server => return Ok(outcome?),
            () = cancel.cancelled() => {}
        }
        let (outcome, ()) = tokio::join!(server, handle.stop(true));
        Ok(outcome?)
    }
}

fn tcp(host: &str, port: u16) -> Result<TcpListener, ServeError> {
    TcpListener::bind((host, port)).map_err(|source| ServeError::Bind {
        address: format!("{host} port {port}"),
        source,
    })
}

fn unix(path: &Path, mode: Option<u32>) -> Result<std::os::unix::net::UnixListener, ServeError> {
    use std::os::unix::fs::PermissionsExt;
    let bind = || {
        // A socket of an earlier run would be in the way.
        match std::fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let listener = std::os::unix::net::UnixListener::bind(path)?;
        if let Some(mode) = mode {
            std::fs::set_permissions(path, PermissionsExt::from_mode(mode))?;
        }
        Ok(listener)
    };
    bind().map_err(|source| ServeError::Bind {
        address: path.display().to_string(),
        source,
    })
}

async fn handle(request: HttpRequest, body: Bytes, shared: Data<Shared>) -> HttpResponse {
    let is_post = request.method() == actix_web::http::Method::POST;
    let headers = request
        .headers()
        .iter()
        .filter_map(|(name, value)| {
            Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
        })
        .collect::<Vec<_>>();
    let shared = shared.into_inner();
    let runtime = shared.runtime.clone();
    let work = runtime.spawn(async move {
        let header = |wanted: &str| {
            headers
                .iter()
                .find(|(name, _)| name == wanted)
                .map(|(_, value)| value.clone())
        };
        // Who may not call does not learn either what can be called how.
        shared.gate.admit(&header).await?;
        if !is_post {
            return Err(Denied {
                status: 405,
                message: "Only POST method can be used".to_owned(),
                challenge: None,
            });
        }
        Ok(protocol::dispatch(&shared.server, shared.pin, &body).await)
    });
    match work.await {
        Ok(Ok(Some(answer))) => HttpResponse::Ok()
            .content_type("application/json; charset=UTF-8")
            .body(answer.to_string()),
        Ok(Ok(None)) => HttpResponse::NoContent().finish(),
        Ok(Err(denied)) => refusal(&denied),
        Err(error) => {
            tracing::error!(%error, "a request ended without an answer");
            HttpResponse::InternalServerError().finish()
        }
    }
}

fn refusal(denied: &Denied) -> HttpResponse {
    let status = StatusCode::from_u16(denied.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponse::build(status);
    if let Some(challenge) = &denied.challenge {
        response.insert_header(("WWW-Authenticate", &**challenge));
    }
    response.json(json!({"error": {"message": denied.message, "code": denied.status}}))
}
