//! Log output as `[DEFAULT]` says: standard error, a file, syslog, or several of them.
//!
//! Invariants
//! * a log file that was moved away (logrotate) is made anew with the next message;
//! * what cannot be written is lost, and never holds up or ends the service.

mod file;
mod syslog;

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use schemas_config::Config;
use schemas_config::section::default::{DefaultSection, RotationType};
use tracing::Subscriber;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::{Layered, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, Registry, reload};

use file::{LogFile, Rotation};
use syslog::{Facility, Syslog};

/// What the outputs stand on.
type Filtered = Layered<reload::Layer<EnvFilter, Registry>, Registry>;

/// A place that messages go to.
type Output<S> = Box<dyn Layer<S> + Send + Sync>;

static FILTER: OnceLock<reload::Handle<EnvFilter, Registry>> = OnceLock::new();

/// Logs as much as the configuration says from now on.
pub(crate) fn change(config: &Config) {
    if let Some(handle) = FILTER.get()
        && let Err(why) = handle.reload(filter(&config.default))
    {
        tracing::error!("the log level stays as it was: {why}");
    }
}

/// `RUST_LOG` beats the configuration.
fn filter(options: &DefaultSection) -> EnvFilter {
    EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(directives(options)))
}

/// How much is logged: `debug`, or the level that `default_log_levels` has for Ironic itself. Its
/// other entries are about Python's libraries.
fn directives(options: &DefaultSection) -> &'static str {
    const QUIET_LIBRARIES: &str = "debug,h2=info,hyper=info,reqwest=info,rustls=info,lapin=info";
    let own = options.default_log_levels.iter().rev().find_map(|pair| {
        let (logger, level) = pair.split_once('=')?;
        (logger.trim() == "ironic").then(|| level.trim().to_uppercase())
    });
    match own.as_deref() {
        Some("CRITICAL" | "FATAL" | "50" | "ERROR" | "40") => "error",
        Some("WARNING" | "WARN" | "30") => "warn",
        Some("INFO" | "20") => "info,actix_server=warn",
        Some("DEBUG" | "10") => QUIET_LIBRARIES,
        _ if options.debug => QUIET_LIBRARIES,
        _ => "info,actix_server=warn",
    }
}

/// Starts logging; `program` names the file in `log_dir` when `log_file` is not set.
///
/// # Errors
/// When the log file can't be opened, or syslog's facility is not known.
pub(crate) fn start(config: &Config, program: &str) -> Result<(), String> {
    start_at(filter(&config.default), config, program)
}

/// Starts logging for a command that answers on standard output: warnings only.
///
/// # Errors
/// As [`start`].
pub(crate) fn start_quietly(config: &Config, program: &str) -> Result<(), String> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    start_at(filter, config, program)
}

fn start_at(filter: EnvFilter, config: &Config, program: &str) -> Result<(), String> {
    let (filter, handle) = reload::Layer::new(filter);
    let outputs: Vec<Output<Filtered>> = outputs(&config.default, program)?;
    let started = tracing_subscriber::registry()
        .with(filter)
        .with(outputs)
        .try_init();
    started.map_err(|why| format!("logging cannot be started: {why}"))?;
    // Logging is started once a process.
    let _ = FILTER.set(handle);
    if config.default.log_rotation_type == RotationType::Interval {
        tracing::warn!(
            "[DEFAULT]log_rotation_type is 'interval', which is not done here: log files are rotated by size, \
             or moved away by another program"
        );
    }
    Ok(())
}

fn outputs<S>(options: &DefaultSection, program: &str) -> Result<Vec<Output<S>>, String>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let mut outputs = Vec::new();
    let path = log_file(options, program);
    if let Some(path) = &path {
        let file = LogFile::open(path, rotation(options))
            .map_err(|why| format!("the log file {} cannot be opened: {why}", path.display()))?;
        outputs.push(output(options, file, false));
    }
    if options.use_stderr || (path.is_none() && !options.use_journal) {
        // Two outputs of which one is coloured would share what the coloured one writes.
        let alone = outputs.is_empty() && !options.use_syslog && !options.use_journal;
        let colour = alone && std::io::stderr().is_terminal();
        outputs.push(output(options, std::io::stderr, colour));
    }
    // journald reads syslog's socket, too.
    if options.use_syslog || options.use_journal {
        let facility = Facility::named(&options.syslog_log_facility).ok_or_else(|| {
            format!(
                "[DEFAULT]syslog_log_facility '{}' is not a facility of syslog",
                options.syslog_log_facility
            )
        })?;
        let syslog = Syslog::new(Path::new(syslog::SOCKET), facility, program);
        let layer = tracing_subscriber::fmt::layer::<S>()
            .with_ansi(false)
            .without_time()
            .with_level(false)
            .with_writer(syslog);
        outputs.push(Box::new(layer));
    }
    Ok(outputs)
}

fn output<S, W>(options: &DefaultSection, writer: W, colour: bool) -> Output<S>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let layer = tracing_subscriber::fmt::layer::<S>()
        .with_ansi(colour)
        .with_writer(writer);
    if options.use_json {
        Box::new(layer.json())
    } else {
        Box::new(layer)
    }
}

/// `log_file` in `log_dir`; with a directory alone, a file named after the program.
fn log_file(options: &DefaultSection, program: &str) -> Option<PathBuf> {
    match (&options.log_file, &options.log_dir) {
        (Some(file), Some(directory)) => Some(Path::new(directory).join(file)),
        (Some(file), None) => Some(PathBuf::from(file)),
        (None, Some(directory)) => Some(Path::new(directory).join(format!("{program}.log"))),
        (None, None) => None,
    }
}

fn rotation(options: &DefaultSection) -> Option<Rotation> {
    if options.log_rotation_type != RotationType::Size {
        return None;
    }
    let size = u64::try_from(options.max_logfile_size_mb).ok()?;
    let kept = u32::try_from(options.max_logfile_count).ok()?;
    (size > 0 && kept > 0).then(|| Rotation {
        size: size.saturating_mul(1024 * 1024),
        kept: kept.min(1000),
    })
}

#[cfg(test)]
mod tests {
    use schemas_config::{Machine, Sources};

    use super::*;

    fn options(changes: &[(&str, &str)]) -> DefaultSection {
        let sources = changes
            .iter()
            .fold(Sources::new(Machine::detect()), |sources, (name, value)| {
                sources.set("DEFAULT", name, value)
            });
        Config::load(sources).unwrap().0.default.clone()
    }

    #[test]
    fn the_log_file_is_named_as_oslo_names_it() {
        for (changes, path) in [
            (&[][..], None),
            (&[("log_file", "a.log")], Some("a.log")),
            (
                &[("log_dir", "/var/log/ironic")],
                Some("/var/log/ironic/ironic-api.log"),
            ),
            (
                &[("log_dir", "/l"), ("log_file", "a.log")],
                Some("/l/a.log"),
            ),
            (
                &[("log_dir", "/l"), ("log_file", "/m/a.log")],
                Some("/m/a.log"),
            ),
        ] {
            let found = log_file(&options(changes), "ironic-api");
            assert_eq!(found.as_deref(), path.map(Path::new), "{changes:?}");
        }
    }

    #[test]
    fn ironic_s_own_level_beats_debug() {
        assert!(directives(&options(&[])).starts_with("info"));
        assert!(directives(&options(&[("debug", "true")])).starts_with("debug"));
        let levels = (
            "default_log_levels",
            "amqp=WARNING,ironic=ERROR,ironic.api=DEBUG",
        );
        assert_eq!(directives(&options(&[("debug", "true"), levels])), "error");
        assert!(directives(&options(&[("default_log_levels", "ironic=10")])).starts_with("debug"));
    }

    #[test]
    fn files_are_rotated_only_when_asked() {
        assert!(rotation(&options(&[])).is_none());
        let by_size = ("log_rotation_type", "SIZE");
        let asked = rotation(&options(&[by_size, ("max_logfile_size_mb", "2")]));
        assert_eq!(
            asked.map(|asked| (asked.size, asked.kept)),
            Some((2 << 20, 30))
        );
        assert!(rotation(&options(&[by_size, ("max_logfile_count", "0")])).is_none());
    }

    #[test]
    fn a_facility_nobody_knows_is_refused() {
        let wrong = options(&[("use_syslog", "true"), ("syslog_log_facility", "LOG_X")]);
        let why = outputs::<Registry>(&wrong, "ironic").err().unwrap();
        assert!(why.contains("LOG_X"), "{why}");
    }
}
