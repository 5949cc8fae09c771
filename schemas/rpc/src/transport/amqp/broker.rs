//! Connections to the hosts of `transport_url`.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use lapin::tcp::OwnedTLSConfig;
use lapin::uri::{AMQPAuthority, AMQPQueryString, AMQPScheme, AMQPUri, AMQPUserInfo};
use lapin::{Connection, ConnectionProperties};
use tokio::time::timeout;

use super::options::Options;
use super::tls::{self, TlsError};
use super::url::Host;

/// One attempt at one host.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How often lapin tries one host, at first and when a connection was lost, before the next host
/// has its turn.
const RECOVERY_ATTEMPTS: usize = 3;
const RECOVERY_DELAY: std::ops::Range<Duration> =
    Duration::from_millis(200)..Duration::from_secs(1);

/// Opens connections, at another host each time the last one failed.
pub(super) struct Broker {
    pub(super) options: Arc<Options>,
    tls: OwnedTLSConfig,
    next: AtomicUsize,
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub(super) enum ConnectError {
    #[error("cannot connect to the broker at {address}: {source}")]
    Refused {
        address: String,
        #[source]
        source: lapin::Error,
    },
    #[error("the broker at {address} did not answer within {} s", CONNECT_TIMEOUT.as_secs())]
    Silent { address: String },
    #[error("transport_url names no host")]
    NoHost,
}

impl Broker {
    pub(super) fn new(options: Arc<Options>) -> Result<Self, TlsError> {
        let tls = options.tls.as_ref().map(tls::load).transpose()?;
        Ok(Broker {
            options,
            tls: tls.unwrap_or_default(),
            next: AtomicUsize::new(0),
        })
    }

    /// One attempt, at the host whose turn it is; a failure gives the next host its turn.
    pub(super) async fn connect(&self, purpose: &str) -> Result<Connection, ConnectError> {
        let hosts = &self.options.url.hosts;
        let turn = self.next.load(Ordering::Relaxed);
        let host = hosts
            .get(turn % hosts.len().max(1))
            .ok_or(ConnectError::NoHost)?;
        let attempt = Connection::connect_uri_with_config(
            self.uri(host),
            properties(purpose),
            self.tls.clone(),
            lapin::runtime::default_runtime().map_err(|source| ConnectError::Refused {
                address: address(host),
                source,
            })?,
        );
        let failure = match timeout(CONNECT_TIMEOUT, attempt).await {
            Ok(Ok(connection)) => {
                tracing::info!(broker = address(host), purpose, "connected to the broker");
                return Ok(connection);
            }
            Ok(Err(source)) => ConnectError::Refused {
                address: address(host),
                source,
            },
            Err(_) => ConnectError::Silent {
                address: address(host),
            },
        };
        self.next.store(turn.wrapping_add(1), Ordering::Relaxed);
        Err(failure)
    }

    fn uri(&self, host: &Host) -> AMQPUri {
        let heartbeat = self.options.heartbeat.as_secs();
        AMQPUri {
            scheme: match self.options.tls {
                Some(_) => AMQPScheme::AMQPS,
                None => AMQPScheme::AMQP,
            },
            authority: AMQPAuthority {
                userinfo: AMQPUserInfo {
                    username: host.user.clone(),
                    password: host.password.expose().clone(),
                },
                host: host.host.clone(),
                port: host.port,
            },
            vhost: self.options.url.virtual_host.clone(),
            query: AMQPQueryString {
                heartbeat: Some(u16::try_from(heartbeat).unwrap_or(u16::MAX)),
                ..AMQPQueryString::default()
            },
        }
    }
}

fn address(host: &Host) -> String {
    if host.host.contains(':') {
        format!("[{}]:{}", host.host, host.port)
    } else {
        format!("{}:{}", host.host, host.port)
    }
}

fn properties(purpose: &str) -> ConnectionProperties {
    ConnectionProperties::default()
        .with_connection_name(format!("ferric:{}:{purpose}", std::process::id()).into())
        .configure_backoff(|backoff| {
            backoff
                .with_min_delay(RECOVERY_DELAY.start)
                .with_max_delay(RECOVERY_DELAY.end)
                .with_max_times(RECOVERY_ATTEMPTS)
                .with_jitter()
        })
        .enable_auto_recover()
}
