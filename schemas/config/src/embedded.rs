//! The argument-less mode: everything in one process, on this machine, for this machine.

use std::path::Path;

use crate::config::Config;
use crate::error::ConfigError;
use crate::machine::Machine;
use crate::source::Sources;
use crate::warning::Warning;

/// What drivers there are; the registry of drivers says so.
#[derive(Debug, Clone, Default)]
pub struct AvailableDrivers {
    /// Hardware types.
    pub hardware_types: Vec<String>,
    /// Interfaces, by kind (`bios`, `boot`, ...).
    pub interfaces: Vec<(String, Vec<String>)>,
}

/// Where the argument-less mode listens.
pub const EMBEDDED_ADDRESS: (&str, u16) = ("127.0.0.1", 6385);

impl Sources {
    /// Sources of the argument-less mode, below all others: SQLite and all state in `data_dir`,
    /// loopback only, no authentication, API and conductor in one process, everything in
    /// `available` enabled.
    pub fn embedded(data_dir: &Path, available: &AvailableDrivers, machine: Machine) -> Self {
        let mut sources = Sources::new(machine);
        let mut set = |section: &str, option: &str, value: &str| {
            // A path may have a dollar sign, which would be a reference.
            sources
                .embedded
                .push(section, option, &value.replace('$', "$$"), 0);
        };
        let path = |name: &str| data_dir.join(name).to_string_lossy().into_owned();
        let (address, port) = EMBEDDED_ADDRESS;
        set("DEFAULT", "auth_strategy", "noauth");
        set("DEFAULT", "rpc_transport", "none");
        set("DEFAULT", "my_ip", address);
        // No Networking service is beside this mode.
        set("DEFAULT", "default_network_interface", "noop");
        // With every interface enabled the first that fits would be taken, which for Redfish is one
        // that wants an IPMI address.
        set("DEFAULT", "default_console_interface", "no-console");
        set("DEFAULT", "state_path", &data_dir.to_string_lossy());
        set("DEFAULT", "tempdir", &path("tmp"));
        set(
            "DEFAULT",
            "enabled_hardware_types",
            &available.hardware_types.join(","),
        );
        for (kind, names) in &available.interfaces {
            set(
                "DEFAULT",
                &format!("enabled_{kind}_interfaces"),
                &names.join(","),
            );
        }
        set("api", "host_ip", address);
        set("api", "port", &port.to_string());
        set(
            "database",
            "connection",
            &format!("sqlite:///{}", in_url(&path("ironic.sqlite"))),
        );
        // Beside what nodes ask for with `ipmi_terminal_port`.
        set("console", "port_range", "10000:20000");
        set("ferric_console", "enabled", "true");
        set("ferric_console", "host_ip", address);
        set("deploy", "http_root", &path("httpboot"));
        set("deploy", "iso_master_path", &path("master_iso_images"));
        set("pxe", "tftp_root", &path("tftpboot"));
        set("pxe", "tftp_master_path", &path("tftpboot/master_images"));
        set("pxe", "images_path", &path("images"));
        set("pxe", "instance_master_path", &path("master_images"));
        set("agent", "certificates_path", &path("certificates"));
        set("agent", "deploy_logs_local_path", &path("deploy-logs"));
        set("oslo_concurrency", "lock_path", &path("locks"));
        sources
    }
}

impl Config {
    /// The configuration of the argument-less mode; see [`Sources::embedded`].
    ///
    /// # Errors
    /// When a value that depends on the parameters is wrong.
    pub fn embedded(
        data_dir: &Path,
        available: &AvailableDrivers,
    ) -> Result<(Self, Vec<Warning>), ConfigError> {
        Self::load(Sources::embedded(data_dir, available, Machine::detect()))
    }
}

/// A path as it stands in a URL that is decoded.
fn in_url(path: &str) -> String {
    path.replace('%', "%25").replace('?', "%3F")
}
