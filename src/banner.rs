//! The first lines of the service: what it serves and how to talk to it.

use std::path::Path;

use schemas_config::Config;

/// The lines, for the embedded mode and for the configured one.
pub(crate) fn lines(config: &Config, embedded: Option<&Path>, parts: &str) -> Vec<String> {
    let scheme = if config.api.enable_ssl_api {
        "https"
    } else {
        "http"
    };
    let url = format!("{scheme}://{}:{}", config.api.host_ip, config.api.port);
    let mut lines = vec![format!("Ferric {}: {parts}", env!("CARGO_PKG_VERSION"))];
    if parts != "conductor" {
        lines.push(format!(
            "  API        {url}  (microversions 1.1 to 1.115, {})",
            config.default.auth_strategy
        ));
    }
    if parts != "API" {
        lines.push(format!(
            "  hardware   {}",
            config.default.enabled_hardware_types.join(", ")
        ));
    }
    if let Some(data_dir) = embedded {
        lines.push(format!("  state      {}", data_dir.display()));
        lines.push(format!(
            "  try        openstack --os-auth-type none --os-endpoint {url} baremetal driver list"
        ));
        lines.push(format!(
            "             curl -s {url}/v1/nodes -H 'X-OpenStack-Ironic-API-Version: latest'"
        ));
        if config.ferric_console.enabled {
            lines.push(format!(
                "             curl -sX POST {url}/console/NODE    (a link to its console in the browser)"
            ));
        }
        lines.push("  stop       Ctrl-C".to_owned());
    }
    lines
}
