//! A simulated iBMC with a node of hardware type `ibmc`, whose waits are short.
#![allow(dead_code, reason = "each test file uses a part")]

use std::sync::Arc;
use std::time::Duration;

use drivers_ibmc::{IbmcInterfaces, Ibmcs, Pauses};
use drivers_interface::Outcome;
use drivers_sim::redfish::RedfishBmc;
use schemas_model::step::{Step, StepKind};
use schemas_model::{Fault, Object};
use serde_json::{Value, json};

use crate::node::TestTask;

const TICK: Duration = Duration::from_millis(5);

/// A node of this iBMC, with sessions of its own.
pub fn node_of(bmc: &RedfishBmc, password: &str) -> TestTask {
    let mut task = TestTask::with(json!({
        "ibmc_address": bmc.origin(), "ibmc_username": "admin", "ibmc_password": password}));
    task.node.driver = "ibmc".to_owned();
    let pauses = Pauses {
        ready: TICK,
        ready_at_most: Duration::from_millis(200),
        // Long enough for a machine that tests of other crates keep busy, in not too many looks.
        task: TICK * 4,
        task_at_most: Duration::from_secs(4),
        effect: TICK,
    };
    let interfaces = IbmcInterfaces::with_pauses(&Ibmcs::default(), pauses);
    task.equip(|set| {
        set.bios = Arc::new(interfaces.bios);
        set.inspect = Arc::new(interfaces.inspect);
        set.management = Arc::new(interfaces.management);
        set.power = Arc::new(interfaces.power);
        set.raid = Arc::new(interfaces.raid);
        set.vendor = Arc::new(interfaces.vendor);
    });
    task.configure(|config| config.ibmc.connection_retry_interval = 1);
    task
}

/// A target configuration.
pub fn wanted(logical_disks: Value) -> Object {
    serde_json::from_value(json!({ "logical_disks": logical_disks })).unwrap()
}

/// Runs a clean step of the RAID interface.
pub async fn raid(task: &mut TestTask, name: &str) -> Result<Outcome, Fault> {
    let raid = task.set().raid.clone();
    let step: Step = serde_json::from_value(json!({"interface": "raid", "step": name})).unwrap();
    raid.run_step(task, StepKind::Clean, &step).await
}
