//! The `ibmc` hardware type with every misbehaviour of the simulator; see [`misbehave`].
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod machine;
#[path = "../../redfish/tests/misbehave/mod.rs"]
mod misbehave;
#[path = "../../redfish/tests/node/mod.rs"]
mod node;

use drivers_interface::Outcome;
use drivers_sim::redfish::{Bug, RedfishBmc, model};
use machine::{node_of, raid, wanted};
use misbehave::{MakeMachine, PASSWORD, hopeless, meet_all, partial};
use node::TestTask;
use serde_json::json;

const MACHINE: MakeMachine = |_, patience| Box::pin(machine(patience));

/// THE table of kinds of operations of this hardware type.
const OPERATIONS: &[&str] = &[
    "power state",
    "power on",
    "reboot",
    "boot device",
    "set boot device",
    "boot mode",
    "set boot mode",
    "sensors",
    "health",
    "vendor",
    "addresses",
    "NMI",
    "indicators",
    "set indicator",
    "media",
    "attach media",
    "detach media",
    "clock",
    "time servers",
    "reset BMC",
    "cache BIOS",
    "apply BIOS",
    "reset BIOS",
    "create volumes",
    "apply volumes",
    "delete volumes",
    "inspect",
    "boot sequence",
    "controllers",
];

/// A running machine with a volume and a hot spare. An iBMC is given a fixed time for an answer, so
/// the operation as a whole is what ends: after `patience` seconds.
async fn machine(patience: u64) -> (RedfishBmc, TestTask) {
    let bmc = RedfishBmc::builder(&model::HUAWEI)
        .account("admin", PASSWORD)
        .start()
        .await
        .unwrap();
    bmc.set_power(true);
    let target = wanted(json!([{"raid_level": "1", "size_gb": 100}]));
    let mut builder = node_of(&bmc, PASSWORD);
    builder.node.target_raid_config = target.clone();
    let built = raid(&mut builder, "create_configuration").await.unwrap();
    assert_eq!(built, Outcome::Done);
    bmc.change(
        &bmc.disk(0),
        json!({"HotspareType": "Global", "Oem": {"Huawei": {"FirmwareStatus": "HotSpareDrive"}}}),
    );
    bmc.forget_seen();
    let mut task = node_of(&bmc, PASSWORD);
    task.node.target_raid_config = target;
    task.configure(|config| {
        config.conductor.power_state_change_timeout = 2;
        config.ibmc.connection_attempts = 2;
        config.ibmc.connection_retry_interval = 0;
        config.ferric_redfish.operation_timeout = patience;
        config.ferric_redfish.inspection_timeout = patience;
        config.redfish.boot_mode_config_timeout = 2;
        config.redfish.vmedia_insert_timeout = 1;
        config.redfish.post_boot_retry_attempts = 1;
        config.redfish.power_on_conflict_retry_attempts = 1;
    });
    (bmc, task)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_works_with_an_ibmc_that_makes_no_sense() {
    let elsewhere = RedfishBmc::start(&model::HUAWEI).await.unwrap();
    let switches = hopeless(elsewhere.origin())
        .into_iter()
        .map(|bug| (bug.into(), "session"));
    let worked = meet_all(MACHINE, OPERATIONS, switches.collect(), 2).await;
    assert!(worked.is_empty(), "{worked:#?}");
    assert!(elsewhere.seen().is_empty(), "nobody is sent elsewhere");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_ends_with_an_ibmc_that_is_wrong_at_times() {
    let storages = format!("{}/Storages", model::HUAWEI.system());
    let switches = partial()
        .into_iter()
        .chain([Bug::Html.at(&storages), Bug::WrongTypes.at(&storages)])
        .map(|switch| (switch, "session"));
    let worked = meet_all(MACHINE, OPERATIONS, switches.collect(), 12).await;
    let works = |operation: &str, bug: &str| {
        worked
            .iter()
            .any(|told| told.starts_with(&format!("{operation}:")) && told.contains(bug))
    };
    // What passes by itself is survived.
    for bug in ["Slow", "Unauthorized", "Busy"] {
        for operation in ["power state", "boot device", "cache BIOS", "controllers"] {
            assert!(works(operation, bug), "{operation}: {bug}");
        }
    }
    // What is confirmed and not done is noticed.
    for bug in ["NoEffect", "StuckTasks", "FailingTasks"] {
        for operation in ["create volumes", "apply volumes", "delete volumes"] {
            assert!(!works(operation, bug), "{operation}: {bug}");
        }
    }
}
