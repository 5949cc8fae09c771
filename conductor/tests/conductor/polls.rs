//! Work that goes on inside a BMC: begun by a step, asked after by periodic tasks, with the real
//! Redfish drivers and a simulated BMC.

use std::time::Duration;

use drivers_sim::redfish::{Bug, RedfishBmc, model};
use schemas_model::provision::State;
use schemas_model::{Node, Uuid};
use schemas_rpc::methods::{DoNodeClean, DoNodeService, NodeRef};
use serde_json::{Value, json};

use crate::stage::Stage;

const FIRMWARE: &str = "firmware updates over Redfish";
const BIOS: &str = "BIOS settings over Redfish";

/// A conductor with the `redfish` hardware type.
async fn stage() -> Stage {
    let both = "fake,redfish";
    Stage::with(&[
        ("DEFAULT", "enabled_hardware_types", "fake-hardware,redfish"),
        ("DEFAULT", "enabled_bios_interfaces", both),
        (
            "DEFAULT",
            "enabled_boot_interfaces",
            "fake,redfish-virtual-media",
        ),
        ("DEFAULT", "enabled_console_interfaces", "fake,no-console"),
        ("DEFAULT", "enabled_deploy_interfaces", "fake,direct"),
        ("DEFAULT", "enabled_firmware_interfaces", both),
        ("DEFAULT", "enabled_inspect_interfaces", both),
        ("DEFAULT", "enabled_management_interfaces", both),
        ("DEFAULT", "enabled_power_interfaces", both),
        ("DEFAULT", "enabled_raid_interfaces", both),
        ("DEFAULT", "enabled_rescue_interfaces", "fake,no-rescue"),
        ("DEFAULT", "enabled_storage_interfaces", "fake,noop"),
        ("DEFAULT", "default_storage_interface", "noop"),
        ("DEFAULT", "enabled_vendor_interfaces", both),
        ("redfish", "connection_attempts", "1"),
        ("redfish", "firmware_update_required_successes", "1"),
        ("redfish", "firmware_update_validation_interval", "1"),
        ("redfish", "firmware_update_reboot_delay", "0"),
    ])
    .await
}

async fn node(stage: &Stage, bmc: &RedfishBmc, state: State) -> Uuid {
    let uuid = stage.node(state).await;
    let info = json!({"redfish_address": bmc.origin(), "redfish_username": "admin", "redfish_password": "password"});
    let registry = &stage.conductor.core().registry;
    let mut blank = Node::new(Uuid::random(), "redfish");
    registry.fill_defaults(&mut blank).unwrap();
    stage
        .edit(&uuid, |node| {
            node.driver = "redfish".to_owned();
            node.interfaces = blank.interfaces;
            node.driver_info = serde_json::from_value(info).unwrap();
        })
        .await;
    uuid
}

async fn update(stage: &Stage, uuid: &Uuid, settings: Value) -> Node {
    let step = json!({"interface": "firmware", "step": "update", "args": {"settings": settings}});
    let request = DoNodeService {
        node_id: NodeRef::from(uuid),
        service_steps: serde_json::from_value(json!([step])).unwrap(),
        disable_ramdisk: None,
    };
    stage.ask(request).await.unwrap();
    stage.settled(uuid).await
}

/// Lets the periodic task run until the node has left the state.
async fn poll_out_of(stage: &Stage, uuid: &Uuid, task: &str, state: State) -> Node {
    for _ in 0..60 {
        stage.periodic(task).await;
        let node = stage.settled(uuid).await;
        if node.provision_state != state {
            return node;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("still waiting: {:?}", stage.show(uuid).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn firmware_is_updated_while_the_node_is_serviced() {
    let stage = stage().await;
    let bmc = RedfishBmc::start(&model::DELL).await.unwrap();
    bmc.set_power(true);
    let uuid = node(&stage, &bmc, State::Active).await;
    let settings = json!([
        {"component": "bmc", "url": "http://192.0.2.1/bmc-2.5.bin"},
        {"component": "nic:NIC1", "url": "http://192.0.2.1/nic-21.0.bin"}]);
    let shown = update(&stage, &uuid, settings).await;
    assert_eq!(
        shown.provision_state,
        State::ServiceWait,
        "{:?}",
        shown.last_error
    );
    let shown = poll_out_of(&stage, &uuid, FIRMWARE, State::ServiceWait).await;
    assert_eq!(
        (shown.provision_state, shown.last_error),
        (State::Active, None)
    );
    let components = stage
        .database
        .firmware_component_list(shown.id)
        .await
        .unwrap();
    let of = |name: &str| {
        let found = components
            .iter()
            .find(|component| component.component == name);
        found.map(|component| {
            (
                component.initial_version.clone(),
                component.current_version.clone(),
                component.last_version_flashed.clone(),
            )
        })
    };
    let new = Some("2.5".to_owned());
    assert_eq!(of("bmc"), Some(("1.00".to_owned(), new.clone(), new)));
    assert_eq!(
        of("nic:NIC1").and_then(|row| row.1).as_deref(),
        Some("21.0")
    );
    // Nothing is left to ask after.
    assert_eq!(stage.periodic(FIRMWARE).await.done.examined, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_update_fails_the_service_and_what_was_left_is_discarded() {
    let stage = stage().await;
    let bmc = RedfishBmc::start(&model::HPE).await.unwrap();
    bmc.set_power(true);
    bmc.on(Bug::FailingTasks);
    let uuid = node(&stage, &bmc, State::Active).await;
    let settings = json!([
        {"component": "nic:NIC1", "url": "http://192.0.2.1/nic-21.0.bin"},
        {"component": "bios", "url": "http://192.0.2.1/bios-3.0.bin"}]);
    update(&stage, &uuid, settings).await;
    let shown = poll_out_of(&stage, &uuid, FIRMWARE, State::ServiceWait).await;
    assert_eq!(shown.provision_state, State::ServiceFailed);
    let error = shown.last_error.unwrap();
    assert!(
        error.contains("nic-21.0.bin") && error.contains(bmc.origin()),
        "{error}"
    );
    assert!(shown.maintenance);
    assert!(
        shown
            .driver_internal_info
            .member("redfish_fw_updates")
            .is_none()
    );
    // What a Python conductor may have left is given up.
    stage
        .edit(&uuid, |node| {
            let left = json!([{"component": "bios", "url": "http://192.0.2.1/x"}]);
            node.driver_internal_info.set("redfish_fw_updates", left);
        })
        .await;
    stage.periodic("failed firmware updates over Redfish").await;
    let shown = stage.settled(&uuid).await;
    assert!(
        shown
            .driver_internal_info
            .member("redfish_fw_updates")
            .is_none()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn bios_settings_are_applied_while_cleaning_without_a_ramdisk() {
    let stage = stage().await;
    let bmc = RedfishBmc::start(&model::LENOVO).await.unwrap();
    bmc.set_power(true);
    let uuid = node(&stage, &bmc, State::Manageable).await;
    let bios = format!("{}/Bios", bmc.system());
    let attributes = bmc.at(&bios, "/Attributes");
    let (name, value) = attributes
        .as_object()
        .unwrap()
        .iter()
        .find_map(|(name, value)| Some((name.clone(), value.as_i64()?)))
        .unwrap();
    let step = json!({"interface": "bios", "step": "apply_configuration",
        "args": {"settings": [{"name": name, "value": value - 1}]}});
    let request = DoNodeClean {
        node_id: NodeRef::from(&uuid),
        clean_steps: serde_json::from_value(json!([step])).unwrap(),
        disable_ramdisk: Some(true),
    };
    stage.ask(request).await.unwrap();
    let shown = stage.settled(&uuid).await;
    assert_eq!(
        shown.provision_state,
        State::CleanWait,
        "{:?}",
        shown.last_error
    );
    let shown = poll_out_of(&stage, &uuid, BIOS, State::CleanWait).await;
    assert_eq!(
        (shown.provision_state, shown.last_error),
        (State::Manageable, None)
    );
    let cached = stage.database.bios_setting(shown.id, &name).await.unwrap();
    assert_eq!(cached.value, Some((value - 1).to_string()));
}
