//! RabbitMQ as a way to conductors, from `[DEFAULT]transport_url` and `[oslo_messaging_rabbit]`.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use schemas_config::Config;
use schemas_config::section::default::RpcTransport;
use schemas_model::secret::Secret;
use schemas_rpc::transport::amqp::{ManagedQueues, Options, Tls, TransportUrl};
use schemas_rpc::transport::json_rpc::registered_name;

/// How RabbitMQ is used, as `[oslo_messaging_rabbit]` says. `process` tells the processes of a host apart.
///
/// # Errors
/// One sentence when `transport_url` can't be used; never the URL, which holds a password.
pub(crate) fn amqp_options(config: &Config, process: &str) -> Result<Arc<Options>, String> {
    amqp_options_at(config, &config.default.transport_url, process)
}

/// The same with another broker.
///
/// # Errors
/// As [`amqp_options`].
pub(crate) fn amqp_options_at(
    config: &Config,
    url: &Secret<String>,
    process: &str,
) -> Result<Arc<Options>, String> {
    let url: TransportUrl = url
        .expose()
        .parse()
        .map_err(|why| format!("transport_url: {why}"))?;
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

/// How long a caller waits for a conductor: over JSON-RPC, as long as its HTTP client.
pub(crate) fn response_timeout(config: &Config) -> Duration {
    let seconds = config.default.rpc_response_timeout.max(1);
    let seconds = Duration::from_secs(u64::try_from(seconds).unwrap_or(60));
    match (config.default.rpc_transport, config.json_rpc.client.timeout) {
        (RpcTransport::JsonRpc, Some(timeout)) => {
            Duration::try_from_secs_f64(timeout.max(1.0)).unwrap_or(seconds)
        }
        _ => seconds,
    }
}

/// The name a conductor registers under: its host, with the port where JSON-RPC listens on another one.
pub(crate) fn registered_host(config: &Config) -> String {
    let host = config.default.host.to_string();
    match config.default.rpc_transport {
        RpcTransport::JsonRpc => registered_name(&host, config.json_rpc.port),
        RpcTransport::Oslo | RpcTransport::None => host,
    }
}
