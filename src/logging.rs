//! Log output as `[DEFAULT]` says: standard error or a file, more of it with `debug`.

use std::fs::OpenOptions;
use std::sync::Mutex;

use schemas_config::Config;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::FmtSpan;

/// Starts logging. `RUST_LOG` beats the configuration.
///
/// # Errors
/// When the log file can't be opened.
pub(crate) fn start(config: &Config) -> Result<(), String> {
    let level = if config.default.debug {
        "debug,h2=info,hyper=info,reqwest=info,rustls=info,lapin=info"
    } else {
        "info,actix_server=warn"
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(level));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_span_events(FmtSpan::NONE);
    let started = match log_file(config) {
        Some(path) => {
            let file = OpenOptions::new()
                .create(true)
                .append(true)
                .open(&path)
                .map_err(|why| format!("the log file {path} cannot be opened: {why}"))?;
            builder
                .with_ansi(false)
                .with_writer(Mutex::new(file))
                .try_init()
        }
        None => builder.with_writer(std::io::stderr).try_init(),
    };
    started.map_err(|why| format!("logging cannot be started: {why}"))
}

fn log_file(config: &Config) -> Option<String> {
    let file = config.default.log_file.clone()?;
    Some(match &config.default.log_dir {
        Some(directory) if !file.starts_with('/') => format!("{directory}/{file}"),
        _ => file,
    })
}
