//! The BMC of a task's node.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use drivers_interface::Task;
use drivers_redfish_client::quirks::Quirks;
use drivers_redfish_client::{
    Bmc, BmcPool, Error, ResourcePath, schema::service_root::ServiceRoot, schema::storage::Storage,
    schema::system::ComputerSystem,
};
use schemas_model::{Fault, Node, Uuid};

use crate::dialect::{DefaultSystem, Dialect, REDFISH};
use crate::driver_info::Access;
use crate::fault::redfish_fault;
use crate::node_fields;

/// The sessions of a conductor with all BMCs of a dialect.
#[derive(Debug)]
pub struct Connections {
    dialect: &'static Dialect,
    pool: OnceLock<BmcPool>,
}

impl Default for Connections {
    fn default() -> Self {
        Connections::of_dialect(&REDFISH)
    }
}

impl Connections {
    /// Connections for a dialect.
    pub const fn of_dialect(dialect: &'static Dialect) -> Self {
        Connections {
            dialect,
            pool: OnceLock::new(),
        }
    }

    /// Connections that all `redfish` interfaces share.
    pub fn shared() -> Arc<Self> {
        Arc::default()
    }

    /// What its hardware type does its own way.
    pub const fn dialect(&self) -> &'static Dialect {
        self.dialect
    }

    /// The BMC of the task's node. Nothing is sent yet.
    ///
    /// # Errors
    /// As the validation of `driver_info`.
    pub fn of(&self, task: &dyn Task) -> Result<NodeBmc, Fault> {
        let config = task.config();
        let Access { settings, system } = (self.dialect.access)(task.node(), config)?;
        let capacity = usize::try_from(config.redfish.connection_cache_size).unwrap_or(usize::MAX);
        let bmc = self
            .pool
            .get_or_init(|| BmcPool::new(capacity))
            .bmc(settings);
        let vendor = node_fields::vendor(task.node()).or(self.dialect.vendor);
        let patience = Duration::from_secs(config.ferric_redfish.operation_timeout);
        Ok(NodeBmc {
            bmc: bmc.within(patience),
            patience,
            system,
            dialect: self.dialect,
            quirks: Quirks::of(vendor),
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
pub struct NodeBmc {
    /// The BMC, for one operation: it fails once `[ferric_redfish]operation_timeout` has passed since
    /// this handle was made.
    pub bmc: Bmc,
    /// The node.
    pub node: Uuid,
    /// The peculiarities of the node's vendor.
    pub(crate) quirks: Quirks,
    pub(crate) dialect: &'static Dialect,
    system: Option<ResourcePath>,
    /// What an operation may take with all its requests.
    patience: Duration,
}

impl NodeBmc {
    /// A BMC that is asked outside of a task, on a connection of its own that the caller closes, for
    /// an operation that may take `total`.
    pub fn alone(dialect: &'static Dialect, node: &Node, access: Access, total: Duration) -> Self {
        let vendor = node_fields::vendor(node).or(dialect.vendor);
        NodeBmc {
            bmc: Bmc::new(access.settings).within(total),
            patience: total,
            system: access.system,
            dialect,
            quirks: Quirks::of(vendor),
            node: node.uuid.clone(),
        }
    }

    /// The same for an operation that may take no longer than `total`.
    #[must_use]
    pub fn within(&self, total: Duration) -> Self {
        NodeBmc {
            bmc: self.bmc.within(total),
            ..self.clone()
        }
    }

    /// The same for an operation that may take `total` from now on, more than others or less.
    #[must_use]
    pub fn allowed(&self, total: Duration) -> Self {
        NodeBmc {
            bmc: self.bmc.afresh().within(total),
            patience: total,
            ..self.clone()
        }
    }

    /// The same with the whole time of an operation from now on: after a wait that has a limit of
    /// its own.
    #[must_use]
    pub fn afresh(&self) -> Self {
        self.allowed(self.patience)
    }

    /// Reads the node's system.
    ///
    /// # Errors
    /// `RedfishConnectionError`, `RedfishError`.
    pub async fn system(&self) -> Result<ComputerSystem, Fault> {
        self.read_system()
            .await
            .map_err(self.failed("read the system"))
    }

    /// The same with the client's error.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn read_system(&self) -> Result<ComputerSystem, Error> {
        let path = match (&self.system, self.dialect.default_system) {
            (None, DefaultSystem::OfFirstManager) => Some(self.system_of_first_manager().await?),
            (named, _) => named.clone(),
        };
        self.bmc.system(path.as_ref()).await
    }

    /// The storage subsystems.
    ///
    /// # Errors
    /// See [`Error`]; `Missing` if the BMC doesn't list them.
    pub async fn storage(&self, system: &ComputerSystem) -> Result<Vec<Storage>, Error> {
        let Some(segment) = self.dialect.storage else {
            return self.bmc.storage(system).await;
        };
        let path = system
            .document()
            .path()
            .child(segment)
            .map_err(|_| system.document().missing(segment))?;
        let members = self.bmc.collect(&path).await?;
        Ok(members.into_iter().map(Storage::new).collect())
    }

    async fn system_of_first_manager(&self) -> Result<ResourcePath, Error> {
        let document = self.bmc.service_root().await?;
        let root = ServiceRoot::new(&document);
        let managers = self.bmc.members(&root.require("Managers")?).await?;
        let first = managers
            .first()
            .ok_or_else(|| document.missing("a member of Managers"))?;
        root.require("Systems")?
            .child(first.last_segment())
            .map_err(|_| document.missing("a manager with a usable id"))
    }

    /// What to do with an error: `.map_err(bmc.failed("inject an NMI"))`.
    pub fn failed<'a>(&'a self, what: &'a str) -> impl FnOnce(Error) -> Fault + 'a {
        move |error| redfish_fault(&self.node, what, &error)
    }

    /// The BMC's address, for messages.
    pub fn address(&self) -> &str {
        self.bmc.name()
    }
}
