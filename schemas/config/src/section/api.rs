//! `[api]`.

use crate::section::deploy::BootMode;
use crate::section::section;
use crate::value::{FileMode, HostAddress, TlsVersion, choice};

choice! {
    /// What to do with answers that do not follow their schema.
    pub enum ResponseValidation {
        /// Answer with an error.
        Error = "error",
        /// Log a warning.
        Warn = "warn",
        /// Nothing.
        Ignore = "ignore",
    }
}

section! {
    /// `[api]`: the REST API.
    Api;

    /// API worker processes; one per CPU when unset.
    api_workers: Option<i64>;
    /// Certificate for TLS.
    cert_file: Option<String>, formerly(&[(Some("ssl"), "cert_file")]);
    /// Steps that manual cleaning may not ask for, as `interface.step`.
    disallow_clean_steps: Vec<String> = "vendor.send_raw", mutable;
    /// Steps that deployment may not ask for, as `interface.step`.
    disallow_deploy_steps: Vec<String> = "vendor.send_raw", mutable;
    /// Steps that servicing may not ask for, as `interface.step`.
    disallow_service_steps: Vec<String> = "vendor.send_raw", mutable;
    /// Boot modes that new nodes may not have.
    disallowed_enrollment_boot_modes: Vec<BootMode> = "", mutable;
    /// Serve lookup, heartbeat and inspection data to ramdisks.
    enable_ramdisk_endpoints: bool = true, mutable;
    /// Serve TLS.
    enable_ssl_api: bool = false;
    /// Address to listen on.
    host_ip: HostAddress = "0.0.0.0";
    /// Private key that belongs to `cert_file`.
    key_file: Option<String>, formerly(&[(Some("ssl"), "key_file")]);
    /// Deepest nesting of a JSON body.
    max_json_body_depth: u64 = 25, min(8.0), mutable;
    /// Largest JSON body, in KiB.
    max_json_body_size: u64 = 1024, min(4.0), mutable;
    /// Largest body of inspection data, in KiB.
    max_json_body_size_inspection: u64 = 16384, min(4.0), mutable;
    /// Largest body of a provision request, in KiB.
    max_json_body_size_provision: u64 = 65536, min(4.0), mutable;
    /// Most items in one answer of a collection.
    max_limit: i64 = 1000, mutable;
    /// Python WSGI middleware to load.
    middleware: Vec<String> = "";
    /// JSON schema that network_data is checked with.
    network_data_schema: String = "$pybasedir/api/controllers/v1/network-data-schema.json";
    /// Port to listen on.
    port: u16 = 6385;
    /// Let administrators of a project create and delete nodes of their project.
    project_admin_can_manage_own_nodes: bool = true, mutable;
    /// Base URL of links in answers; the request's own when unset.
    public_endpoint: Option<String>, mutable;
    /// Seconds between a ramdisk's heartbeats, at most.
    ramdisk_heartbeat_timeout: i64 = 300, mutable;
    /// What to do with answers that do not follow their schema.
    response_validation: ResponseValidation = "warn";
    /// Answer lookups only for nodes that expect a ramdisk.
    restrict_lookup: bool = true, mutable;
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
}
