//! From `[DEFAULT]rpc_transport` and `transport_url` to a way to conductors.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use schemas_config::Config;
use schemas_config::section::default::{AuthStrategy, RpcTransport};
use schemas_config::value::TlsVersion;
use schemas_model::secret::Secret;
use schemas_rpc::Server;
use schemas_rpc::objects::release::Pin;
use schemas_rpc::transport::amqp::{ManagedQueues, Options, Tls, TransportUrl};
use schemas_rpc::transport::json_rpc::{
    ClientOptions, Credentials, Gate, Htpasswd, JsonRpc, Listen, Listener, ListenerOptions,
    MinimumTls, Open, ServerTls, registered_name,
};

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

/// How long a caller waits for a conductor.
pub(crate) fn response_timeout(config: &Config) -> Duration {
    Duration::from_secs(u64::try_from(config.default.rpc_response_timeout.max(1)).unwrap_or(60))
}

/// Largest JSON-RPC request, in bytes: a node with a configdrive and some room.
const MAX_JSON_RPC_BODY: usize = 80 << 20;

/// The name a conductor registers under: its host, with the port where JSON-RPC listens on another one.
pub(crate) fn registered_host(config: &Config) -> String {
    let host = config.default.host.to_string();
    match config.default.rpc_transport {
        RpcTransport::JsonRpc => registered_name(&host, config.json_rpc.port),
        RpcTransport::Oslo | RpcTransport::None => host,
    }
}

/// Who may call by JSON-RPC: as `[json_rpc]auth_strategy` says, else as the API.
fn json_rpc_strategy(config: &Config) -> AuthStrategy {
    config
        .json_rpc
        .auth_strategy
        .unwrap_or(config.default.auth_strategy)
}

/// A password file as the gate of a server.
///
/// # Errors
/// When the file can't be used.
pub(crate) fn password_file(path: &str) -> Result<Arc<dyn Gate>, String> {
    let file = Htpasswd::open(path).map_err(|why| why.to_string())?;
    Ok(Arc::new(file))
}

const NO_KEYSTONE: &str = "[json_rpc]auth_strategy is 'keystone', which this version cannot do yet; use 'http_basic', or \
                           'noauth' on a network of your own";

/// The answering side of `[json_rpc]`.
///
/// # Errors
/// One sentence when address, certificate or password file can't be used.
pub(crate) fn json_rpc_listener(
    config: &Config,
    server: Arc<Server>,
    pin: Pin,
) -> Result<Listener, String> {
    let options = &config.json_rpc;
    let gate: Arc<dyn Gate> = match json_rpc_strategy(config) {
        AuthStrategy::Noauth => Arc::new(Open),
        AuthStrategy::HttpBasic => password_file(&options.http_basic_auth_user_file)?,
        AuthStrategy::Keystone => return Err(NO_KEYSTONE.to_owned()),
    };
    let tls = match (options.use_ssl, &options.cert_file, &options.key_file) {
        (false, _, _) => None,
        (true, Some(cert_file), Some(key_file)) => Some(ServerTls {
            cert_file: PathBuf::from(cert_file),
            key_file: PathBuf::from(key_file),
            minimum: match options.server_tls_minimum_version {
                TlsVersion::V1_3 => MinimumTls::V1_3,
                TlsVersion::V1_1 | TlsVersion::V1_2 => MinimumTls::V1_2,
            },
        }),
        (true, _, _) => return Err("[json_rpc]use_ssl needs cert_file and key_file".to_owned()),
    };
    let listen = match &options.unix_socket {
        Some(path) => Listen::Unix(
            PathBuf::from(path),
            options.unix_socket_mode.as_ref().map(|mode| mode.0),
        ),
        None => Listen::Tcp(options.host_ip.to_string(), options.port),
    };
    let options = ListenerOptions {
        listen,
        tls,
        gate,
        max_body: MAX_JSON_RPC_BODY,
    };
    Listener::bind(options, server, pin).map_err(|why| format!("JSON-RPC: {why}"))
}

/// The calling side of `[json_rpc]`.
///
/// # Errors
/// One sentence when the options can't be used.
pub(crate) fn json_rpc_caller(config: &Config, pin: Pin) -> Result<JsonRpc, String> {
    let options = &config.json_rpc;
    let credentials =
        match json_rpc_strategy(config) {
            AuthStrategy::Noauth => None,
            AuthStrategy::Keystone => return Err(NO_KEYSTONE.to_owned()),
            AuthStrategy::HttpBasic => {
                match (&options.credentials.username, &options.credentials.password) {
                    (Some(user), Some(password)) => Some(Credentials {
                        user: user.clone(),
                        password: password.clone(),
                    }),
                    _ => return Err(
                        "[json_rpc]auth_strategy is 'http_basic': username and password are needed"
                            .to_owned(),
                    ),
                }
            }
        };
    let options = ClientOptions {
        port: options.port,
        tls: options.use_ssl || options.client_use_ssl,
        ca_file: options.client.cafile.clone().map(PathBuf::from),
        insecure: options.client.insecure,
        credentials,
    };
    JsonRpc::new(options, pin).map_err(|why| format!("JSON-RPC: {why}"))
}
