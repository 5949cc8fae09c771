//! The processes of the service: API, conductor, or both in one.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use api::auth::keystone::Keystone;
use api::serve::Address;
use api::{AppState, Listener};
use conductor::{Conductor, ConductorContext};
use drivers_registry::{Catalog, Registry};
use schemas_config::Config;
use schemas_config::section::default::{AuthStrategy, RpcTransport};
use schemas_config::value::TlsVersion;
use schemas_db::Database;
use schemas_rpc::notification::Notifier;
use schemas_rpc::objects::release::Pin;
use schemas_rpc::transport::Transport;
use schemas_rpc::transport::amqp::{Amqp, Listener as AmqpListener};
use schemas_rpc::transport::local::Local;
use schemas_rpc::{Client, Server};
use tokio_util::sync::CancellationToken;

use crate::notifications::Notifications;
use crate::settings::Settings;
use crate::signals::{self, Asked};
use crate::{authentication, banner, consoles, database, json_rpc, logging, messaging, terminal};

/// Which halves of the service this process is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Parts {
    /// The REST API.
    Api,
    /// A conductor.
    Conductor,
    /// Both; requests do not leave the process.
    Both,
}

impl Parts {
    const fn has_api(self) -> bool {
        matches!(self, Parts::Api | Parts::Both)
    }

    const fn has_conductor(self) -> bool {
        matches!(self, Parts::Conductor | Parts::Both)
    }

    /// The name its log is under: the one it was called by, if that is one of upstream's for it.
    fn program(self, called: &str) -> &str {
        match self {
            Parts::Api => "ironic-api",
            Parts::Conductor => "ironic-conductor",
            Parts::Both => called,
        }
    }

    const fn label(self) -> &'static str {
        match self {
            Parts::Api => "API",
            Parts::Conductor => "conductor",
            Parts::Both => "API and conductor",
        }
    }
}

/// Runs until SIGTERM, SIGINT or, for a conductor that is to drain, SIGUSR2.
///
/// # Errors
/// One sentence that says what stopped the start, or what failed.
pub(crate) async fn run(settings: Settings, parts: Parts) -> Result<(), String> {
    let program = parts.program(&settings.program);
    logging::start(&settings.config, program)?;
    for warning in &settings.warnings {
        tracing::warn!("{warning}");
    }
    let config = Arc::new(settings.config);
    let database = database::connect(&config, settings.embedded.as_deref()).await?;
    let ready = if settings.embedded.is_some() {
        database.create_or_adopt().await
    } else {
        database.adopt().await
    };
    ready.map_err(|why| format!("the database cannot be used: {why}"))?;
    terminal::write_lines(&banner::lines(
        &config,
        settings.embedded.as_deref(),
        parts.label(),
    ))?;

    let stop = CancellationToken::new();
    let asked = Asked::default();
    let signals = tokio::spawn(signals::listen(
        stop.clone(),
        asked.clone(),
        Arc::clone(&config),
        parts.has_conductor(),
    ));
    let notifications = Notifications::start(&config)?;
    let notifier = &notifications.notifier;
    let conductor = if parts.has_conductor() {
        Some(Half::start(&config, &database, notifier).await?)
    } else {
        None
    };
    if let Some(half) = &conductor {
        consoles::serve(&half.registry, &config, settings.embedded.is_some()).await?;
    }
    let outcome = match (&conductor, parts.has_api()) {
        (half, true) => {
            let mut state = api_state(&config, &database, half.as_ref(), &settings.directories)?
                .with_notifier(notifier.clone());
            if let Some(half) = half {
                state = state.with_metrics(half.conductor.metrics().registry().clone());
            }
            serve_api(&config, state, stop.clone()).await
        }
        (_, false) => {
            stop.cancelled().await;
            Ok(())
        }
    };
    stop.cancel();
    if let Some(half) = conductor {
        half.stop(asked.to_drain()).await;
    }
    notifications.stop().await;
    signals.abort();
    outcome
}

/// The conductor half of a process and how it is reached.
struct Half {
    conductor: Conductor,
    registry: Arc<Registry>,
    server: Arc<Server>,
    host: String,
    listening: Option<tokio::task::JoinHandle<()>>,
    stop_listening: CancellationToken,
    grace: Duration,
    config: Arc<Config>,
}

impl Half {
    async fn start(
        config: &Arc<Config>,
        database: &Database,
        notifier: &Notifier,
    ) -> Result<Self, String> {
        let registry = Registry::new(config.clone(), Catalog::all())
            .map_err(|why| format!("drivers: {why}"))?;
        let registry = Arc::new(registry);
        let host = messaging::registered_host(config);
        let context = ConductorContext {
            config: config.clone(),
            database: database.clone(),
            registry: registry.clone(),
            host: host.clone(),
            notifier: notifier.clone(),
        };
        let conductor = Conductor::start(context)
            .await
            .map_err(|why| format!("the conductor cannot start: {why}"))?;
        let places = usize::try_from(config.conductor.workers_pool_size).unwrap_or(300);
        let server = Arc::new(Server::new(conductor.handler(), places));
        let stop_listening = CancellationToken::new();
        let listening = match config.default.rpc_transport {
            RpcTransport::None => None,
            RpcTransport::Oslo => {
                let options = messaging::amqp_options(config, "conductor")?;
                let listener = AmqpListener::new(options, server.clone(), &host, pin(config)?)
                    .map_err(|why| format!("RabbitMQ: {why}"))?;
                let stop = stop_listening.clone();
                Some(tokio::spawn(async move { listener.run(&stop).await }))
            }
            RpcTransport::JsonRpc => {
                let listener = json_rpc::listener(config, server.clone(), pin(config)?)?;
                let stop = stop_listening.clone();
                Some(tokio::spawn(async move {
                    if let Err(why) = listener.run(&stop).await {
                        tracing::error!("the JSON-RPC listener ended: {}", describe(&why));
                    }
                }))
            }
        };
        let grace = u64::try_from(config.conductor.graceful_shutdown_timeout).unwrap_or(60);
        Ok(Half {
            conductor,
            registry,
            server,
            host,
            listening,
            stop_listening,
            grace: Duration::from_secs(grace),
            config: Arc::clone(config),
        })
    }

    async fn stop(self, drain: bool) {
        let patience = u64::try_from(self.config.default.drain_shutdown_timeout).unwrap_or(0);
        let grace = match (drain, patience) {
            (false, _) => Some(self.grace),
            // A drain of 0 seconds waits for ever.
            (true, 0) => None,
            (true, seconds) => Some(Duration::from_secs(seconds)),
        };
        if let Err(fault) = self.conductor.stop(grace).await {
            tracing::warn!("the conductor did not stop cleanly: {fault}");
        }
        self.stop_listening.cancel();
        if let Some(listening) = self.listening
            && let Err(why) = listening.await
        {
            tracing::warn!("the RPC listener ended badly: {why}");
        }
        self.server.drained().await;
        self.registry.close().await;
    }
}

/// The release whose object versions are written (`[DEFAULT]pin_release_version`).
fn pin(config: &Config) -> Result<Pin, String> {
    match &config.default.pin_release_version {
        None => Ok(Pin::NONE),
        Some(release) => Pin::to(&release.to_string())
            .map_err(|why| format!("[DEFAULT]pin_release_version: {why}")),
    }
}

/// What the handlers of requests share.
fn api_state(
    config: &Arc<Config>,
    database: &Database,
    conductor: Option<&Half>,
    directories: &[PathBuf],
) -> Result<AppState, String> {
    let transport: Arc<dyn Transport> = match (conductor, config.default.rpc_transport) {
        (Some(half), _) => Arc::new(Local::new(half.server.clone(), half.host.clone())),
        (None, RpcTransport::Oslo) => {
            let options = messaging::amqp_options(config, "api")?;
            Arc::new(Amqp::start(options, pin(config)?).map_err(|why| format!("RabbitMQ: {why}"))?)
        }
        (None, RpcTransport::JsonRpc) => Arc::new(json_rpc::caller(config, pin(config)?)?),
        (None, RpcTransport::None) => {
            return Err("[DEFAULT]rpc_transport is 'none', so an API process alone reaches no conductor: set it to \
                        'oslo', or start the all-in-one service"
                .to_owned());
        }
    };
    let client = Client::new(transport, messaging::response_timeout(config));
    let enforcer = authentication::enforcer(config, directories)?;
    let mut state = AppState::new(Arc::new(database.clone()), client, config.clone(), enforcer);
    match config.default.auth_strategy {
        AuthStrategy::Noauth => {}
        AuthStrategy::HttpBasic => {
            let file = &config.default.http_basic_auth_user_file;
            state = state.with_gate(json_rpc::password_file(file)?);
        }
        AuthStrategy::Keystone => {
            state = state.with_keystone(Keystone::new(&config.keystone_authtoken)?);
        }
    }
    Ok(state)
}

async fn serve_api(
    config: &Config,
    state: AppState,
    stop: CancellationToken,
) -> Result<(), String> {
    api::serve(state, listener(config)?, stop)
        .await
        .map_err(|why| describe(&why))
}

fn listener(config: &Config) -> Result<Listener, String> {
    let address = match &config.api.unix_socket {
        Some(path) => Address::Unix(
            PathBuf::from(path),
            config.api.unix_socket_mode.as_ref().map(|mode| mode.0),
        ),
        None => {
            let host = config.api.host_ip.to_string();
            let ip = host
                .parse()
                .map_err(|_| format!("[api]host_ip '{host}' is not an IP address"))?;
            Address::Tcp(SocketAddr::new(ip, config.api.port))
        }
    };
    let tls = if config.api.enable_ssl_api {
        Some(server_tls(config)?)
    } else {
        None
    };
    let workers = config
        .api
        .api_workers
        .and_then(|number| usize::try_from(number).ok());
    Ok(Listener {
        address,
        workers,
        tls,
    })
}

/// Certificate and key of the API.
fn server_tls(config: &Config) -> Result<Arc<rustls::ServerConfig>, String> {
    let file = |option: &Option<String>, name: &str| {
        option
            .clone()
            .ok_or_else(|| format!("[api]enable_ssl_api is set, and [api]{name} is not"))
    };
    let cert_file = file(&config.api.cert_file, "cert_file")?;
    let key_file = file(&config.api.key_file, "key_file")?;
    let only_13 = config.api.server_tls_minimum_version == TlsVersion::V1_3;
    api::tls::server_config(cert_file.as_ref(), key_file.as_ref(), only_13)
        .map_err(|why| describe(&why))
}

/// An error with its causes.
fn describe(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}
