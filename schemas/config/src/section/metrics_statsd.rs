//! `[metrics_statsd]`.

use crate::section::section;

section! {
    /// `[metrics_statsd]`: the `statsd` metrics backend.
    MetricsStatsd;

    /// Host of the statsd server for ramdisks.
    agent_statsd_host: String = "localhost";
    /// Port of the statsd server for ramdisks.
    agent_statsd_port: u16 = 8125;
    /// Host of the statsd server.
    statsd_host: String = "localhost";
    /// Port of the statsd server.
    statsd_port: u16 = 8125;
}
