//! What `[DEFAULT]` and `[oslo_messaging_rabbit]` say.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::hex_id;
use super::url::TransportUrl;

/// How to reach the broker and what to declare there. Exchange and queue settings must be equal in
/// every process of the cluster: a process with others is refused by the broker.
#[derive(Debug)]
pub struct Options {
    /// `[DEFAULT]transport_url`
    pub url: TransportUrl,
    /// `[DEFAULT]control_exchange`; Ironic sets `ironic`.
    pub exchange: String,
    /// `amqp_durable_queues`: exchange and topic queues survive a restart of the broker.
    pub durable_queues: bool,
    /// `rabbit_quorum_queue`: topic queues are quorum queues.
    pub quorum_queue: bool,
    /// `rabbit_transient_quorum_queue`: reply and fanout queues, too.
    pub transient_quorum_queue: bool,
    /// `rabbit_quorum_delivery_limit`, 0 for none.
    pub quorum_delivery_limit: u32,
    /// `rabbit_quorum_max_memory_length`, 0 for none.
    pub quorum_max_memory_length: u32,
    /// `rabbit_quorum_max_memory_bytes`, 0 for none.
    pub quorum_max_memory_bytes: u32,
    /// `rabbit_transient_queues_ttl`: unused reply and fanout queues go after this; 0 for never.
    pub transient_queues_ttl: Duration,
    /// `use_queue_manager`: predictable instead of random queue names.
    pub managed_queues: Option<ManagedQueues>,
    /// `heartbeat_timeout_threshold`: a connection silent for this long is dead; whole seconds,
    /// 0 for never.
    pub heartbeat: Duration,
    /// `ssl` and its files; `None` for plain TCP.
    pub tls: Option<Tls>,
    /// Calls that may wait for a reply at once; more are refused with 503.
    pub calls_in_flight: usize,
    /// Requests the broker hands over before the first of them has begun (1–65535). Those that wait
    /// for a place are in memory; the rest wait in the broker.
    pub prefetch: u16,
}

impl Options {
    /// The defaults of Ironic 39.0.0 and oslo.messaging 18.
    pub fn new(url: TransportUrl) -> Self {
        Options {
            url,
            exchange: "ironic".to_owned(),
            durable_queues: false,
            quorum_queue: false,
            transient_quorum_queue: false,
            quorum_delivery_limit: 0,
            quorum_max_memory_length: 0,
            quorum_max_memory_bytes: 0,
            transient_queues_ttl: Duration::from_secs(1800),
            managed_queues: None,
            heartbeat: Duration::from_secs(60),
            tls: None,
            calls_in_flight: 4096,
            prefetch: 1024,
        }
    }

    /// A name for a queue that belongs to this process: random digits, or the next managed name.
    pub(super) fn own_queue(&self, prefix: &str) -> String {
        match &self.managed_queues {
            None => format!("{prefix}_{}", hex_id()),
            Some(names) => format!(
                "{prefix}_{}:{}:{}",
                names.host,
                names.process,
                names.counter.fetch_add(1, Ordering::Relaxed) + 1
            ),
        }
    }
}

/// Queue names of the form `<host>:<process>:<counter>`.
#[derive(Debug)]
pub struct ManagedQueues {
    /// `[oslo_messaging_rabbit]hostname`
    pub host: String,
    /// `[oslo_messaging_rabbit]processname`; must differ between the processes of a host.
    pub process: String,
    counter: AtomicU64,
}

impl ManagedQueues {
    /// Names from number 1 on.
    pub fn new(host: impl Into<String>, process: impl Into<String>) -> Self {
        ManagedQueues {
            host: host.into(),
            process: process.into(),
            counter: AtomicU64::new(0),
        }
    }
}

/// `ssl` options. The broker's certificate and name are always verified.
#[derive(Clone, Debug, Default)]
pub struct Tls {
    /// `ssl_ca_file`: authorities that are trusted besides the system's.
    pub ca_file: Option<PathBuf>,
    /// `ssl_cert_file`, for a client certificate.
    pub cert_file: Option<PathBuf>,
    /// `ssl_key_file`, PKCS#8 PEM without a password.
    pub key_file: Option<PathBuf>,
}
