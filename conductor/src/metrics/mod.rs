//! What the conductor counts, for Prometheus and for the `ironic.metrics` notification.
//!
//! * [`sensors`] – the last readings of each node, under the names of ironic-prometheus-exporter
//!   ([`exporter`]);
//! * [`timers`] – how often requests came and how long they took, under Ironic's names;
//! * [`latency`] – how fast each BMC answers.
//!
//! Invariant: every label has a bound. What is beyond it is counted together or left out.

pub mod exporter;
pub mod latency;
pub mod sensors;
pub mod timers;

use prometheus::Registry;

pub use latency::BmcLatency;
pub use sensors::SensorReadings;
pub use timers::Timers;

/// Everything that is counted.
pub struct Metrics {
    registry: Registry,
    /// Sensors of nodes.
    pub sensors: SensorReadings,
    /// Requests.
    pub timers: Timers,
    /// BMCs.
    pub bmcs: BmcLatency,
}

impl Metrics {
    /// Nothing counted yet. `host` is how this conductor is registered.
    pub fn new(host: &str) -> Self {
        let registry = Registry::new();
        let metrics = Metrics {
            sensors: SensorReadings::new(),
            timers: Timers::new(host),
            bmcs: BmcLatency::new(),
            registry: registry.clone(),
        };
        let mut collectors: Vec<Box<dyn prometheus::core::Collector>> = vec![
            Box::new(metrics.sensors.clone()),
            Box::new(metrics.timers.clone()),
        ];
        if let Some(bmcs) = metrics.bmcs.collector() {
            collectors.push(Box::new(bmcs));
        }
        for collector in collectors {
            if let Err(error) = registry.register(collector) {
                tracing::error!(%error, "a metric cannot be shown");
            }
        }
        metrics
    }

    /// The registry all of it is in.
    pub const fn registry(&self) -> &Registry {
        &self.registry
    }
}

/// A name for a collector whose families are known only when they are collected: the registry tells
/// collectors apart by what they describe.
fn known_as(name: &str) -> Option<prometheus::core::Desc> {
    let labels = std::collections::HashMap::new();
    let help = "described when collected".to_owned();
    prometheus::core::Desc::new(name.to_owned(), help, Vec::new(), labels).ok()
}

/// A family of gauges as Prometheus shows it.
fn gauges(
    name: &str,
    help: &str,
    metrics: Vec<prometheus::proto::Metric>,
) -> prometheus::proto::MetricFamily {
    let mut family = prometheus::proto::MetricFamily::default();
    family.set_name(name.to_owned());
    family.set_help(help.to_owned());
    family.set_field_type(prometheus::proto::MetricType::GAUGE);
    family.set_metric(metrics);
    family
}

/// One gauge.
fn gauge<'l>(
    labels: impl IntoIterator<Item = (&'l str, &'l str)>,
    value: f64,
) -> prometheus::proto::Metric {
    let labels = labels
        .into_iter()
        .map(|(name, value)| {
            let mut pair = prometheus::proto::LabelPair::default();
            pair.set_name(name.to_owned());
            pair.set_value(value.to_owned());
            pair
        })
        .collect();
    let mut gauge = prometheus::proto::Gauge::default();
    gauge.set_value(value);
    let mut metric = prometheus::proto::Metric::default();
    metric.set_label(labels);
    metric.set_gauge(gauge);
    metric
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn everything_counted_is_shown() {
        let metrics = Metrics::new("here");
        let mut node = schemas_model::Node::new(schemas_model::Uuid::random(), "ipmi");
        node.driver_info.set("ipmi_address", "192.0.2.1");
        metrics
            .timers
            .observe("update_node", Duration::from_millis(1));
        metrics
            .bmcs
            .observe(&node, "power_state", Duration::from_millis(1));
        let source = exporter::Source {
            driver: "ipmi",
            name: None,
            uuid: node.uuid.as_str(),
            instance_uuid: None,
            at: 1,
        };
        let samples = exporter::samples(&source, &serde_json::Map::new());
        metrics.sensors.put(&node.uuid, samples);
        let families = metrics.registry().gather();
        let names: Vec<_> = families.iter().map(|family| family.name()).collect();
        assert_eq!(
            names,
            [
                "baremetal_bmc_request_duration_seconds",
                "baremetal_last_payload_timestamp_seconds",
                "conductor_service_last_payload_timestamp_seconds",
                "ironic_conductormanager_update_node_call_count",
                "ironic_conductormanager_update_node_time",
            ]
        );
    }
}
