//! `[oslo_policy]`.

use crate::section::section;
use crate::value::{Multi, choice};

choice! {
    /// How remote policy checks are encoded.
    pub enum RemoteContentType {
        /// As a form.
        Form = "application/x-www-form-urlencoded",
        /// As JSON.
        Json = "application/json",
    }
}

section! {
    /// `[oslo_policy]`: who may do what.
    OsloPolicy;

    /// Leave deprecated rules out of the defaults.
    enforce_new_defaults: bool = true;
    /// Rule for actions without one.
    policy_default_rule: String = "default";
    /// Directories with further policy files.
    policy_dirs: Multi<String> = "policy.d";
    /// The policy file; beside the configuration unless absolute.
    policy_file: String = "policy.yaml";
    /// How remote checks are encoded.
    remote_content_type: RemoteContentType = "application/x-www-form-urlencoded";
    /// CA file for remote checks.
    remote_ssl_ca_crt_file: Option<String>;
    /// Client certificate for remote checks.
    remote_ssl_client_crt_file: Option<String>;
    /// Private key that belongs to `remote_ssl_client_crt_file`.
    remote_ssl_client_key_file: Option<String>;
    /// Verify the certificate of remote checks.
    remote_ssl_verify_server_crt: bool = false;
    /// Seconds to wait for a remote check.
    remote_timeout: f64 = 60.0, min(0.0);
}
