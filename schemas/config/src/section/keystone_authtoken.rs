//! `[keystone_authtoken]`.

use schemas_model::secret::Secret;

use crate::section::keystone_credentials::KeystoneCredentials;
use crate::section::section;
use crate::value::choice;

choice! {
    /// How cached tokens are protected.
    pub enum MemcacheSecurity (any case) {
        /// Not at all.
        None = "None",
        /// Authenticated.
        Mac = "MAC",
        /// Authenticated and encrypted.
        Encrypt = "ENCRYPT",
    }
}

section! {
    /// `[keystone_authtoken]`: verifying the tokens of API users.
    KeystoneAuthtoken,
    credentials: KeystoneCredentials {};

    /// Version of the Identity API.
    auth_version: Option<String>;
    /// WSGI environment key of a cache.
    cache: Option<String>;
    /// CA file for the Identity service.
    cafile: Option<String>;
    /// Client certificate.
    certfile: Option<String>;
    /// Let requests without a valid token through to the application.
    delay_auth_decision: bool = false;
    /// Whether tokens bound to a client are checked.
    enforce_token_bind: String = "permissive";
    /// Seconds to wait for the Identity service.
    http_connect_timeout: Option<i64>;
    /// How often the Identity service is tried again.
    http_request_max_retries: i64 = 3;
    /// Ask for the service catalog of a token.
    include_service_catalog: bool = true;
    /// Do not verify the Identity service's certificate.
    insecure: bool = false;
    /// Endpoint to use: `public`, `internal` or `admin`.
    interface: String = "internal";
    /// Private key that belongs to `certfile`.
    keyfile: Option<String>;
    /// Password for memcached.
    memcache_password: Option<Secret<String>>;
    /// Seconds to wait for a memcached connection.
    memcache_pool_conn_get_timeout: i64 = 10;
    /// Seconds for which a dead memcached is left alone.
    memcache_pool_dead_retry: i64 = 300;
    /// Most connections to a memcached.
    memcache_pool_maxsize: i64 = 10;
    /// Seconds to wait for memcached.
    memcache_pool_socket_timeout: i64 = 3;
    /// Seconds after which an idle memcached connection is closed.
    memcache_pool_unused_timeout: i64 = 60;
    /// Authenticate to memcached.
    memcache_sasl_enabled: bool = false;
    /// Key that protects cached tokens.
    memcache_secret_key: Option<Secret<String>>;
    /// How cached tokens are protected.
    memcache_security_strategy: MemcacheSecurity = "None";
    /// Ciphers for memcached, in OpenSSL's format.
    memcache_tls_allowed_ciphers: Option<String>;
    /// CA file for memcached.
    memcache_tls_cafile: Option<String>;
    /// Client certificate for memcached.
    memcache_tls_certfile: Option<String>;
    /// Talk to memcached by TLS.
    memcache_tls_enabled: bool = false;
    /// Private key that belongs to `memcache_tls_certfile`.
    memcache_tls_keyfile: Option<String>;
    /// Use the pool of connections.
    memcache_use_advanced_pool: bool = true;
    /// User name for memcached.
    memcache_username: Option<String>;
    /// Where memcached listens, as `host:port`; tokens are cached in memory when unset.
    memcached_servers: Option<Vec<String>>, formerly(&[(None, "memcache_servers")]);
    /// Region of the Identity service.
    region_name: Option<String>;
    /// Roles that make a token a service token.
    service_token_roles: Vec<String> = "service";
    /// Demand one of `service_token_roles` of service tokens.
    service_token_roles_required: bool = true;
    /// Type of this service, for tokens with access rules.
    service_type: Option<String>;
    /// Seconds for which a valid token is trusted without asking; -1 never.
    token_cache_time: i64 = 300;
    /// Address of the Identity service that users are told.
    www_authenticate_uri: Option<String>;
}
