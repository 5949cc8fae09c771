//! Serial consoles in the browser, on the conductor's host.

use drivers_registry::Registry;
use schemas_config::Config;

/// Begins to serve consoles to browsers, if `[ferric_console]enabled` says so.
///
/// # Errors
/// One sentence that says what is wrong with the address or the certificate. In the embedded mode
/// somebody else on the port is no reason not to start.
pub(crate) async fn serve(
    registry: &Registry,
    config: &Config,
    embedded: bool,
) -> Result<(), String> {
    if !config.ferric_console.enabled {
        return Ok(());
    }
    match registry.consoles().serve(config).await {
        Ok(_) => Ok(()),
        Err(fault) if embedded => {
            tracing::warn!("{fault} The rest of the service does not need them.");
            Ok(())
        }
        Err(fault) => Err(fault.to_string()),
    }
}
