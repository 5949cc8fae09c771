//! A node with its task for tests: everything in memory.
#![allow(dead_code, reason = "each test file uses a part")]

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use drivers_interface::{InterfaceSet, Task, TaskPort, TaskPortgroup};
use schemas_config::Config;
use schemas_config::Machine;
use schemas_model::power::PowerState;
use schemas_model::{
    BiosSetting, Fault, FirmwareComponent, Node, Object, Uuid, VolumeConnector, VolumeTarget,
};
use serde_json::Value;

pub struct TestTask {
    pub node: Node,
    pub config: Arc<Config>,
    /// How often the node was saved.
    pub saved: usize,
}

impl TestTask {
    /// A node of hardware type `ipmi` with this `driver_info`.
    pub fn new(driver_info: Value) -> Self {
        let mut node = Node::new(Uuid::random(), "ipmi");
        let Value::Object(driver_info) = driver_info else {
            panic!("driver_info is an object");
        };
        node.driver_info = driver_info.into();
        let mut config = Config::defaults(Machine::detect()).unwrap();
        config.ipmi.min_command_interval = 0;
        TestTask {
            node,
            config: Arc::new(config),
            saved: 0,
        }
    }

    /// Changes the configuration.
    pub fn configure(&mut self, change: impl FnOnce(&mut Config)) {
        change(Arc::get_mut(&mut self.config).unwrap());
    }
}

fn not_needed<T>() -> Result<T, Fault> {
    panic!("IPMI interfaces do not use this part of a task")
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
        panic!("no other interface is needed")
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
    async fn power_action(&mut self, _: PowerState, _: Option<Duration>) -> Result<(), Fault> {
        not_needed()
    }
    async fn bios_settings_replace(&mut self, _: Vec<BiosSetting>) -> Result<(), Fault> {
        not_needed()
    }
    async fn firmware_components_update(&mut self, _: Vec<FirmwareComponent>) -> Result<(), Fault> {
        not_needed()
    }
    async fn port_create(&mut self, _: &str, _: bool) -> Result<bool, Fault> {
        not_needed()
    }
    async fn port_save(&mut self, _: TaskPort) -> Result<(), Fault> {
        not_needed()
    }
    async fn portgroup_save(&mut self, _: TaskPortgroup) -> Result<(), Fault> {
        not_needed()
    }
    async fn port_destroy(&mut self, _: &TaskPort) -> Result<(), Fault> {
        not_needed()
    }
    async fn inventory_store(&mut self, _: Object, _: Object) -> Result<(), Fault> {
        not_needed()
    }
}
