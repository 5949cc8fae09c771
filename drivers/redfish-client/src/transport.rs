//! One HTTP exchange: connection reuse, body cap, deadline. Knows nothing of retries or sessions.
//!
//! One connection pool serves all BMCs with the same TLS policy, so that ten thousand BMCs don't
//! hold ten thousand copies of the trust store.

use std::{
    collections::HashMap,
    error::Error as _,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use reqwest::{
    Client, Response,
    header::{
        ACCEPT, ACCEPT_ENCODING, ETAG, HeaderMap, HeaderName, HeaderValue, IF_MATCH, LOCATION,
        RETRY_AFTER,
    },
    redirect,
};

use crate::{
    address::BmcAddress,
    deadline::Deadline,
    error::ErrorKind,
    exchange::{Authorization, Method, Reply, Request},
    settings::Timeouts,
    tls::TlsPolicy,
};

const X_AUTH_TOKEN: HeaderName = HeaderName::from_static("x-auth-token");
const ODATA_VERSION: HeaderName = HeaderName::from_static("odata-version");
/// How long an idle connection is kept for reads. BMCs drop theirs after some ten seconds.
const IDLE: Duration = Duration::from_secs(5);
/// Most TLS policies kept; sites have a handful.
const MAX_POLICIES: usize = 64;

/// Why an exchange failed, and whether the BMC may have acted on the request.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) kind: ErrorKind,
    /// False when nothing of the request can have reached the BMC.
    pub(crate) sent: bool,
}

/// HTTP clients by TLS policy and connect timeout.
#[derive(Debug, Default)]
pub(crate) struct Transports {
    clients: Mutex<HashMap<(TlsPolicy, Duration), Clients>>,
}

/// Two clients with the same policy.
#[derive(Debug, Clone)]
pub(crate) struct Clients {
    reading: Client,
    /// Uses a fresh connection each time: on a reused one that the BMC is just closing, nobody knows
    /// whether a reset has happened.
    changing: Client,
}

impl Transports {
    /// The clients for a policy. The first call for a policy reads the trust store.
    pub(crate) fn clients(&self, tls: &TlsPolicy, connect: Duration) -> Result<Clients, ErrorKind> {
        let key = (tls.clone(), connect);
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = clients.get(&key) {
            return Ok(known.clone());
        }
        let config = tls.client_config().map_err(ErrorKind::Settings)?;
        let built = Clients {
            reading: build(config.clone(), connect, 2)?,
            changing: build(config, connect, 0)?,
        };
        if clients.len() >= MAX_POLICIES {
            clients.clear();
        }
        clients.insert(key, built.clone());
        Ok(built)
    }
}

fn build(
    config: rustls::ClientConfig,
    connect: Duration,
    idle_connections: usize,
) -> Result<Client, ErrorKind> {
    Client::builder()
        .tls_backend_preconfigured(config)
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .no_gzip()
        .http1_only()
        .referer(false)
        .connect_timeout(connect)
        .pool_idle_timeout(IDLE)
        .pool_max_idle_per_host(idle_connections)
        .user_agent("ferric")
        .build()
        .map_err(|error| ErrorKind::Settings(causes(&error)))
}

/// Sends `request` and reads the whole answer, within `deadline` and the timeouts.
pub(crate) async fn exchange(
    clients: &Clients,
    address: &BmcAddress,
    request: &Request,
    authorization: &Authorization,
    timeouts: &Timeouts,
    body_limit: usize,
    deadline: Deadline,
) -> Result<Reply, Failure> {
    let patience = deadline.at_most(timeouts.connect.saturating_add(timeouts.read));
    let client = match request.method {
        Method::Get => &clients.reading,
        _ => &clients.changing,
    };
    let whole = async {
        let response = client
            .execute(encode(client, address, request, authorization)?)
            .await
            .map_err(|error| failure(&error, patience))?;
        decode(response, body_limit, patience).await
    };
    match tokio::time::timeout(patience, whole).await {
        Ok(result) => result,
        Err(_) => Err(Failure {
            kind: ErrorKind::Timeout(patience),
            sent: true,
        }),
    }
}

fn encode(
    client: &Client,
    address: &BmcAddress,
    request: &Request,
    authorization: &Authorization,
) -> Result<reqwest::Request, Failure> {
    let method = match request.method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Patch => reqwest::Method::PATCH,
        Method::Put => reqwest::Method::PUT,
        Method::Delete => reqwest::Method::DELETE,
    };
    let mut builder = client
        .request(method, address.url(&request.path))
        .header(ACCEPT, "application/json")
        // Compressed answers turn strong ETags into weak ones on some BMCs.
        .header(ACCEPT_ENCODING, "identity")
        .header(ODATA_VERSION, "4.0");
    builder = match authorization {
        Authorization::Anonymous => builder,
        Authorization::Basic { username, password } => {
            builder.basic_auth(username, Some(password.expose()))
        }
        Authorization::Token(token) => {
            let mut value = HeaderValue::from_str(token.expose()).map_err(|_| {
                unsent("the session token has characters that don't fit into a header")
            })?;
            value.set_sensitive(true);
            builder.header(X_AUTH_TOKEN, value)
        }
    };
    if let Some(etag) = &request.if_match {
        builder = builder.header(IF_MATCH, etag);
    }
    if let Some(body) = &request.body {
        builder = builder.json(body);
    }
    builder.build().map_err(|error| unsent(&causes(&error)))
}

fn unsent(why: &str) -> Failure {
    Failure {
        kind: ErrorKind::Settings(why.to_owned()),
        sent: false,
    }
}

async fn decode(
    mut response: Response,
    limit: usize,
    patience: Duration,
) -> Result<Reply, Failure> {
    let too_large = || Failure {
        kind: ErrorKind::TooLarge(limit),
        sent: true,
    };
    if response
        .content_length()
        .is_some_and(|length| length > limit as u64)
    {
        return Err(too_large());
    }
    let mut body = BytesMut::new();
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| failure(&error, patience))?
    {
        if body.len() + chunk.len() > limit {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(reply(
        response.status().as_u16(),
        response.headers(),
        body.freeze(),
    ))
}

fn reply(status: u16, headers: &HeaderMap, body: Bytes) -> Reply {
    let text = |name: HeaderName| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned)
    };
    Reply {
        status,
        etag: text(ETAG).filter(|etag| !etag.is_empty()),
        location: text(LOCATION),
        retry_after: text(RETRY_AFTER)
            .as_deref()
            .and_then(Reply::parse_retry_after),
        token: text(X_AUTH_TOKEN).map(Into::into),
        body,
    }
}

fn failure(error: &reqwest::Error, patience: Duration) -> Failure {
    let why = causes(error);
    // The TLS alert and certificate errors of rustls are only to be had as text here.
    let tls = why.contains("certificate")
        || why.contains("received fatal alert")
        || why.contains("peer is incompatible")
        || why.contains("InvalidContentType")
        || why.contains("corrupt message");
    let kind = if error.is_connect() && tls {
        ErrorKind::Tls(why)
    } else if error.is_connect() {
        ErrorKind::Connect(why)
    } else if error.is_timeout() {
        ErrorKind::Timeout(patience)
    } else {
        ErrorKind::Broken(why)
    };
    Failure {
        kind,
        sent: !error.is_connect(),
    }
}

/// The innermost cause, which says what happened; the outer ones only say "error sending request".
fn causes(error: &reqwest::Error) -> String {
    let mut innermost: &dyn std::error::Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    match error.source() {
        Some(_) => innermost.to_string(),
        None => error
            .to_string()
            .split(" for url")
            .next()
            .unwrap_or_default()
            .to_owned(),
    }
}

/// What all BMCs of a process share; see [`Transports`].
pub(crate) type SharedTransports = Arc<Transports>;
