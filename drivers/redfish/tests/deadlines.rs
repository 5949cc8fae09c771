//! Operations of many requests end in time, with a fault that says how far they got.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod node;

use drivers_interface::InterfaceSet;
use drivers_sim::redfish::{Bug, RedfishBmc, model};
use node::TestTask;
use schemas_model::step::{Step, StepKind};
use schemas_model::{Class, Fault};
use serde_json::json;
use tokio::task::JoinSet;

/// Operations, and a resource that each of them reads late.
const OPERATIONS: &[(&str, &str)] = &[
    ("inspect", "/redfish/v1/Systems/1/EthernetInterfaces"),
    ("inspect", "/redfish/v1/Systems/1/Storage"),
    ("cache BIOS", "/redfish/v1/Registries"),
    ("cache firmware", "/redfish/v1/Managers"),
    ("sensors", "/redfish/v1/Systems/1/Storage"),
    ("sensors", "/redfish/v1/Chassis"),
    ("delete volumes", "/redfish/v1/Systems/1/Storage"),
    ("media", "/redfish/v1/Systems/1/VirtualMedia"),
];

async fn operate(name: &str, task: &mut TestTask, set: &InterfaceSet) -> Result<(), Fault> {
    match name {
        "inspect" => set.inspect.inspect_hardware(task).await.map(drop),
        "cache BIOS" => set.bios.cache_bios_settings(task).await,
        "cache firmware" => set.firmware.cache_firmware_components(task).await,
        "sensors" => set.management.sensors_data(task).await.map(drop),
        "media" => set.management.virtual_media(task).await.map(drop),
        "delete volumes" => {
            let step: Step =
                serde_json::from_value(json!({"step": "delete_configuration"})).unwrap();
            set.raid
                .run_step(task, StepKind::Clean, &step)
                .await
                .map(drop)
        }
        other => panic!("no operation is called {other}"),
    }
}

/// Runs an operation on a BMC that never shows the resource.
async fn too_long(operation: &str, late: &str) {
    let bmc = RedfishBmc::builder(&model::GENERIC)
        .account("admin", "password")
        .start()
        .await
        .unwrap();
    let mut task = TestTask::with(json!({
        "redfish_address": bmc.origin(), "redfish_username": "admin", "redfish_password": "password"}));
    task.configure(|config| {
        config.ferric_redfish.inspection_timeout = 2;
        config.ferric_redfish.operation_timeout = 2;
    });
    bmc.on(Bug::Silent.at(late));
    let set = task.set();
    let fault = operate(operation, &mut task, &set).await.unwrap_err();
    let story = format!("{operation}, {late}: {fault}");
    assert!(fault.is_a(Class::RedfishConnectionError), "{story}");
    let (node, address) = (task.node.uuid.as_str(), bmc.origin());
    for told in [node, address, "given up after 2 s", "answered"] {
        assert!(fault.message.contains(told), "no {told} in {story}");
    }
    assert!(!fault.message.contains("with 0 request(s)"), "{story}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operation_ends_in_time_and_says_how_far_it_got() {
    let mut stories = JoinSet::new();
    for (operation, late) in OPERATIONS {
        stories.spawn(too_long(operation, late));
    }
    stories.join_all().await;
}
