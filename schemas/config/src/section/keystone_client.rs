//! How to reach an OpenStack service, as keystoneauth names it.

use crate::section::section;
use crate::value::TlsVersion;

section! {
    /// How to reach an OpenStack service; shared by all sections that talk to one.
    KeystoneClient;

    /// CA file.
    cafile: Option<String>;
    /// Client certificate.
    certfile: Option<String>;
    /// Measure each request.
    collect_timing: bool = false;
    /// How often connecting is tried again.
    connect_retries: Option<i64>;
    /// Seconds between two tries to connect.
    connect_retry_delay: Option<f64>;
    /// Address of the service; looked up in the catalog when unset.
    endpoint_override: Option<String>;
    /// Do not verify certificates.
    insecure: bool = false;
    /// Endpoint to use; see `valid_interfaces`.
    interface: Option<String>, to_be_removed;
    /// Private key that belongs to `certfile`.
    keyfile: Option<String>;
    /// Greatest version to use, exclusive with `version`.
    max_version: Option<String>;
    /// Least version to use, exclusive with `version`.
    min_version: Option<String>;
    /// Region of the service.
    region_name: Option<String>;
    /// HTTP codes after which a request is sent again.
    retriable_status_codes: Option<Vec<i64>>;
    /// Name of the service in the catalog.
    service_name: Option<String>;
    /// Type of the service in the catalog.
    service_type: Option<String>;
    /// Log requests to several loggers.
    split_loggers: bool = false;
    /// How often a request is sent again after an HTTP code.
    status_code_retries: Option<i64>;
    /// Seconds between two of those.
    status_code_retry_delay: Option<f64>;
    /// Seconds to wait for an answer.
    timeout: Option<f64>;
    /// Ciphers, in OpenSSL's format.
    tls_ciphers: Option<String>;
    /// Lowest TLS version.
    tls_min_version: Option<TlsVersion>, choices(&["1.2", "1.3"]);
    /// Endpoints to use, best first.
    valid_interfaces: Vec<String> = "internal,public";
    /// Version to use, exclusive with `min_version` and `max_version`.
    version: Option<String>;
}
