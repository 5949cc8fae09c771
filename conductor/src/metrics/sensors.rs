//! The last readings of each node, as Prometheus asks for them.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use prometheus::core::{Collector, Desc};
use prometheus::proto::{Metric, MetricFamily};
use schemas_model::Uuid;

use super::exporter::Sample;
use super::{gauge, gauges};

/// Most readings kept of one node; a BMC that reports more is cut.
const MAX_SAMPLES: usize = 1000;

/// The readings.
#[derive(Clone, Default)]
pub struct SensorReadings {
    of_nodes: Arc<Mutex<HashMap<Uuid, Vec<Sample>>>>,
    /// What the registry knows this collector by; the real names depend on what BMCs report.
    known_as: Option<Desc>,
}

impl SensorReadings {
    pub(super) fn new() -> Self {
        SensorReadings {
            of_nodes: Arc::default(),
            known_as: super::known_as("baremetal_sensors"),
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Uuid, Vec<Sample>>> {
        self.of_nodes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Replaces the readings of a node.
    pub fn put(&self, node: &Uuid, mut samples: Vec<Sample>) {
        samples.truncate(MAX_SAMPLES);
        self.lock().insert(node.clone(), samples);
    }

    /// Forgets every node but these: the others are gone, or another conductor's.
    pub fn keep_only(&self, nodes: &HashSet<Uuid>) {
        self.lock().retain(|node, _| nodes.contains(node));
    }
}

impl Collector for SensorReadings {
    fn desc(&self) -> Vec<&Desc> {
        self.known_as.iter().collect()
    }

    fn collect(&self) -> Vec<MetricFamily> {
        let mut by_name: BTreeMap<String, (&'static str, Vec<Metric>)> = BTreeMap::new();
        for sample in self.lock().values().flatten() {
            let labels = sample
                .labels
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()));
            let family = by_name
                .entry(sample.name.clone())
                .or_insert_with(|| (sample.help, Vec::new()));
            family.1.push(gauge(labels, sample.value));
        }
        by_name
            .into_iter()
            .map(|(name, (help, metrics))| gauges(&name, help, metrics))
            .collect()
    }
}
