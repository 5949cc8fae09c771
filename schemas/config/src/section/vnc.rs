//! `[vnc]`.

use crate::section::section;
use crate::value::{HostAddress, TlsVersion, choice};

choice! {
    /// How the console proxy authenticates to containers.
    pub enum NovncAuth {
        /// Not at all.
        None = "none",
    }
}

section! {
    /// `[vnc]`: graphical consoles.
    Vnc;

    /// Certificate for TLS.
    cert_file: Option<String>, formerly(&[(None, "ssl_cert_file")]);
    /// Container image of consoles.
    console_image: Option<String>, mutable;
    /// Template of the command that starts a container.
    container_command_template: String =
        "$pybasedir/console/container/ironic-console-container.template",
        mutable;
    /// The program that starts containers.
    container_executable: String = "docker";
    /// Address of the container engine.
    container_host: Option<String>;
    /// What runs the containers of consoles.
    container_provider: String = "fake";
    /// How a container's port is published.
    container_publish_port: String = "$my_ip::5900";
    /// Serve TLS.
    enable_ssl: bool = false;
    /// Offer graphical consoles.
    enabled: bool = false;
    /// Seconds between two searches for expired consoles.
    expire_console_session_interval: u64 = 120, min(1.0);
    /// Address that the proxy listens on.
    host_ip: HostAddress = "0.0.0.0";
    /// Private key that belongs to `cert_file`.
    key_file: Option<String>, formerly(&[(None, "ssl_key_file")]);
    /// Template of a console's Kubernetes resources.
    kubernetes_container_template: String =
        "$pybasedir/console/container/ironic-console-pod.yaml.template",
        mutable;
    /// Seconds for a pod to start.
    kubernetes_pod_timeout: i64 = 120;
    /// How the proxy authenticates to containers.
    novnc_auth_schemes: Vec<NovncAuth> = "none";
    /// File to record sessions in.
    novnc_record: Option<String>;
    /// Directory that the proxy serves.
    novnc_web: String = "/usr/share/novnc";
    /// Port that the proxy listens on.
    port: u16 = 6090;
    /// Address of the proxy in links.
    public_url: Option<String>, mutable;
    /// Ignore keyboard and mouse.
    read_only: bool = false;
    /// How a container's port is published by systemd.
    systemd_container_publish_port: String = "$my_ip::5900";
    /// Template of a console's systemd container.
    systemd_container_template: String =
        "$pybasedir/console/container/ironic-console.container.template",
        mutable;
    /// Ciphers to offer, in OpenSSL's format.
    tls_ciphers: Option<String>, formerly(&[(None, "ssl_ciphers")]);
    /// Lowest TLS version to accept.
    tls_minimum_version: TlsVersion = "1.2",
        choices(&["1.2", "1.3"]),
        formerly(&[(None, "ssl_minimum_version")]);
    /// Seconds for which a console's token is valid.
    token_timeout: u64 = 600, min(10.0);
    /// Seconds for a container to be ready.
    wait_for_ready_timeout: u64 = 10, min(1.0);
}
