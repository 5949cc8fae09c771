//! What every request handler shares.

use std::sync::Arc;

use schemas_config::Config;
use schemas_db::Database;
use schemas_rpc::Client;

use crate::auth::Enforcer;
use crate::driver_facts::DriverFacts;
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
        }
    }
}
