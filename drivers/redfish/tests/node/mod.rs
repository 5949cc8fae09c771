//! A node with its task for tests: everything in memory, the real `redfish` interfaces, fake others.
#![allow(dead_code, reason = "each test file uses a part")]

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use drivers_fake::{FakeBoot, FakeConsole, FakeDeploy, FakeRescue, FakeStorage};
use drivers_interface::{Interface, InterfaceSet, Network, Task, TaskPort, TaskPortgroup};
use drivers_redfish::{Connections, RedfishInterfaces};
use schemas_config::{Config, Machine};
use schemas_model::interface::InterfaceKind;
use schemas_model::power::PowerState;
use schemas_model::{
    BiosSetting, Fault, FirmwareComponent, Node, Object, Uuid, VolumeConnector, VolumeTarget,
};
use serde_json::Value;

struct NoNetwork;

impl Interface for NoNetwork {
    fn name(&self) -> &'static str {
        "noop"
    }
    fn kind(&self) -> InterfaceKind {
        InterfaceKind::Network
    }
}

impl Network for NoNetwork {}

pub struct TestTask {
    pub node: Node,
    pub config: Arc<Config>,
    interfaces: Arc<InterfaceSet>,
    /// How often the node was saved.
    pub saved: usize,
    /// What drivers handed over.
    pub bios_settings: Vec<BiosSetting>,
    pub firmware: Vec<FirmwareComponent>,
    pub ports: Vec<String>,
    pub inventory: Object,
    pub plugin_data: Object,
}

impl TestTask {
    /// A node of hardware type `redfish` at this address.
    pub fn new(address: &str) -> Self {
        Self::with(
            serde_json::json!({"redfish_address": address, "redfish_username": "admin", "redfish_password": "s3cret", "redfish_auth_type": "basic"}),
        )
    }

    /// A node with this `driver_info`.
    pub fn with(driver_info: Value) -> Self {
        let mut node = Node::new(Uuid::random(), "redfish");
        node.driver_info = serde_json::from_value(driver_info).unwrap();
        let mut config = Config::defaults(Machine::detect()).unwrap();
        config.redfish.connection_retry_interval = 1;
        config.redfish.connection_attempts = 2;
        config.redfish.power_on_conflict_retry_interval = 1;
        config.redfish.post_boot_retry_delay = 1;
        config.conductor.power_state_change_timeout = 10;
        let redfish = RedfishInterfaces::new(&Connections::shared());
        let interfaces = InterfaceSet {
            bios: Arc::new(redfish.bios),
            boot: Arc::new(FakeBoot),
            console: Arc::new(FakeConsole),
            deploy: Arc::new(FakeDeploy),
            firmware: Arc::new(redfish.firmware),
            inspect: Arc::new(redfish.inspect),
            management: Arc::new(redfish.management),
            network: Arc::new(NoNetwork),
            power: Arc::new(redfish.power),
            raid: Arc::new(redfish.raid),
            rescue: Arc::new(FakeRescue),
            storage: Arc::new(FakeStorage),
            vendor: Arc::new(redfish.vendor),
        };
        TestTask {
            node,
            config: Arc::new(config),
            interfaces: Arc::new(interfaces),
            saved: 0,
            bios_settings: Vec::new(),
            firmware: Vec::new(),
            ports: Vec::new(),
            inventory: Object::default(),
            plugin_data: Object::default(),
        }
    }

    /// Changes the configuration.
    pub fn configure(&mut self, change: impl FnOnce(&mut Config)) {
        change(Arc::get_mut(&mut self.config).unwrap());
    }

    /// Changes the interfaces.
    pub fn equip(&mut self, change: impl FnOnce(&mut InterfaceSet)) {
        change(Arc::make_mut(&mut self.interfaces));
    }

    /// The interfaces, to be called with this task.
    pub fn set(&self) -> Arc<InterfaceSet> {
        Arc::clone(&self.interfaces)
    }
}

#[async_trait]
impl Task for TestTask {
    fn node(&self) -> &Node {
        &self.node
    }
    fn node_mut(&mut self) -> &mut Node {
        &mut self.node
    }
    fn interfaces(&self) -> &Arc<InterfaceSet> {
        &self.interfaces
    }
    fn config(&self) -> &Arc<Config> {
        &self.config
    }
    fn ports(&self) -> &[TaskPort] {
        &[]
    }
    fn portgroups(&self) -> &[TaskPortgroup] {
        &[]
    }
    fn volume_connectors(&self) -> &[VolumeConnector] {
        &[]
    }
    fn volume_targets(&self) -> &[VolumeTarget] {
        &[]
    }
    fn is_exclusive(&self) -> bool {
        true
    }
    async fn save(&mut self) -> Result<(), Fault> {
        self.saved += 1;
        Ok(())
    }
    async fn power_action(
        &mut self,
        state: PowerState,
        timeout: Option<Duration>,
    ) -> Result<(), Fault> {
        let power = self.interfaces.power.clone();
        match state {
            PowerState::Reboot => power.reboot(self, timeout).await,
            state => power.set_power_state(self, state, timeout).await,
        }
    }
    async fn bios_settings_replace(&mut self, settings: Vec<BiosSetting>) -> Result<(), Fault> {
        self.bios_settings = settings;
        Ok(())
    }
    async fn firmware_components_update(
        &mut self,
        components: Vec<FirmwareComponent>,
    ) -> Result<(), Fault> {
        self.firmware = components;
        Ok(())
    }
    async fn port_create(&mut self, address: &str, _: bool) -> Result<bool, Fault> {
        self.ports.push(address.to_owned());
        Ok(true)
    }
    async fn port_save(&mut self, _: TaskPort) -> Result<(), Fault> {
        Ok(())
    }
    async fn portgroup_save(&mut self, _: TaskPortgroup) -> Result<(), Fault> {
        Ok(())
    }
    async fn port_destroy(&mut self, _: &TaskPort) -> Result<(), Fault> {
        Ok(())
    }
    async fn inventory_store(
        &mut self,
        inventory: Object,
        plugin_data: Object,
    ) -> Result<(), Fault> {
        (self.inventory, self.plugin_data) = (inventory, plugin_data);
        Ok(())
    }
}
