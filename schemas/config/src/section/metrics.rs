//! `[metrics]`.

use crate::section::section;
use crate::value::choice;

choice! {
    /// Where metrics go.
    pub enum MetricsBackend {
        /// Nowhere.
        Noop = "noop",
        /// To a statsd server.
        Statsd = "statsd",
        /// They are kept for the conductor's sensor data.
        Collector = "collector",
    }
}

section! {
    /// `[metrics]`: metrics of the conductor and of ramdisks.
    Metrics;

    /// Where ramdisks send metrics: `noop` or `statsd`.
    agent_backend: String = "noop";
    /// What metrics of ramdisks start with.
    agent_global_prefix: Option<String>;
    /// Put the host name before metrics of ramdisks.
    agent_prepend_host: bool = false;
    /// Put the parts of that host name in reverse order.
    agent_prepend_host_reverse: bool = true;
    /// Put the node's UUID before metrics of ramdisks.
    agent_prepend_uuid: bool = false;
    /// Where metrics go.
    backend: MetricsBackend = "noop";
    /// What all metrics start with.
    global_prefix: Option<String>;
    /// Put the host name before metrics.
    prepend_host: bool = false;
    /// Put the parts of the host name in reverse order.
    prepend_host_reverse: bool = true;
}
