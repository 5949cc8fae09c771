//! The conductor as a whole: started, asked, stopped.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use drivers_registry::Registry;
use schemas_config::Config;
use schemas_db::{Database, NodeFilter, Page};
use schemas_model::Fault;
use schemas_rpc::server::Handler;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::core::Core;
use crate::membership;
use crate::metrics::Metrics;
use crate::notify::Notifier;
use crate::periodic::{self, Scheduled};
use crate::ring::RingCache;
use crate::rpc::Desk;
use crate::task::Leases;
use crate::workers::{Lane, Workers};

/// How often a stopping conductor looks whether its nodes are free.
const STOP_POLL: Duration = Duration::from_millis(200);

/// What a conductor is made of.
pub struct ConductorContext {
    /// The configuration.
    pub config: Arc<Config>,
    /// The database.
    pub database: Database,
    /// Hardware types and interfaces.
    pub registry: Arc<Registry>,
    /// The name to register under; `[DEFAULT]host` unless the transport changes it
    /// (JSON-RPC on another port is `host:port`).
    pub host: String,
    /// Where events go.
    pub notifier: Notifier,
}

/// A running conductor.
pub struct Conductor {
    core: Arc<Core>,
    desk: Arc<Desk>,
    periodic: Vec<Arc<Scheduled>>,
    heartbeat: CancellationToken,
    leases_end: CancellationToken,
}

impl Conductor {
    /// Starts: clears what an earlier run left, registers, fails nodes left between states, and
    /// begins the periodic tasks.
    ///
    /// # Errors
    /// `NoDriversLoaded`; those of the database.
    pub async fn start(context: ConductorContext) -> Result<Self, Fault> {
        let ConductorContext {
            config,
            database,
            registry,
            host,
            notifier,
        } = context;
        let host: Arc<str> = host.into();
        let loops = TaskTracker::new();
        let leases_end = CancellationToken::new();
        let leases = Leases::start(
            database.clone(),
            Arc::clone(&host),
            &config,
            &loops,
            leases_end.clone(),
        );
        let rings = RingCache::new(&config)?;
        let core = Arc::new(Core {
            workers: Workers::new(&config),
            rings,
            metrics: Metrics::new(&host),
            notifier,
            stopping: CancellationToken::new(),
            closed: CancellationToken::new(),
            id: OnceLock::new(),
            config,
            database,
            registry,
            host,
            leases,
            loops,
        });
        membership::clear_leftovers(&core).await?;
        membership::register(&core).await?;
        membership::fail_stuck(&core).await?;
        let heartbeat = CancellationToken::new();
        core.loops
            .spawn(membership::beat(Arc::clone(&core), heartbeat.clone()));
        let beginning = Arc::clone(&core);
        if let Ok(place) = core.workers.place(Lane::Background) {
            core.workers.run(place, async move {
                periodic::start_consoles(&beginning).await;
                periodic::resume_allocations(&beginning).await;
            });
        }
        let periodic = periodic::start(&core);
        tracing::info!(
            host = %core.host,
            periodic_tasks = periodic.len(),
            "conductor started"
        );
        Ok(Conductor {
            desk: Arc::new(Desk::new(Arc::clone(&core))),
            core,
            periodic,
            heartbeat,
            leases_end,
        })
    }

    /// What answers requests.
    pub fn handler(&self) -> Arc<dyn Handler> {
        self.desk.clone()
    }

    /// What is counted.
    pub fn metrics(&self) -> &Metrics {
        &self.core.metrics
    }

    /// The inside, for tests and tools.
    pub const fn core(&self) -> &Arc<Core> {
        &self.core
    }

    /// The periodic tasks and how they fare.
    pub fn periodic(&self) -> &[Arc<Scheduled>] {
        &self.periodic
    }

    /// Stops: takes nothing new, tells the cluster, and waits for the work that goes on, at most
    /// `grace` (for ever without). Nodes that are still held then are failed by the next start.
    /// Consoles end at once: their nodes are another conductor's now, and a BMC has one line.
    /// Requests are answered until the others have noticed.
    ///
    /// # Errors
    /// Those of the database; everything is stopped nevertheless.
    pub async fn stop(self, grace: Option<Duration>) -> Result<(), Fault> {
        let began = Instant::now();
        let deadline = grace.map(|grace| began + grace);
        self.core.stopping.cancel();
        let offline = self
            .core
            .database
            .conductor_unregister(&self.core.host)
            .await;
        self.core.registry.consoles().close().await;
        wait_for_others(&self.core, began, deadline).await;
        self.core.closed.cancel();
        let waited = wait_for_nodes(&self.core, deadline).await;
        self.leases_end.cancel();
        self.heartbeat.cancel();
        self.core.loops.close();
        self.core.loops.wait().await;
        tracing::info!(host = %self.core.host, "conductor stopped");
        offline?;
        waited
    }
}

/// Waits until every other process has read the ring anew and sends nothing here any more; what it
/// sent to nobody would only be missed after its time-out. Alone in the cluster there is nothing to
/// wait for.
async fn wait_for_others(core: &Core, began: Instant, deadline: Option<Instant>) {
    let presence = core.rings.presence();
    let others = core.database.conductor_list_alive(presence).await;
    if !others.is_ok_and(|others| others.iter().any(|other| other.hostname != *core.host)) {
        return;
    }
    let lifetime = u64::try_from(core.config.default.hash_ring_reset_interval).unwrap_or_default();
    let noticed = began + Duration::from_secs(lifetime);
    let until = deadline.map_or(noticed, |deadline| noticed.min(deadline));
    tracing::info!(
        seconds = until.saturating_duration_since(Instant::now()).as_secs(),
        "requests are answered until the other processes know that this conductor stops"
    );
    tokio::time::sleep_until(until).await;
}

async fn wait_for_nodes(core: &Core, deadline: Option<Instant>) -> Result<(), Fault> {
    loop {
        let filter = NodeFilter {
            reserved_by_any_of: Some(vec![core.host.to_string()]),
            children: schemas_db::Children::Included,
            ..NodeFilter::default()
        };
        let page = Page {
            limit: Some(1),
            ..Page::default()
        };
        let held = core.database.node_brief_list(&filter, &page).await?;
        if held.is_empty() && core.workers.busy() == 0 {
            return Ok(());
        }
        if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            tracing::warn!(
                workers = core.workers.busy(),
                "the conductor stops with nodes still worked on"
            );
            return Ok(());
        }
        tokio::time::sleep(STOP_POLL).await;
    }
}
