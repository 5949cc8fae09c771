//! The BMC of a task's node.

use std::sync::{Arc, OnceLock};

use drivers_interface::Task;
use drivers_redfish_client::{Bmc, BmcPool, Error, ResourcePath, schema::system::ComputerSystem};
use schemas_model::{Fault, Uuid};

use crate::driver_info::RedfishInfo;
use crate::fault::redfish_fault;

/// The sessions of a conductor with all its Redfish BMCs.
#[derive(Debug, Default)]
pub struct Connections {
    pool: OnceLock<BmcPool>,
}

impl Connections {
    /// Connections that all interfaces share.
    pub fn shared() -> Arc<Self> {
        Arc::default()
    }

    /// The BMC of the task's node. Nothing is sent yet.
    ///
    /// # Errors
    /// As the validation of `driver_info`.
    pub(crate) fn of(&self, task: &dyn Task) -> Result<NodeBmc, Fault> {
        let config = &task.config().redfish;
        let RedfishInfo { settings, system } = RedfishInfo::parse(task.node(), config)?;
        let capacity = usize::try_from(config.connection_cache_size).unwrap_or(usize::MAX);
        let bmc = self
            .pool
            .get_or_init(|| BmcPool::new(capacity))
            .bmc(settings);
        Ok(NodeBmc {
            bmc,
            system,
            node: task.node().uuid.clone(),
        })
    }

    /// Ends all sessions, waiting a few seconds for slow BMCs.
    pub async fn close(&self) {
        if let Some(pool) = self.pool.get() {
            pool.close().await;
        }
    }
}

/// A BMC with the node it is asked for.
#[derive(Debug, Clone)]
pub(crate) struct NodeBmc {
    pub(crate) bmc: Bmc,
    system: Option<ResourcePath>,
    pub(crate) node: Uuid,
}

impl NodeBmc {
    /// Reads the node's system.
    pub(crate) async fn system(&self) -> Result<ComputerSystem, Fault> {
        self.bmc
            .system(self.system.as_ref())
            .await
            .map_err(self.failed("read the system"))
    }

    /// The system's path, if the node names it.
    pub(crate) const fn system_path(&self) -> Option<&ResourcePath> {
        self.system.as_ref()
    }

    /// What to do with an error: `.map_err(bmc.failed("inject an NMI"))`.
    pub(crate) fn failed<'a>(&'a self, what: &'a str) -> impl FnOnce(Error) -> Fault + 'a {
        move |error| redfish_fault(&self.node, what, &error)
    }

    /// The BMC's address, for messages.
    pub(crate) fn address(&self) -> &str {
        self.bmc.name()
    }
}
