//! How often methods ran and how long they took, under the names Ironic's own metrics have, so that
//! consumers of `ironic.metrics` and dashboards made for ironic-prometheus-exporter keep working.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use prometheus::core::{Collector, Desc};
use prometheus::proto::MetricFamily;
use serde_json::{Map, Value, json};

use super::{gauge, gauges};

/// What Ironic's names of the conductor's methods begin with.
const PREFIX: &str = "ironic.conductor.manager.ConductorManager.";

/// How fresh the numbers are, as the exporter calls it.
const LAST_PAYLOAD: &str = "conductor_service_last_payload_timestamp_seconds";

#[derive(Clone, Copy, Debug, Default)]
struct Timer {
    count: u64,
    milliseconds: f64,
}

/// The timers; the names are the methods of the RPC table and the periodic tasks, a closed list.
#[derive(Clone)]
pub struct Timers {
    host: Arc<str>,
    by_method: Arc<Mutex<BTreeMap<&'static str, Timer>>>,
    /// What the registry knows this collector by; the real names are those of methods that ran.
    known_as: Option<Desc>,
}

impl Timers {
    pub(super) fn new(host: &str) -> Self {
        Timers {
            host: host.into(),
            by_method: Arc::default(),
            known_as: super::known_as("ironic_conductormanager"),
        }
    }

    /// Counts one run of a method.
    pub fn observe(&self, method: &'static str, took: Duration) {
        let mut timers = self.lock();
        let timer = timers.entry(method).or_default();
        timer.count += 1;
        timer.milliseconds += took.as_secs_f64() * 1000.0;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<&'static str, Timer>> {
        self.by_method
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The payload of `ironic.metrics`: sums are in milliseconds.
    pub fn to_payload(&self) -> Map<String, Value> {
        self.lock()
            .iter()
            .map(|(method, timer)| {
                let value =
                    json!({"count": timer.count, "sum": timer.milliseconds, "type": "timer"});
                (format!("{PREFIX}{method}"), value)
            })
            .collect()
    }
}

impl Collector for Timers {
    fn desc(&self) -> Vec<&Desc> {
        self.known_as.iter().collect()
    }

    fn collect(&self) -> Vec<MetricFamily> {
        let labels = || {
            [
                ("hostname", &*self.host),
                ("service", "ironic"),
                ("component", "conductor"),
            ]
        };
        let timers = self.lock();
        let mut families = Vec::new();
        if !timers.is_empty() {
            // The numbers are those of this moment, whenever the bus was told last.
            let now = SystemTime::now().duration_since(UNIX_EPOCH);
            #[allow(clippy::cast_precision_loss, reason = "seconds since 1970 fit")]
            let now = now.unwrap_or_default().as_secs() as f64;
            let metric = gauge([("hostname", &*self.host)], now);
            families.push(gauges(
                LAST_PAYLOAD,
                "When the conductor counted last",
                vec![metric],
            ));
        }
        for (method, timer) in timers.iter() {
            // As the exporter makes them: no file, no dots, no double underscores, lower case.
            let name = format!("ironic_conductormanager_{method}").replace("__", "_");
            #[allow(clippy::cast_precision_loss, reason = "a count for a gauge")]
            let count = timer.count as f64;
            for (suffix, help, value) in [
                ("time", "Total time (ms) spent.", timer.milliseconds),
                ("call_count", "Sum of calls recorded.", count),
            ] {
                let metric = gauge(labels(), value);
                families.push(gauges(&format!("{name}_{suffix}"), help, vec![metric]));
            }
        }
        families
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_is_timed_under_ironics_names() {
        let timers = Timers::new("here");
        timers.observe("update_node", Duration::from_millis(20));
        timers.observe("update_node", Duration::from_millis(30));
        let payload = timers.to_payload();
        let timer = &payload["ironic.conductor.manager.ConductorManager.update_node"];
        assert_eq!(
            (timer["count"].as_u64(), timer["sum"].as_f64()),
            (Some(2), Some(50.0))
        );
        let families = timers.collect();
        let names: Vec<_> = families.iter().map(MetricFamily::name).collect();
        assert_eq!(
            names,
            [
                LAST_PAYLOAD,
                "ironic_conductormanager_update_node_time",
                "ironic_conductormanager_update_node_call_count",
            ]
        );
    }
}
