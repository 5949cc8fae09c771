//! Periodic tasks: a trait, THE list, a loop for each, and a status that can be shown.
//!
//! Invariants
//! * an interval that is not positive switches a task off;
//! * a task never runs beside itself, and a panic or failure ends one run, not the loop;
//! * every loop ends when the conductor stops, and is joined.

mod allocations;
mod conductors;
mod consoles;
mod history;
mod lanes;
mod orphans;
mod polls;
mod power_recovery;
mod power_sync;
mod sensors;
mod takeover;
mod timeouts;

pub use allocations::resume as resume_allocations;
pub use consoles::start as start_consoles;

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use futures::FutureExt;
use schemas_config::Config;
use schemas_db::{NodeBrief, NodeFilter, Page};
use schemas_model::provision::{Event, State};
use schemas_model::time::Timestamp;
use schemas_model::{Class, Fault, Uuid};
use schemas_rpc::{NodeRef, RequestContext};
use tokio::time::{Instant, MissedTickBehavior};

use crate::core::Core;
use crate::history::EventType;
use crate::provision::Move;
use crate::ring;

/// What a run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// What was looked at.
    pub examined: usize,
    /// What something was done about.
    pub acted: usize,
}

/// Something done now and then.
#[async_trait]
pub trait PeriodicTask: Send + Sync + 'static {
    /// Its name.
    fn name(&self) -> &'static str;

    /// How often; `None` for never.
    fn interval(&self, config: &Config) -> Option<Duration>;

    /// Does it once.
    ///
    /// # Errors
    /// Why this run was given up; the next one comes.
    async fn run(&self, core: &Arc<Core>) -> Result<Done, Fault>;
}

/// THE list. What drivers add to it is in [`polls`].
pub fn all() -> Vec<Arc<dyn PeriodicTask>> {
    let mut tasks: Vec<Arc<dyn PeriodicTask>> = vec![
        Arc::new(power_sync::PowerSync::default()),
        Arc::new(power_recovery::PowerRecovery),
        Arc::new(orphans::OrphanedNodes),
        Arc::new(takeover::TakeOver),
        Arc::new(allocations::OrphanedAllocations),
        Arc::new(history::HistoryPurge),
        Arc::new(conductors::StaleConductors),
        Arc::new(sensors::Sensors),
        Arc::new(consoles::ForeignConsoles::default()),
        Arc::new(consoles::MissingConsoles::default()),
    ];
    for timeout in timeouts::TIMEOUTS {
        tasks.push(Arc::new(*timeout));
    }
    tasks
}

/// How a task fares.
#[derive(Clone, Debug, Default)]
pub struct Status {
    /// When it began last.
    pub started: Option<Timestamp>,
    /// How long that took; `None` while it runs.
    pub took: Option<Duration>,
    /// What that did.
    pub done: Done,
    /// Runs so far.
    pub runs: u64,
    /// Runs that were given up.
    pub failures: u64,
    /// Why the last of them was.
    pub last_error: Option<String>,
}

/// A task and how it fares.
pub struct Scheduled {
    task: Arc<dyn PeriodicTask>,
    interval: Duration,
    status: Mutex<Status>,
}

impl Scheduled {
    /// The task's name.
    pub fn name(&self) -> &'static str {
        self.task.name()
    }

    /// How often it runs.
    pub const fn interval(&self) -> Duration {
        self.interval
    }

    /// How it fares.
    pub fn status(&self) -> Status {
        self.lock().clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Status> {
        self.status.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs the task once.
    pub async fn run(&self, core: &Arc<Core>) {
        let begun = Instant::now();
        {
            let mut status = self.lock();
            status.started = Some(core.database.now());
            status.took = None;
        }
        let result = AssertUnwindSafe(self.task.run(core))
            .catch_unwind()
            .await
            .unwrap_or_else(|_| {
                Err(Fault::internal(
                    "the periodic task panicked; the log says why",
                ))
            });
        let took = begun.elapsed();
        let mut status = self.lock();
        status.runs += 1;
        status.took = Some(took);
        match result {
            Ok(done) => status.done = done,
            Err(fault) => {
                status.failures += 1;
                status.last_error = Some(fault.to_string());
                tracing::error!(periodic.task = self.name(), error = %fault, "a periodic task was given up until its next turn");
            }
        }
        if took > self.interval * 3 {
            tracing::warn!(
                periodic.task = self.name(),
                seconds = took.as_secs(),
                "a periodic task takes three times its interval"
            );
        }
    }
}

/// Starts the loops of all tasks that are switched on.
pub fn start(core: &Arc<Core>) -> Vec<Arc<Scheduled>> {
    let scheduled: Vec<_> = all()
        .into_iter()
        .chain(polls::of(core))
        .filter_map(|task| {
            let interval = task.interval(&core.config)?;
            Some(Arc::new(Scheduled {
                task,
                interval,
                status: Mutex::default(),
            }))
        })
        .collect();
    for one in &scheduled {
        core.loops.spawn(repeat(Arc::clone(core), Arc::clone(one)));
    }
    scheduled
}

async fn repeat(core: Arc<Core>, scheduled: Arc<Scheduled>) {
    let first = Instant::now() + scheduled.interval;
    let mut ticks = tokio::time::interval_at(first, scheduled.interval);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            () = core.stopping.cancelled() => return,
        }
        tokio::select! {
            () = scheduled.run(&core) => {}
            () = core.stopping.cancelled() => return,
        }
    }
}

/// An interval in seconds; none when it is not positive.
pub(crate) fn seconds(value: impl TryInto<u64>) -> Option<Duration> {
    value
        .try_into()
        .ok()
        .filter(|seconds| *seconds > 0)
        .map(Duration::from_secs)
}

/// How many nodes one run of a task works on.
pub(crate) fn workers(core: &Core) -> usize {
    usize::try_from(core.config.conductor.periodic_max_workers)
        .unwrap_or(1)
        .max(1)
}

impl Core {
    /// The nodes of a filter that belong to this conductor.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn own_nodes(
        &self,
        filter: &NodeFilter,
        page: &Page,
    ) -> Result<Vec<NodeBrief>, Fault> {
        let mut nodes = self.database.node_brief_list(filter, page).await?;
        if nodes.is_empty() {
            return Ok(nodes);
        }
        let rings = self.rings.rings(&self.database).await?;
        nodes.retain(|node| ring::is_of(&rings, &self.host, node));
        Ok(nodes)
    }
}

/// Fails a node that is still in one of the states; one that is not, is locked or is gone is skipped.
/// Returns whether it was failed.
pub(crate) async fn fail_node(
    core: &Arc<Core>,
    node: &Uuid,
    states: &[State],
    error: &str,
) -> bool {
    let context = Arc::new(RequestContext::service());
    let failed = async {
        let mut hold = core.hold(&context, &NodeRef::from(node)).await?;
        let result = if states.contains(&hold.node().provision_state) {
            hold.record_error(EventType::Transition, error);
            hold.apply(Move::by(Event::Fail)).await.map(|()| true)
        } else {
            Ok(false)
        };
        hold.release().await;
        result
    };
    match failed.await {
        Ok(failed) => failed,
        Err(fault) => {
            if !fault.is_a(Class::NodeLocked) && !fault.is_a(Class::NodeNotFound) {
                tracing::error!(node.uuid = %node, error = %fault, "a node cannot be failed");
            }
            false
        }
    }
}
