//! The `redfish` hardware type with every misbehaviour of the simulator; see [`misbehave`].
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod misbehave;
mod node;

use drivers_sim::redfish::{RedfishBmc, model};
use misbehave::{MakeMachine, PASSWORD, hopeless, meet_all, partial};
use node::TestTask;
use schemas_model::Object;
use serde_json::json;

const MACHINE: MakeMachine = |auth, read_timeout| Box::pin(machine(auth, read_timeout));

/// THE table of kinds of operations.
const OPERATIONS: &[&str] = &[
    "power state",
    "power on",
    "reboot",
    "boot device",
    "set boot device",
    "boot mode",
    "set boot mode",
    "secure boot",
    "set secure boot",
    "reset secure boot keys",
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
    "delete volumes",
    "cache firmware",
    "update firmware",
    "update firmware files",
    "inspect",
    "subscriptions",
    "subscribe",
    "eject media",
];

async fn machine(auth: &'static str, read_timeout: u64) -> (RedfishBmc, TestTask) {
    let bmc = RedfishBmc::builder(&model::GENERIC)
        .account("admin", PASSWORD)
        .start()
        .await
        .unwrap();
    bmc.set_power(true);
    let mut task = TestTask::with(json!({
        "redfish_address": bmc.origin(), "redfish_username": "admin", "redfish_password": PASSWORD,
        "redfish_auth_type": auth}));
    task.node.clean_step = Object::from_text(r#"{"step": "x"}"#);
    task.node
        .driver_internal_info
        .set("cleaning_disable_ramdisk", true);
    task.node.target_raid_config =
        serde_json::from_value(json!({"logical_disks": [{"raid_level": "1", "size_gb": 100}]}))
            .unwrap();
    task.configure(|config| {
        config.conductor.power_state_change_timeout = 2;
        let redfish = &mut config.redfish;
        redfish.connect_timeout = 1;
        redfish.read_timeout = read_timeout;
        redfish.connection_attempts = 2;
        redfish.connection_retry_interval = 0;
        redfish.post_boot_retry_attempts = 1;
        redfish.power_on_conflict_retry_attempts = 1;
        redfish.boot_mode_config_timeout = 2;
        redfish.firmware_update_required_successes = 1;
        redfish.firmware_update_validation_interval = 1;
        redfish.firmware_update_resource_validation_timeout = 2;
        redfish.firmware_update_reboot_delay = 0;
        redfish.firmware_update_bmc_version_check_interval = 0;
        redfish.vmedia_insert_timeout = 1;
    });
    (bmc, task)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_works_with_a_bmc_that_makes_no_sense() {
    let elsewhere = RedfishBmc::start(&model::GENERIC).await.unwrap();
    let switches = hopeless(elsewhere.origin())
        .into_iter()
        .flat_map(|bug| [(bug.clone().into(), "session"), (bug.into(), "basic")]);
    let worked = meet_all(MACHINE, OPERATIONS, switches.collect(), 1).await;
    assert!(worked.is_empty(), "{worked:#?}");
    assert!(elsewhere.seen().is_empty(), "nobody is sent elsewhere");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_ends_with_a_bmc_that_is_wrong_at_times() {
    let switches = partial().into_iter().map(|switch| (switch, "session"));
    let worked = meet_all(MACHINE, OPERATIONS, switches.collect(), 8).await;
    // What passes by itself is survived.
    for bug in ["Slow", "Unauthorized", "Busy"] {
        for operation in ["power state", "boot device", "sensors", "cache BIOS"] {
            let prefix = format!("{operation}:");
            let survived = worked
                .iter()
                .any(|told| told.starts_with(&prefix) && told.contains(bug));
            assert!(survived, "{operation}: {bug}");
        }
    }
}
