//! What every request handler shares.

use std::sync::Arc;

use schemas_config::Config;
use schemas_db::Database;
use schemas_rpc::Client;
use schemas_rpc::notification::Notifier;
use schemas_rpc::transport::json_rpc::Gate;

use crate::auth::Enforcer;
use crate::auth::keystone::Keystone;
use crate::driver_facts::DriverFacts;
use crate::metrics::Metrics;
use crate::ring::ConductorRing;

/// The service behind the API. Handlers reach it only through an
/// [`Access`](crate::request::Access), that is, after a policy allowed them to.
pub struct AppState {
    pub(crate) db: Arc<Database>,
    pub(crate) rpc: Client,
    pub(crate) ring: ConductorRing,
    pub(crate) config: Arc<Config>,
    pub(crate) enforcer: Arc<dyn Enforcer>,
    pub(crate) driver_facts: DriverFacts,
    pub(crate) metrics: Metrics,
    /// Who asks, by their tokens; nobody is asked for one when absent.
    pub(crate) keystone: Option<Arc<Keystone>>,
    /// Where events go.
    pub(crate) notifier: Notifier,
    /// Who is let in at all; everybody when absent.
    pub(crate) gate: Option<Arc<dyn Gate>>,
}

impl AppState {
    /// Puts the parts together.
    pub fn new(
        db: Arc<Database>,
        rpc: Client,
        config: Arc<Config>,
        enforcer: Arc<dyn Enforcer>,
    ) -> Self {
        AppState {
            ring: ConductorRing::new(Arc::clone(&db), &config),
            db,
            rpc,
            config,
            enforcer,
            driver_facts: DriverFacts::default(),
            metrics: Metrics::new(prometheus::Registry::new()),
            keystone: None,
            notifier: Notifier::OFF,
            gate: None,
        }
    }

    /// The same behind a gate: nobody gets past it without a password, save on public paths.
    #[must_use]
    pub fn with_gate(mut self, gate: Arc<dyn Gate>) -> Self {
        self.gate = Some(gate);
        self
    }

    /// The same for callers with tokens of Keystone.
    #[must_use]
    pub fn with_keystone(mut self, keystone: Keystone) -> Self {
        self.keystone = Some(Arc::new(keystone));
        self
    }

    /// The same, telling what is changed.
    #[must_use]
    pub fn with_notifier(mut self, notifier: Notifier) -> Self {
        self.notifier = notifier;
        self
    }

    /// The same, showing at `/metrics` what else is in a registry.
    #[must_use]
    pub fn with_metrics(mut self, registry: prometheus::Registry) -> Self {
        self.metrics = Metrics::new(registry);
        self
    }
}
