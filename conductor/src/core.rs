//! What every part of the conductor needs.

use std::sync::{Arc, OnceLock};

use drivers_registry::Registry;
use schemas_config::Config;
use schemas_db::Database;
use schemas_model::Fault;
use schemas_model::ids::ConductorId;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::metrics::Metrics;
use crate::notify::Notifier;
use crate::ring::RingCache;
use crate::task::Leases;
use crate::workers::Workers;

/// The conductor's inside, shared by requests, workers and periodic tasks.
pub struct Core {
    /// The configuration.
    pub config: Arc<Config>,
    /// The database.
    pub database: Database,
    /// Hardware types and interfaces.
    pub registry: Arc<Registry>,
    /// The name this conductor is registered under.
    pub host: Arc<str>,
    /// The locks of nodes.
    pub leases: Arc<Leases>,
    /// Which nodes are this conductor's.
    pub rings: RingCache,
    /// The pool of workers.
    pub workers: Workers,
    /// Where events go.
    pub notifier: Notifier,
    /// What is counted.
    pub metrics: Metrics,
    /// Cancelled when the conductor stops: loops end, and its nodes go to others.
    pub stopping: CancellationToken,
    /// Cancelled when it answers no more: the others have noticed.
    pub closed: CancellationToken,
    /// Loops that are joined at the end.
    pub loops: TaskTracker,
    /// The number of this conductor's row, once registered.
    pub(crate) id: OnceLock<ConductorId>,
}

impl Core {
    /// The number of this conductor's row.
    ///
    /// # Errors
    /// `TemporaryFailure` before the registration.
    pub fn id(&self) -> Result<ConductorId, Fault> {
        self.id
            .get()
            .copied()
            .ok_or_else(|| Fault::temporary("This conductor is not registered yet."))
    }
}
