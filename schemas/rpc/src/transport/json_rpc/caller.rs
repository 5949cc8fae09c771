//! Calling conductors over HTTP.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use reqwest::StatusCode;
use schemas_model::error::Fault;
use schemas_model::secret::Secret;
use serde_json::Value;
use tokio::time::timeout as within;

use super::address::{Address, DEFAULT_PORT};
use super::protocol;
use crate::client::Destination;
use crate::context::RequestContext;
use crate::methods::Request;
use crate::objects::release::Pin;
use crate::transport::{Answered, Transport};

/// No answer of a conductor is larger.
const MAX_RESPONSE: usize = 64 << 20;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const TOKEN: &str = "x-auth-token";

/// `[json_rpc]` as the calling side reads it.
#[derive(Clone, Debug, Default)]
pub struct ClientOptions {
    /// `port`: where conductors listen that registered without a port; 0 for the default, 8089.
    pub port: u16,
    /// `use_ssl` or `client_use_ssl`
    pub tls: bool,
    /// `cafile`; the system's authorities if absent.
    pub ca_file: Option<PathBuf>,
    /// `insecure`: certificates are not verified.
    pub insecure: bool,
    /// `auth_type`
    pub login: Login,
}

/// Who the calling side says it is.
#[derive(Clone, Debug, Default)]
pub enum Login {
    /// Nobody.
    #[default]
    Nobody,
    /// `http_basic`
    Basic(Credentials),
    /// Tokens of the Identity service.
    Tokens(Arc<dyn Tokens>),
}

/// Where tokens come from.
#[async_trait]
pub trait Tokens: std::fmt::Debug + Send + Sync + 'static {
    /// A token that is good now; another one than `refused`, which a conductor did not accept.
    ///
    /// # Errors
    /// The fault of a request that cannot be sent without one.
    async fn token(&self, refused: Option<&Secret>) -> Result<Secret, Fault>;
}

/// User name and password of the calling side.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// `username`
    pub user: String,
    /// `password`
    pub password: Secret,
}

/// Options the client cannot work with.
#[derive(Debug, thiserror::Error)]
pub enum BadClient {
    /// A CA file that cannot be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// Anything else.
    #[error("the JSON-RPC client cannot be set up: {0}")]
    Setup(#[from] reqwest::Error),
}

/// The way to conductors over HTTP. Connections are kept and reused.
pub struct JsonRpc {
    http: reqwest::Client,
    options: ClientOptions,
    pin: Pin,
}

impl JsonRpc {
    /// Sets up connections; none is made yet.
    ///
    /// # Errors
    /// [`BadClient`] when a certificate cannot be used.
    pub fn new(options: ClientOptions, pin: Pin) -> Result<Self, BadClient> {
        // Conductors are on the management network, never behind the proxy of the environment.
        let mut builder = reqwest::Client::builder()
            .no_proxy()
            .connect_timeout(CONNECT_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none());
        if let Some(path) = &options.ca_file {
            let pem = std::fs::read(path).map_err(|source| BadClient::Read {
                path: path.clone(),
                source,
            })?;
            builder = builder.tls_certs_only(reqwest::Certificate::from_pem_bundle(&pem)?);
        }
        if options.insecure {
            builder = builder.tls_danger_accept_invalid_certs(true);
        }
        Ok(JsonRpc {
            http: builder.build()?,
            options,
            pin,
        })
    }

    fn url(&self, to: &Destination) -> Result<String, Fault> {
        let Destination::Host(name) = to else {
            return Err(Fault::internal(
                "a request over JSON-RPC must name its conductor",
            ));
        };
        let port = match self.options.port {
            0 => DEFAULT_PORT,
            port => port,
        };
        let address = Address::of(name, port)
            .ok_or_else(|| Fault::internal(format!("conductor '{name}' is not an address")))?;
        let scheme = if self.options.tls { "https" } else { "http" };
        Ok(format!("{scheme}://{address}"))
    }

    /// Sends a request, with a fresh token once when the first one is not accepted.
    async fn send_as(&self, url: &str, body: &str) -> Result<reqwest::Response, Fault> {
        let request = || {
            self.http
                .post(url)
                .header("content-type", "application/json")
                .body(body.to_owned())
        };
        let send = async |request: reqwest::RequestBuilder| {
            let sent = request.send().await;
            sent.map_err(|error| unreached(url, &error))
        };
        match &self.options.login {
            Login::Nobody => send(request()).await,
            Login::Basic(Credentials { user, password }) => {
                send(request().basic_auth(user, Some(password.expose()))).await
            }
            Login::Tokens(tokens) => {
                let token = tokens.token(None).await?;
                let response = send(request().header(TOKEN, token.expose())).await?;
                if response.status() != StatusCode::UNAUTHORIZED {
                    return Ok(response);
                }
                let token = tokens.token(Some(&token)).await?;
                send(request().header(TOKEN, token.expose())).await
            }
        }
    }

    async fn post(&self, url: &str, body: &Value) -> Result<Vec<u8>, Fault> {
        let mut response = self.send_as(url, &body.to_string()).await?;
        let status = response.status();
        if !status.is_success() {
            let hint = match status {
                StatusCode::UNAUTHORIZED => "; check the credentials in [json_rpc]",
                StatusCode::FORBIDDEN => "; check the role of [json_rpc]'s user and allowed_roles",
                _ => "",
            };
            return Err(Fault::internal(format!(
                "the conductor at {url} answered HTTP {status}{hint}"
            )));
        }
        let mut answer = Vec::new();
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| unreached(url, &error))?
        {
            if answer.len() + chunk.len() > MAX_RESPONSE {
                return Err(Fault::internal(format!(
                    "the answer of the conductor at {url} is larger than {MAX_RESPONSE} bytes"
                )));
            }
            answer.extend_from_slice(&chunk);
        }
        Ok(answer)
    }

    async fn send(
        &self,
        context: &RequestContext,
        to: &Destination,
        request: &Request,
        timeout: Duration,
    ) -> Result<Vec<u8>, Fault> {
        let body = protocol::encode(context, request, self.pin)?;
        let url = self.url(to)?;
        within(timeout, self.post(&url, &body))
            .await
            .unwrap_or_else(|_| {
                Err(Fault::internal(format!(
                    "Timed out waiting for a reply to {} from {url} after {} s",
                    request.name(),
                    timeout.as_secs()
                )))
            })
    }
}

fn unreached(url: &str, error: &reqwest::Error) -> Fault {
    use std::error::Error;
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    let message = format!("Unable to establish connection to {url}: {text}");
    if error.is_connect() {
        // Nothing was sent: asking again is safe.
        Fault::temporary(message)
    } else {
        Fault::internal(message)
    }
}

#[async_trait]
impl Transport for JsonRpc {
    async fn call(
        &self,
        context: &RequestContext,
        to: &Destination,
        request: Request,
        timeout: Duration,
    ) -> Result<Answered, Fault> {
        let answer = self.send(context, to, &request, timeout).await?;
        protocol::decode_response(&answer).map(Answered::Json)
    }

    async fn cast(
        &self,
        context: &RequestContext,
        to: &Destination,
        request: Request,
        timeout: Duration,
    ) -> Result<(), Fault> {
        self.send(context, to, &request, timeout).await.map(drop)
    }
}
