//! Sensor readings of nodes, now and then: to the bus and to Prometheus (`[sensor_data]`).
//!
//! The messages are Ironic's: `hardware.<driver>.metrics` for nodes, `ironic.metrics` for the
//! conductor's own timers with `[metrics]backend = collector`.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use drivers_interface::Task;
use futures::StreamExt;
use schemas_config::Config;
use schemas_config::section::metrics::MetricsBackend;
use schemas_db::{NodeBrief, NodeFilter, Page};
use schemas_model::provision::State;
use schemas_model::{Class, Fault, Node, Uuid};
use schemas_rpc::{NodeRef, RequestContext};
use serde_json::{Map, Value, json};
use tokio::time::Instant;

use super::{Done, PeriodicTask, seconds};
use crate::core::Core;
use crate::metrics::exporter::{self, Source};

/// The type that stands for all of `[sensor_data]data_types`.
const ALL: &str = "all";

/// The task.
pub struct Sensors;

#[async_trait]
impl PeriodicTask for Sensors {
    fn name(&self) -> &'static str {
        "sensor data"
    }

    fn interval(&self, config: &Config) -> Option<Duration> {
        let options = &config.sensor_data;
        options
            .send_sensor_data
            .then(|| seconds(options.interval))
            .flatten()
    }

    async fn run(&self, core: &Arc<Core>) -> Result<Done, Fault> {
        let options = &core.config.sensor_data;
        if options.enable_for_conductor && core.config.metrics.backend == MetricsBackend::Collector
        {
            tell_own(core);
        }
        if !options.enable_for_nodes {
            return Ok(Done::default());
        }
        let filter = NodeFilter {
            provision_state_in: (!options.enable_for_undeployed_nodes).then(|| vec![State::Active]),
            ..NodeFilter::default()
        };
        let nodes = core.own_nodes(&filter, &Page::all()).await?;
        let known: HashSet<Uuid> = nodes.iter().map(|node| node.uuid.clone()).collect();
        core.metrics.sensors.keep_only(&known);
        let examined = nodes.len();
        let workers = usize::try_from(options.workers).unwrap_or(4).max(1);
        let mut acted = 0;
        let all = async {
            let mut reads = futures::stream::iter(nodes)
                .map(|node| of_node(core, node))
                .buffer_unordered(workers);
            while let Some(told) = reads.next().await {
                acted += usize::from(told);
            }
        };
        let patience = seconds(options.wait_timeout).unwrap_or(Duration::from_secs(300));
        if tokio::time::timeout(patience, all).await.is_err() {
            tracing::warn!(
                examined,
                acted,
                seconds = patience.as_secs(),
                "reading the sensors takes too long; the rest waits for the next turn"
            );
        }
        Ok(Done { examined, acted })
    }
}

/// Reads and tells one node; whether there was something to tell. A BMC's failure is logged.
async fn of_node(core: &Arc<Core>, brief: NodeBrief) -> bool {
    let read = async {
        let context = Arc::new(RequestContext::service());
        let mut task = core.shared(&context, &NodeRef::Id(brief.id)).await?;
        if task.node().maintenance {
            return Ok(None);
        }
        let management = task.interfaces().management.clone();
        management.validate(&task).await?;
        let began = Instant::now();
        let readings = management.sensors_data(&mut task).await;
        let took = began.elapsed();
        core.metrics.bmcs.observe(task.node(), "sensors", took);
        Ok::<_, Fault>(Some((task.node().clone(), readings?)))
    };
    match read.await {
        Ok(Some((node, readings))) => tell(core, &node, readings.get()),
        Ok(None) => false,
        Err(fault) if fault.is_a(Class::UnsupportedDriverExtension) => {
            tracing::debug!(node.uuid = %brief.uuid, "the management interface reads no sensors");
            false
        }
        Err(fault) => {
            tracing::warn!(node.uuid = %brief.uuid, error = %fault, "the sensors of a node cannot be read");
            false
        }
    }
}

fn tell(core: &Core, node: &Node, readings: &Map<String, Value>) -> bool {
    let payload = wanted(&core.config.sensor_data.data_types, readings);
    if payload.is_empty() {
        return false;
    }
    let now = core.database.now();
    let source = Source {
        driver: &node.driver,
        name: node.name.as_deref(),
        uuid: node.uuid.as_str(),
        instance_uuid: node.instance_uuid.as_deref(),
        at: now.and_utc().timestamp(),
    };
    let samples = exporter::samples(&source, &payload);
    core.metrics.sensors.put(&node.uuid, samples);
    if core.notifier.is_on() {
        let event_type = format!("hardware.{}.metrics", node.driver);
        let message = json!({
            "message_id": Uuid::random(),
            "instance_uuid": node.instance_uuid,
            "node_uuid": node.uuid,
            "timestamp": now.format("%Y-%m-%dT%H:%M:%S%.6f").to_string(),
            "node_name": node.name,
            "event_type": format!("{event_type}.update"),
            "payload": payload,
        });
        core.notifier.emit_plain(event_type, message);
    }
    true
}

/// The sensor types that are asked for.
fn wanted(types: &[String], readings: &Map<String, Value>) -> Map<String, Value> {
    let types: Vec<String> = types.iter().map(|name| name.to_lowercase()).collect();
    if types.iter().any(|name| name == ALL) {
        return readings.clone();
    }
    readings
        .iter()
        .filter(|(name, _)| types.contains(&name.to_lowercase()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

fn tell_own(core: &Core) {
    let payload = core.metrics.timers.to_payload();
    if payload.is_empty() || !core.notifier.is_on() {
        return;
    }
    let message = json!({
        "message_id": Uuid::random(),
        "timestamp": core.database.now().format("%Y-%m-%dT%H:%M:%S%.6f").to_string(),
        "hostname": &*core.host,
        "event_type": "ironic.metrics.update",
        "payload": payload,
    });
    core.notifier.emit_plain("ironic.metrics", message);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_chosen_without_regard_to_case() {
        let Value::Object(readings) = json!({"Fan": {}, "Temperature": {}, "Drive": {}}) else {
            unreachable!()
        };
        let names = |types: &[&str]| {
            let types: Vec<String> = types.iter().map(|t| (*t).to_owned()).collect();
            let chosen = wanted(&types, &readings);
            chosen.keys().cloned().collect::<Vec<_>>()
        };
        assert_eq!(names(&["ALL"]).len(), 3);
        assert_eq!(names(&["fan", "DRIVE"]), ["Fan", "Drive"]);
        assert!(names(&["volts"]).is_empty());
    }
}
