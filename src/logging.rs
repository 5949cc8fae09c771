//! Log output as `[DEFAULT]` says: standard error or a file, more of it with `debug`.

use std::fs::OpenOptions;
use std::sync::{Mutex, OnceLock};

use schemas_config::Config;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::FmtSpan;

/// Changes how much is logged.
type Change = Box<dyn Fn(EnvFilter) + Send + Sync>;

static CHANGE: OnceLock<Change> = OnceLock::new();

/// Logs as much as the configuration says from now on.
pub(crate) fn change(config: &Config) {
    if let Some(change) = CHANGE.get() {
        change(filter(config));
    }
}

/// `RUST_LOG` beats the configuration.
fn filter(config: &Config) -> EnvFilter {
    let level = if config.default.debug {
        "debug,h2=info,hyper=info,reqwest=info,rustls=info,lapin=info"
    } else {
        "info,actix_server=warn"
    };
    EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(level))
}

/// Starts logging.
///
/// # Errors
/// When the log file can't be opened.
pub(crate) fn start(config: &Config) -> Result<(), String> {
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter(config))
        .with_span_events(FmtSpan::NONE);
    let started = match log_file(config) {
        Some(path) => {
            let file = OpenOptions::new()
                .create(true)
                .append(true)
                .open(&path)
                .map_err(|why| format!("the log file {path} cannot be opened: {why}"))?;
            let builder = builder
                .with_ansi(false)
                .with_writer(Mutex::new(file))
                .with_filter_reloading();
            let handle = builder.reload_handle();
            keep(move |filter| drop(handle.reload(filter)));
            builder.try_init()
        }
        None => {
            let builder = builder.with_writer(std::io::stderr).with_filter_reloading();
            let handle = builder.reload_handle();
            keep(move |filter| drop(handle.reload(filter)));
            builder.try_init()
        }
    };
    started.map_err(|why| format!("logging cannot be started: {why}"))
}

/// Logging is started once a process.
fn keep(change: impl Fn(EnvFilter) + Send + Sync + 'static) {
    let _ = CHANGE.set(Box::new(change));
}

fn log_file(config: &Config) -> Option<String> {
    let file = config.default.log_file.clone()?;
    Some(match &config.default.log_dir {
        Some(directory) if !file.starts_with('/') => format!("{directory}/{file}"),
        _ => file,
    })
}
