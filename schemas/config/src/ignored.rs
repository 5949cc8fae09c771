//! Options that Ironic 39.0.0 and its libraries know, but that mean nothing here.

/// Sections of which every option is ignored: other brokers, Python's tracing and caching.
const SECTIONS: &[&str] = &[
    "cache",
    "oslo_messaging_kafka",
    "oslo_messaging_metrics",
    "oslo_messaging_tracing",
    "oslo_middleware_tracing",
    "oslo_reports",
    "profiler",
    "profiler_jaeger",
    "profiler_otlp",
];

/// Single options: section and name.
const OPTIONS: &[(&str, &str)] = &[
    ("DEFAULT", "config_source"),
    ("DEFAULT", "rootwrap_config"),
    ("DEFAULT", "shell_completion"),
    ("DEFAULT", "watch_log_file"),
];

/// Whether an option is known to mean nothing here.
pub(crate) fn contains(section: &str, option: &str) -> bool {
    SECTIONS.contains(&section) || OPTIONS.contains(&(section, option))
}
