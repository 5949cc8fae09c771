//! `[agent]`.

use crate::section::deploy::ServedFrom;
use crate::section::section;
use crate::value::{TlsVersion, choice};

choice! {
    /// When the logs of a deployment are kept.
    pub enum LogsCollect {
        /// After each.
        Always = "always",
        /// After a failed one.
        OnFailure = "on_failure",
        /// Never.
        Never = "never",
    }
}

choice! {
    /// Where the logs of deployments are kept.
    pub enum LogsBackend {
        /// In a directory.
        Local = "local",
        /// In Swift.
        Swift = "swift",
    }
}

section! {
    /// `[agent]`: talking to ironic-python-agent.
    Agent;

    /// Version in the paths of the agent's API.
    agent_api_version: String = "v1";
    /// Let the agent accept MD5 checksums.
    allow_md5_checksum: bool = true;
    /// CA file of the API's certificate, for ramdisks.
    api_ca_file: Option<String>;
    /// Directory for the certificates of agents.
    certificates_path: String = "/var/lib/ironic/certificates";
    /// Seconds to wait for an answer of the agent.
    command_timeout: i64 = 60, mutable;
    /// How often an asynchronous command is looked at.
    command_wait_attempts: i64 = 100;
    /// Seconds between two looks at an asynchronous command.
    command_wait_interval: i64 = 6;
    /// When the logs of a deployment are kept.
    deploy_logs_collect: LogsCollect = "on_failure", mutable;
    /// Directory for the logs of deployments.
    deploy_logs_local_path: String = "/var/log/ironic/deploy", mutable;
    /// Where the logs of deployments are kept.
    deploy_logs_storage_backend: LogsBackend = "local", mutable;
    /// Swift container for the logs of deployments.
    deploy_logs_swift_container: String = "ironic_deploy_logs_container", mutable;
    /// Days after which Swift deletes the logs of a deployment.
    deploy_logs_swift_days_to_expire: i64 = 30, mutable;
    /// Let the agent install boot loaders for legacy BIOS.
    enable_bios_bootloader_install: bool = false;
    /// Where agents fetch images from.
    image_download_source: ServedFrom = "http", mutable;
    /// Boot the agent; when off, something else does.
    manage_agent_boot: bool = true, to_be_removed;
    /// How often a command is sent when the network fails.
    max_command_attempts: i64 = 3;
    /// Memory that the agent itself needs, in MiB.
    memory_consumed_by_agent: i64 = 0, mutable;
    /// How often the state of a Neutron agent is asked for.
    neutron_agent_max_attempts: i64 = 100;
    /// Seconds between two polls of a Neutron agent.
    neutron_agent_poll_interval: i64 = 2, mutable;
    /// Seconds between two questions for the state of a Neutron agent.
    neutron_agent_status_retry_interval: i64 = 10;
    /// How often to look whether a machine has powered itself off.
    post_deploy_get_power_state_retries: i64 = 6;
    /// Seconds between two looks whether a machine has powered itself off.
    post_deploy_get_power_state_retry_interval: i64 = 5;
    /// Demand https callback addresses of agents.
    require_tls: bool = true, mutable;
    /// Let agents write raw images while they download them.
    stream_raw_images: bool = true, mutable;
    /// Ciphers for agents, in OpenSSL's format.
    tls_ciphers: Option<String>;
    /// Lowest TLS version for agents.
    tls_minimum_version: TlsVersion = "1.3", choices(&["1.2", "1.3"]);
    /// Whether agents' certificates are verified: a boolean or a CA file.
    verify_ca: String = "True";
}
