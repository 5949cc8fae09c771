//! A conductor on a scratch database, with scripted drivers.

use std::sync::Arc;
use std::time::Duration;

use conductor::{Conductor, ConductorContext};
use drivers_registry::{Catalog, Registry};
use schemas_config::{Config, Machine, Sources};
use schemas_db::{ConnectOptions, Database, SqliteSynchronous};
use schemas_model::provision::{State, Verb};
use schemas_model::{Fault, Node, Uuid};
use schemas_rpc::methods::{
    CreateNode, DoNodeDeploy, DoNodeTearDown, DoProvisioningAction, NodeRef,
};
use schemas_rpc::server::Handler;
use schemas_rpc::{Reply, Request, RequestContext, Versioned};

use crate::script::{
    Script, TestBoot, TestConsole, TestDeploy, TestInspect, TestPower, TestRescue,
};

/// Kinds whose interfaces are all called `fake` here.
const KINDS: &[&str] = &[
    "bios",
    "boot",
    "console",
    "deploy",
    "firmware",
    "inspect",
    "management",
    "power",
    "raid",
    "rescue",
    "vendor",
];

/// Options a test changes: section, option, value.
pub type Options<'a> = &'a [(&'a str, &'a str, &'a str)];

pub struct Stage {
    pub conductor: Conductor,
    pub database: Database,
    pub script: Arc<Script>,
    pub config: Arc<Config>,
    _scratch: tempfile::TempDir,
}

pub fn config(options: Options<'_>) -> Arc<Config> {
    let mut sources = Sources::new(Machine::detect())
        .set("DEFAULT", "host", "here")
        .set("DEFAULT", "enabled_hardware_types", "fake-hardware")
        .set("DEFAULT", "enabled_network_interfaces", "noop")
        .set("DEFAULT", "enabled_storage_interfaces", "fake")
        .set("DEFAULT", "default_storage_interface", "fake")
        .set("DEFAULT", "default_network_interface", "noop");
    for kind in KINDS {
        sources = sources.set("DEFAULT", &format!("enabled_{kind}_interfaces"), "fake");
    }
    for (section, option, value) in options {
        sources = sources.set(section, option, value);
    }
    Arc::new(Config::load(sources).unwrap().0)
}

pub async fn scratch_database(scratch: &tempfile::TempDir) -> Database {
    let path = scratch.path().join("ironic.sqlite");
    let mut options = ConnectOptions::new(format!("sqlite:///{}", path.display()));
    options.sqlite_synchronous = SqliteSynchronous::Normal;
    let database = Database::connect(&options).await.unwrap();
    database.create_or_adopt().await.unwrap();
    database
}

pub async fn start(
    config: &Arc<Config>,
    database: &Database,
    script: &Arc<Script>,
    host: &str,
) -> Conductor {
    let mut catalog = Catalog::all();
    catalog
        .power(TestPower(Arc::clone(script)))
        .deploy(TestDeploy(Arc::clone(script)))
        .inspect(TestInspect(Arc::clone(script)))
        .rescue(TestRescue(Arc::clone(script)))
        .console(TestConsole(Arc::clone(script)))
        .boot(TestBoot(Arc::clone(script)));
    let registry = Registry::new(Arc::clone(config), catalog).unwrap();
    let context = ConductorContext {
        config: Arc::clone(config),
        database: database.clone(),
        registry: Arc::new(registry),
        host: host.to_owned(),
        notifier: schemas_rpc::notification::Notifier::OFF,
    };
    Conductor::start(context).await.unwrap()
}

impl Stage {
    pub async fn new() -> Self {
        Self::with(&[]).await
    }

    pub async fn with(options: Options<'_>) -> Self {
        let scratch = tempfile::tempdir().unwrap();
        let database = scratch_database(&scratch).await;
        let (script, config) = (Script::new(), config(options));
        let conductor = start(&config, &database, &script, "here").await;
        Stage {
            conductor,
            database,
            script,
            config,
            _scratch: scratch,
        }
    }

    pub fn handler(&self) -> Arc<dyn Handler> {
        self.conductor.handler()
    }

    pub async fn ask(&self, request: impl Into<Request>) -> Result<Reply, Fault> {
        self.handler()
            .handle(RequestContext::default(), request.into())
            .await
    }

    /// A node as created over RPC, then put into a state directly.
    pub async fn node(&self, state: State) -> Uuid {
        let node = Node::new(Uuid::random(), "fake-hardware");
        let uuid = node.uuid.clone();
        let node_obj = Box::new(Versioned::partial(node, ["uuid", "driver"]));
        self.ask(CreateNode { node_obj }).await.unwrap();
        self.edit(&uuid, |node| {
            node.provision_state = state;
            node.target_provision_state = state.target();
        })
        .await;
        uuid
    }

    /// Changes a node behind the conductor's back.
    pub async fn edit(&self, uuid: &Uuid, change: impl FnOnce(&mut Node)) {
        let before = self.database.node_by_uuid(uuid).await.unwrap();
        let mut after = before.clone();
        change(&mut after);
        self.database
            .node_save(&before, &mut after, None)
            .await
            .unwrap();
    }

    pub async fn show(&self, uuid: &Uuid) -> Node {
        self.database.node_by_uuid(uuid).await.unwrap()
    }

    /// Waits until nobody works on the node, and returns it.
    pub async fn settled(&self, uuid: &Uuid) -> Node {
        for _ in 0..2000 {
            let node = self.show(uuid).await;
            if node.reservation.is_none() && self.conductor.core().workers.busy() == 0 {
                return self.show(uuid).await;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("the node is still worked on: {:?}", self.show(uuid).await);
    }

    pub async fn act(&self, uuid: &Uuid, action: Verb) -> Result<Node, Fault> {
        let node_id = NodeRef::from(uuid);
        self.ask(DoProvisioningAction { node_id, action }).await?;
        Ok(self.settled(uuid).await)
    }

    pub async fn deploy(&self, uuid: &Uuid) -> Result<Node, Fault> {
        let request = DoNodeDeploy {
            node_id: NodeRef::from(uuid),
            rebuild: false,
            configdrive: serde_json::Value::Null,
            deploy_steps: None,
        };
        self.ask(request).await?;
        Ok(self.settled(uuid).await)
    }

    pub async fn tear_down(&self, uuid: &Uuid) -> Result<Node, Fault> {
        let node_id = NodeRef::from(uuid);
        self.ask(DoNodeTearDown { node_id }).await?;
        Ok(self.settled(uuid).await)
    }

    /// Runs a periodic task once.
    pub async fn periodic(&self, name: &str) -> conductor::periodic::Status {
        let scheduled = self
            .conductor
            .periodic()
            .iter()
            .find(|task| task.name() == name)
            .unwrap_or_else(|| panic!("no periodic task {name}"));
        scheduled.run(self.conductor.core()).await;
        scheduled.status()
    }
}

/// The class a request was refused with.
pub fn refused<T: std::fmt::Debug>(result: Result<T, Fault>) -> schemas_model::Class {
    result.unwrap_err().class
}
