//! Power states: what the machines say against what is recorded.
//!
//! Behaviour: Ironic 39.0.0, `_sync_power_states`. Machines that failed before come first.
//!
//! Ironic gives each of `[conductor]sync_power_state_workers` threads to one BMC until that answers or
//! is given up. Here waiting costs no thread: a BMC that has not answered in a moment waits in a
//! lane of its own, and is given up in time for the sweep to end before the next one is due.
//! Readings start evenly spread over a part of the interval, so that requests are served meanwhile as
//! quickly as between two sweeps.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use drivers_interface::Task;
use futures::StreamExt;
use schemas_config::Config;
use schemas_db::{NodeFilter, Page};
use schemas_model::fault::FaultKind;
use schemas_model::power::PowerState;
use schemas_model::provision::State;
use schemas_model::{Class, Fault, Node, NodeId, Uuid};
use schemas_rpc::RequestContext;

use super::lanes::Lanes;
use super::{Done, PeriodicTask, seconds, workers};
use crate::cache;
use crate::core::Core;
use crate::history::EventType;
use crate::metrics::latency;
use crate::notify::{Action, Status};
use crate::power;
use crate::task::{NodeTask, Patience};

/// States in which power is somebody else's business.
const EXCLUDED: [State; 4] = [
    State::DeployWait,
    State::CleanWait,
    State::Enroll,
    State::AdoptFailed,
];

/// BMCs asked at once, for each of `[conductor]sync_power_state_workers`.
const FAST_PER_WORKER: usize = 16;
/// BMCs that may be silent at once.
const SLOW_PLACES: usize = 2048;
/// How long a BMC may take before it waits with the silent ones.
const PATIENCE: Duration = Duration::from_millis(500);
/// A BMC is given at least this long.
const SHORTEST_DEADLINE: Duration = Duration::from_secs(5);

/// The part of the time between two sweeps over which readings are spread, and the longest such time.
const SPREAD: (u32, Duration) = (8, Duration::from_millis(7500));
/// Readings start at least this often.
const WIDEST_GAP: Duration = Duration::from_millis(5);

/// How far apart the readings of so many nodes start.
fn gap(config: &Config, nodes: usize) -> Duration {
    let (part, longest) = SPREAD;
    let interval = seconds(config.conductor.sync_power_state_interval).unwrap_or_default();
    let nodes = u32::try_from(nodes.max(1)).unwrap_or(u32::MAX);
    ((interval / part).min(longest) / nodes).min(WIDEST_GAP)
}

/// How long one BMC is waited for: half of the time until the next sweep.
fn deadline(config: &Config) -> Duration {
    seconds(config.conductor.sync_power_state_interval)
        .map_or(Duration::MAX, |interval| interval / 2)
        .max(SHORTEST_DEADLINE)
}

/// The task, with how often each node has failed in a row.
#[derive(Default)]
pub struct PowerSync {
    failures: Mutex<HashMap<Uuid, i64>>,
}

/// What a reading means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// It is as recorded.
    Agrees,
    /// Nothing was recorded: record it.
    FirstKnown,
    /// It differs: bring the machine into the recorded state.
    Force,
    /// It differs: record it.
    Record,
    /// It differed or failed too often: maintenance.
    GiveUp,
}

/// The decision about a reading that succeeded.
pub fn decide(
    recorded: Option<PowerState>,
    found: Option<PowerState>,
    failures: i64,
    most: i64,
    may_force: bool,
) -> Finding {
    match recorded {
        _ if recorded == found => Finding::Agrees,
        None => Finding::FirstKnown,
        Some(_) if failures > most => Finding::GiveUp,
        Some(_) if may_force => Finding::Force,
        Some(_) => Finding::Record,
    }
}

impl PowerSync {
    fn count(&self, uuid: &Uuid) -> i64 {
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        failures.get(uuid).copied().unwrap_or_default()
    }

    fn set(&self, uuid: &Uuid, count: i64) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        if count == 0 {
            failures.remove(uuid);
        } else {
            failures.insert(uuid.clone(), count);
        }
    }
}

#[async_trait]
impl PeriodicTask for PowerSync {
    fn name(&self) -> &'static str {
        "power sync"
    }

    fn interval(&self, config: &Config) -> Option<Duration> {
        seconds(config.conductor.sync_power_state_interval)
    }

    async fn run(&self, core: &Arc<Core>) -> Result<Done, Fault> {
        let filter = NodeFilter {
            maintenance: Some(false),
            ..NodeFilter::default()
        };
        let mut nodes = core.own_nodes(&filter, &Page::all()).await?;
        nodes.sort_by_key(|node| std::cmp::Reverse(self.count(&node.uuid)));
        let examined = nodes.len();
        let at_once = usize::try_from(core.config.conductor.sync_power_state_workers)
            .unwrap_or(1)
            .min(workers(core))
            .max(1);
        let lanes = Lanes::new(at_once * FAST_PER_WORKER, SLOW_PLACES, PATIENCE);
        let lanes = &lanes;
        let began = tokio::time::Instant::now();
        let context = Arc::new(RequestContext::service());
        let gap = gap(&core.config, examined);
        let acted = futures::stream::iter((0u32..).zip(nodes))
            .map(|(turn, node)| {
                let context = &context;
                async move {
                    let due = began + gap * turn;
                    // A timer that is due already would still wait for the clock's next tick.
                    if tokio::time::Instant::now() < due {
                        tokio::time::sleep_until(due).await;
                    }
                    let before = self.count(&node.uuid);
                    match lanes.run(sync(core, context, node.id, before)).await {
                        Ok(count) => {
                            self.set(&node.uuid, count);
                            usize::from(count > 0)
                        }
                        Err(fault) => {
                            if !fault.is_a(Class::NodeLocked) && !fault.is_a(Class::NodeNotFound) {
                                tracing::warn!(node.uuid = %node.uuid, error = %fault, "power is not synchronised");
                            }
                            0
                        }
                    }
                }
            })
            .buffer_unordered(lanes.places())
            .fold(0, |sum, acted| async move { sum + acted })
            .await;
        let seconds = began.elapsed().as_secs_f64();
        tracing::info!(
            nodes = examined,
            failed = acted,
            seconds,
            "power states are synchronised"
        );
        Ok(Done { examined, acted })
    }
}

fn is_excluded(node: &Node) -> bool {
    EXCLUDED.contains(&node.provision_state)
        || node.maintenance
        || node.target_power_state.is_some()
        || node.reservation.is_some()
        || node
            .driver_internal_info
            .member("redfish_fw_updates")
            .is_some_and(|updates| !updates.is_null())
}

/// Synchronises one node; returns how often it has failed in a row now.
async fn sync(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    node: NodeId,
    failures: i64,
) -> Result<i64, Fault> {
    let mut task = core.glance(context, node).await?;
    if is_excluded(task.node()) {
        return Ok(failures);
    }
    let result = sync_held(&mut task, failures + 1).await;
    task.finish(result).await
}

async fn sync_held(task: &mut NodeTask, failures: i64) -> Result<i64, Fault> {
    let most = task.config().conductor.power_state_sync_max_retries;
    let power = task.interfaces().power.clone();
    if task.node().power_state.is_none()
        && let Err(fault) = power.validate(task).await
        && fault.is_a(Class::InvalidParameterValue)
    {
        return Ok(0);
    }
    let began = tokio::time::Instant::now();
    let patience = deadline(task.config());
    let read = match tokio::time::timeout(patience, power.power_state(task)).await {
        Ok(read) => read,
        Err(_) => Err(silent(task.node(), patience)),
    };
    let bmcs = &task.core().metrics.bmcs;
    bmcs.observe(task.node(), "power_state", began.elapsed());
    let found = match read {
        Ok(Some(PowerState::Error)) => Err(Fault::new(
            Class::PowerStateFailure,
            "Power driver returned ERROR state while trying to sync power state.",
        )),
        other => other,
    };
    let found = match found {
        Ok(found) => found,
        Err(fault) if failures > most => {
            task.upgrade(Patience::Usual).await?;
            give_up(task, None, Some(&fault)).await?;
            return Ok(failures);
        }
        Err(fault) => {
            tracing::warn!(
                node.uuid = %task.node().uuid,
                attempt = failures,
                attempts = most,
                error = %fault,
                "the power state of a node cannot be read"
            );
            return Ok(failures);
        }
    };
    cache::vendor(task).await?;
    cache::boot_mode(task).await?;
    cache::health(task).await?;
    if task.node().power_state == found {
        return forget_error(task).await;
    }
    task.upgrade(Patience::Usual).await?;
    let node = task.node();
    if node.power_state == found {
        return forget_error(task).await;
    }
    if EXCLUDED.contains(&node.provision_state) || node.maintenance {
        return Ok(0);
    }
    let may_force = task.config().conductor.force_power_state_during_sync
        && power.supports_power_sync(task)
        && !node.stays_powered();
    let recorded = node.power_state;
    match decide(recorded, found, failures, most, may_force) {
        Finding::Agrees => Ok(0),
        Finding::FirstKnown => {
            record(task, found).await?;
            forget_error(task).await
        }
        Finding::GiveUp => {
            give_up(task, found, None).await?;
            Ok(failures)
        }
        Finding::Force => {
            let Some(wanted) = recorded else { return Ok(0) };
            tracing::warn!(node.uuid = %task.node().uuid, ?found, wanted = %wanted, "the machine is brought back into its recorded power state");
            if let Err(fault) = power::set_power(task, wanted, None).await {
                tracing::error!(node.uuid = %task.node().uuid, error = %fault, attempt = failures, "that failed");
            }
            Ok(failures)
        }
        Finding::Record => {
            tracing::warn!(node.uuid = %task.node().uuid, ?found, ?recorded, "another power state is recorded");
            record(task, found).await?;
            Ok(failures)
        }
    }
}

fn silent(node: &Node, patience: Duration) -> Fault {
    Fault::new(
        Class::PowerStateFailure,
        format!(
            "BMC {} of node {} did not tell its power state within {} seconds.",
            latency::address(node).as_deref().unwrap_or("(no address)"),
            node.uuid,
            patience.as_secs()
        ),
    )
}

async fn record(task: &mut NodeTask, found: Option<PowerState>) -> Result<(), Fault> {
    let from = task.node().power_state;
    task.node_mut().power_state = found;
    task.save().await?;
    task.emit(Action::PowerStateCorrected { from }, Status::Success);
    Ok(())
}

/// A machine that answers as expected has nothing to complain about any more.
async fn forget_error(task: &mut NodeTask) -> Result<i64, Fault> {
    if task.config().conductor.node_history && task.node().last_error.is_some() {
        task.upgrade(Patience::None).await?;
        task.node_mut().last_error = None;
        task.save().await?;
    }
    Ok(0)
}

async fn give_up(
    task: &mut NodeTask,
    found: Option<PowerState>,
    fault: Option<&Fault>,
) -> Result<(), Fault> {
    let word = |state: Option<PowerState>| state.map_or("None", PowerState::as_str);
    let from = task.node().power_state;
    let mut error = format!(
        "During sync_power_state, max retries exceeded for node {}, node state {} does not match \
         expected state '{}'. Updating DB state to '{}' Switching node to maintenance mode.",
        task.node().uuid,
        word(found),
        word(from),
        word(found)
    );
    if let Some(fault) = fault {
        error.push_str(&format!(" Error: {fault}"));
    }
    task.node_mut().power_state = found;
    task.record_error(EventType::Monitoring, &error);
    let node = task.node_mut();
    if !node.maintenance {
        node.maintenance = true;
        node.maintenance_reason = Some(error);
        node.fault = Some(FaultKind::PowerFailure.as_str().to_owned());
    }
    task.save().await?;
    if from != found {
        task.emit(Action::PowerStateCorrected { from }, Status::Success);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use PowerState::{Off, On};

    #[test]
    fn readings_are_spread_over_a_part_of_the_interval() {
        let mut config = Config::defaults(schemas_config::Machine::detect()).unwrap();
        config.conductor.sync_power_state_interval = 60;
        assert_eq!(gap(&config, 10_000), Duration::from_micros(750));
        assert_eq!(gap(&config, 3), WIDEST_GAP);
        assert_eq!(gap(&config, 0), WIDEST_GAP);
        config.conductor.sync_power_state_interval = 4;
        assert_eq!(gap(&config, 1000), Duration::from_micros(500));
        config.conductor.sync_power_state_interval = 86_400;
        assert_eq!(gap(&config, 7500), Duration::from_millis(1));
    }

    #[test]
    fn readings_are_judged() {
        assert_eq!(decide(Some(On), Some(On), 9, 3, true), Finding::Agrees);
        assert_eq!(decide(None, None, 1, 3, true), Finding::Agrees);
        assert_eq!(decide(None, Some(On), 1, 3, true), Finding::FirstKnown);
        assert_eq!(decide(Some(On), Some(Off), 1, 3, true), Finding::Force);
        assert_eq!(decide(Some(On), Some(Off), 1, 3, false), Finding::Record);
        assert_eq!(decide(Some(On), Some(Off), 4, 3, true), Finding::GiveUp);
    }
}
