//! `[json_rpc]` and `[ironic_networking_json_rpc]`.

use crate::section::default::AuthStrategy;
use crate::section::keystone_client::KeystoneClient;
use crate::section::keystone_credentials::KeystoneCredentials;
use crate::section::section;
use crate::value::{FileMode, HostAddress, TlsVersion};

section! {
    /// `[json_rpc]`: JSON-RPC between API and conductor.
    JsonRpc,
    credentials: KeystoneCredentials { auth_type = "password" },
    client: KeystoneClient { timeout = "120.0" };

    /// Roles that may call.
    allowed_roles: Vec<String> = "admin";
    /// How callers are authenticated; as API users when unset.
    auth_strategy: Option<AuthStrategy>;
    /// Certificate for TLS.
    cert_file: Option<String>, formerly(&[(Some("ssl"), "cert_file")]);
    /// Call by TLS although the server does not serve it.
    client_use_ssl: bool = false;
    /// Log only the id of a request at level DEBUG.
    debug_log_request_id_only: bool = true, mutable;
    /// Address to listen on.
    host_ip: HostAddress = "::";
    /// File with user names and bcrypt hashes for `http_basic`.
    http_basic_auth_user_file: String = "/etc/ironic/htpasswd-json-rpc";
    /// Private key that belongs to `cert_file`.
    key_file: Option<String>, formerly(&[(Some("ssl"), "key_file")]);
    /// Port to listen on.
    port: u16 = 8089;
    /// Ciphers to offer, in OpenSSL's format.
    server_tls_ciphers: Option<String>, formerly(&[(None, "tls_ciphers")]);
    /// Lowest TLS version to accept.
    server_tls_minimum_version: TlsVersion = "1.3",
        choices(&["1.2", "1.3"]),
        formerly(&[(None, "tls_minimum_version")]);
    /// Unix socket to listen on instead of address and port.
    unix_socket: Option<String>;
    /// Mode of the Unix socket.
    unix_socket_mode: Option<FileMode>;
    /// Serve TLS.
    use_ssl: bool = false;
}
