//! JSON-RPC as a way to conductors, from `[json_rpc]`.
//!
//! Who may call is `auth_strategy`: everybody, who is in a password file, or whose token the
//! Identity service of `[keystone_authtoken]` knows and has one of `allowed_roles`. Who calls is
//! `auth_type`, which follows `auth_strategy` unless it is set.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use api::auth::keystone::{Keystone, Own, Session, Unknown, Way};
use async_trait::async_trait;
use schemas_config::Config;
use schemas_config::section::default::AuthStrategy;
use schemas_config::section::json_rpc::JsonRpc as Options;
use schemas_config::value::TlsVersion;
use schemas_model::error::Fault;
use schemas_model::secret::Secret;
use schemas_rpc::Server;
use schemas_rpc::objects::release::Pin;
use schemas_rpc::transport::json_rpc::{
    ClientOptions, Credentials, Denied, Gate, Htpasswd, JsonRpc, Listen, Listener, ListenerOptions,
    Login, MinimumTls, Open, ServerTls, Tokens,
};

/// Largest request, in bytes: a node with a configdrive and some room.
const MAX_BODY: usize = 80 << 20;

/// Who may call: as `[json_rpc]auth_strategy` says, else as the API.
fn strategy(config: &Config) -> AuthStrategy {
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

/// Lets in whose token has one of some roles.
struct RoleGate {
    keystone: Keystone,
    roles: Vec<String>,
}

#[async_trait]
impl Gate for RoleGate {
    async fn admit(
        &self,
        header: &(dyn for<'a> Fn(&'a str) -> Option<String> + Send + Sync),
    ) -> Result<(), Denied> {
        let denied = |status, message: &str| Denied {
            status,
            message: message.to_owned(),
            challenge: (status == 401).then(|| self.keystone.challenge().to_owned().into()),
        };
        let unauthenticated = || denied(401, "Authentication required");
        let token = header("x-auth-token").ok_or_else(unauthenticated)?;
        let roles = self.keystone.roles(&token).await.map_err(|why| match why {
            Unknown::Caller => unauthenticated(),
            Unknown::Keystone => denied(503, "The Keystone service is temporarily unavailable."),
        })?;
        if roles.iter().any(|role| self.roles.contains(role)) {
            Ok(())
        } else {
            tracing::warn!(?roles, allowed = ?self.roles, "a JSON-RPC caller has none of the roles that may call");
            Err(denied(403, "Forbidden"))
        }
    }
}

fn gate(config: &Config) -> Result<Arc<dyn Gate>, String> {
    let options = &config.json_rpc;
    let gate: Arc<dyn Gate> = match strategy(config) {
        AuthStrategy::Noauth => Arc::new(Open),
        AuthStrategy::HttpBasic => password_file(&options.http_basic_auth_user_file)?,
        AuthStrategy::Keystone => Arc::new(RoleGate {
            keystone: Keystone::new(&config.keystone_authtoken)?,
            roles: options.allowed_roles.clone(),
        }),
    };
    Ok(gate)
}

/// The answering side.
///
/// # Errors
/// One sentence when address, certificate, password file or Keystone's options can't be used.
pub(crate) fn listener(config: &Config, server: Arc<Server>, pin: Pin) -> Result<Listener, String> {
    let options = &config.json_rpc;
    let listen = match &options.unix_socket {
        Some(path) => Listen::Unix(
            PathBuf::from(path),
            options.unix_socket_mode.as_ref().map(|mode| mode.0),
        ),
        None => Listen::Tcp(options.host_ip.to_string(), options.port),
    };
    let listening = ListenerOptions {
        listen,
        tls: server_tls(options)?,
        gate: gate(config)?,
        max_body: MAX_BODY,
    };
    Listener::bind(listening, server, pin).map_err(|why| format!("JSON-RPC: {why}"))
}

fn server_tls(options: &Options) -> Result<Option<ServerTls>, String> {
    match (options.use_ssl, &options.cert_file, &options.key_file) {
        (false, _, _) => Ok(None),
        (true, Some(cert_file), Some(key_file)) => Ok(Some(ServerTls {
            cert_file: PathBuf::from(cert_file),
            key_file: PathBuf::from(key_file),
            minimum: match options.server_tls_minimum_version {
                TlsVersion::V1_3 => MinimumTls::V1_3,
                TlsVersion::V1_1 | TlsVersion::V1_2 => MinimumTls::V1_2,
            },
        })),
        (true, _, _) => Err("[json_rpc]use_ssl needs cert_file and key_file".to_owned()),
    }
}

/// Tokens of the user of `[json_rpc]`.
#[derive(Debug)]
struct ServiceTokens {
    session: Session,
    last: Mutex<Option<Arc<Own>>>,
}

#[async_trait]
impl Tokens for ServiceTokens {
    async fn token(&self, refused: Option<&Secret>) -> Result<Secret, Fault> {
        let refused = refused.and_then(|refused| {
            let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
            last.clone().filter(|last| last.token() == refused)
        });
        let own = self
            .session
            .token(refused.as_ref())
            .await
            .map_err(|why| Fault::internal(format!("no token for JSON-RPC: {why}")))?;
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        *last = Some(Arc::clone(&own));
        Ok(own.token().clone())
    }
}

/// Who we are to conductors.
fn login(config: &Config) -> Result<Login, String> {
    let options = &config.json_rpc;
    let credentials = &options.credentials;
    let strategy = strategy(config);
    let given = config.is_set("json_rpc", "auth_type");
    let kind = match (given, strategy) {
        (false, AuthStrategy::Noauth) => "none",
        (false, AuthStrategy::HttpBasic) => "http_basic",
        _ => credentials.auth_type.as_deref().unwrap_or("password"),
    };
    match kind {
        "none" | "noauth" => Ok(Login::Nobody),
        "http_basic" => match (&credentials.username, &credentials.password) {
            (Some(user), Some(password)) => Ok(Login::Basic(Credentials {
                user: user.clone(),
                password: password.clone(),
            })),
            _ => Err(
                "[json_rpc] is to use HTTP basic authentication: username and password are needed"
                    .to_owned(),
            ),
        },
        "password" | "v3password" | "v3applicationcredential" => {
            let way = Way {
                section: "json_rpc",
                url: None,
                ca_file: options.client.cafile.as_ref(),
                insecure: options.client.insecure,
                timeout: options
                    .client
                    .timeout
                    .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
                    .map(|timeout| timeout.as_secs().max(1)),
                retries: 1,
            };
            Ok(Login::Tokens(Arc::new(ServiceTokens {
                session: Session::new(credentials, way)?,
                last: Mutex::default(),
            })))
        }
        other => Err(format!(
            "[json_rpc]auth_type '{other}' is not one of none, http_basic, password, v3password and \
             v3applicationcredential"
        )),
    }
}

/// The calling side.
///
/// # Errors
/// One sentence when the options can't be used.
pub(crate) fn caller(config: &Config, pin: Pin) -> Result<JsonRpc, String> {
    let options = &config.json_rpc;
    let calling = ClientOptions {
        port: options.port,
        tls: options.use_ssl || options.client_use_ssl,
        ca_file: options.client.cafile.clone().map(PathBuf::from),
        insecure: options.client.insecure,
        login: login(config)?,
    };
    JsonRpc::new(calling, pin).map_err(|why| format!("JSON-RPC: {why}"))
}
