//! From `[DEFAULT]rpc_transport` and `transport_url` to a way to conductors.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use schemas_config::Config;
use schemas_rpc::transport::amqp::{ManagedQueues, Options, Tls, TransportUrl};

/// How RabbitMQ is used, as `[oslo_messaging_rabbit]` says. `process` tells the processes of a host apart.
///
/// # Errors
/// One sentence when `transport_url` can't be used; never the URL, which holds a password.
pub(crate) fn amqp_options(config: &Config, process: &str) -> Result<Arc<Options>, String> {
    let url: TransportUrl = config
        .default
        .transport_url
        .expose()
        .parse()
        .map_err(|why| format!("[DEFAULT]transport_url: {why}"))?;
    let rabbit = &config.oslo_messaging_rabbit;
    let number = |value: i64| u32::try_from(value).unwrap_or(0);
    let mut options = Options::new(url);
    options
        .exchange
        .clone_from(&config.default.control_exchange);
    options.durable_queues = rabbit.amqp_durable_queues;
    options.quorum_queue = rabbit.rabbit_quorum_queue;
    options.transient_quorum_queue = rabbit.rabbit_transient_quorum_queue;
    options.quorum_delivery_limit = number(rabbit.rabbit_quorum_delivery_limit);
    options.quorum_max_memory_length = number(rabbit.rabbit_quorum_max_memory_length);
    options.quorum_max_memory_bytes = number(rabbit.rabbit_quorum_max_memory_bytes);
    options.transient_queues_ttl = Duration::from_secs(rabbit.rabbit_transient_queues_ttl);
    options.heartbeat =
        Duration::from_secs(u64::try_from(rabbit.heartbeat_timeout_threshold).unwrap_or(60));
    options.managed_queues = rabbit
        .use_queue_manager
        .then(|| ManagedQueues::new(&*config.default.host, process));
    options.tls = rabbit.ssl.then(|| Tls {
        ca_file: file(&rabbit.ssl_ca_file),
        cert_file: file(&rabbit.ssl_cert_file),
        key_file: file(&rabbit.ssl_key_file),
    });
    if let Ok(prefetch @ 1..) = u16::try_from(rabbit.rabbit_qos_prefetch_count) {
        options.prefetch = prefetch;
    }
    Ok(Arc::new(options))
}

fn file(path: &str) -> Option<PathBuf> {
    (!path.is_empty()).then(|| PathBuf::from(path))
}

/// How long a caller waits for a conductor.
pub(crate) fn response_timeout(config: &Config) -> Duration {
    Duration::from_secs(u64::try_from(config.default.rpc_response_timeout.max(1)).unwrap_or(60))
}
