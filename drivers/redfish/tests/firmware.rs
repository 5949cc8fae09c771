//! Firmware updates: begun by a step, followed by polls, over restarts of BMC and machine.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod machine;
mod node;

use drivers_interface::{Outcome, Polled};
use machine::{FakeMachine, SYSTEM};
use node::TestTask;
use schemas_model::Object;
use schemas_model::step::{Step, StepKind};
use serde_json::{Value, json};

const TASK: &str = "/redfish/v1/TaskService/Tasks/42";
const MANAGER: &str = "/redfish/v1/Managers/1";
const UPDATE: &str = "POST /redfish/v1/UpdateService/Actions/UpdateService.SimpleUpdate";
const RESET: &str = "POST /redfish/v1/Systems/1/Actions/ComputerSystem.Reset";

/// A machine with an update service that answers with a task.
async fn machine() -> FakeMachine {
    let machine = FakeMachine::refusing(|line, _| {
        (line == UPDATE).then(|| (202, json!({"@odata.id": TASK, "TaskState": "New"})))
    })
    .await;
    machine.change(
        "/redfish/v1/",
        json!({"UpdateService": {"@odata.id": "/redfish/v1/UpdateService"}}),
    );
    machine.change(
        "/redfish/v1/UpdateService",
        json!({"Actions": {"#UpdateService.SimpleUpdate": {"target": "/redfish/v1/UpdateService/Actions/UpdateService.SimpleUpdate"}}}),
    );
    at(&machine, "New");
    machine
}

/// The BMC's task is in this state.
fn at(machine: &FakeMachine, state: &str) {
    machine.change(TASK, json!({"TaskState": state, "TaskStatus": "OK"}));
}

fn task(machine: &FakeMachine) -> TestTask {
    let mut task = TestTask::new(&machine.bmc.origin);
    task.node.service_step = Object::from_text(r#"{"step": "update", "interface": "firmware"}"#);
    task.configure(|config| {
        config.redfish.firmware_update_required_successes = 1;
        config.redfish.firmware_update_validation_interval = 1;
        config.redfish.firmware_update_resource_validation_timeout = 5;
        config.redfish.firmware_update_reboot_delay = 0;
        config.redfish.firmware_update_bmc_version_check_interval = 0;
        config.redfish.firmware_update_nic_starting_wait = 0;
    });
    task
}

async fn begin(task: &mut TestTask, settings: Value) -> Result<Outcome, schemas_model::Fault> {
    let step: Step = serde_json::from_value(
        json!({"interface": "firmware", "step": "update", "args": {"settings": settings}}),
    )
    .unwrap();
    let firmware = task.set().firmware.clone();
    firmware.run_step(task, StepKind::Service, &step).await
}

async fn poll(task: &mut TestTask) -> Result<Polled, schemas_model::Fault> {
    let firmware = task.set().firmware.clone();
    let row = firmware.polls()[0];
    firmware.poll(task, &row).await
}

fn kept(task: &TestTask) -> Value {
    task.node.driver_internal_info.to_value()
}

#[tokio::test]
async fn a_bios_is_updated_with_a_reboot_when_its_task_begins() {
    let machine = machine().await;
    let mut task = task(&machine);
    let image = json!([{"component": "bios", "url": "http://files/bios.bin"}]);
    assert!(begin(&mut task, image).await.unwrap().is_wait());
    assert_eq!(
        machine.bodies(UPDATE)[0],
        json!({"ImageURI": "http://files/bios.bin", "TransferProtocol": "HTTP"})
    );
    let info = kept(&task);
    assert_eq!(info["redfish_fw_updates"][0]["task_monitor"], TASK);
    assert_eq!(info["servicing_polling"], true);
    assert_eq!(poll(&mut task).await.unwrap(), Polled::Busy);
    assert!(machine.bodies(RESET).is_empty(), "nothing is staged yet");
    at(&machine, "Starting");
    assert_eq!(poll(&mut task).await.unwrap(), Polled::Busy);
    let reboots = machine.bodies(RESET).len();
    assert!(reboots > 0);
    at(&machine, "Running");
    assert_eq!(poll(&mut task).await.unwrap(), Polled::Busy);
    at(&machine, "Completed");
    machine.change(SYSTEM, json!({"BiosVersion": "2.0.0"}));
    assert_eq!(poll(&mut task).await.unwrap(), Polled::Done);
    assert_eq!(machine.bodies(RESET).len(), reboots, "one reboot is enough");
    assert!(
        task.firmware
            .iter()
            .any(|component| component.component == "bios"
                && component.current_version.as_deref() == Some("2.0.0"))
    );
    assert_eq!(kept(&task).get("redfish_fw_updates"), None);
}

#[tokio::test]
async fn a_bmc_is_done_when_its_version_changes_whatever_became_of_the_task() {
    let machine = machine().await;
    let mut task = task(&machine);
    let images = json!([
        {"component": "bmc", "url": "http://files/bmc.bin"},
        {"component": "nic:1", "url": "https://files/nic.bin"}]);
    begin(&mut task, images).await.unwrap();
    assert_eq!(kept(&task)["bmc_fw_version_before_update"], "1.00");
    at(&machine, "Running");
    assert_eq!(poll(&mut task).await.unwrap(), Polled::Busy);
    // The BMC restarts: it forgets its tasks, and shows another version.
    machine.remove(TASK);
    machine.change(MANAGER, json!({"FirmwareVersion": "2.00"}));
    assert_eq!(poll(&mut task).await.unwrap(), Polled::Busy);
    assert!(
        !machine.bodies(RESET).is_empty(),
        "the machine is rebooted before the adapter's turn"
    );
    at(&machine, "New");
    assert_eq!(poll(&mut task).await.unwrap(), Polled::Busy);
    assert_eq!(
        machine.bodies(UPDATE)[1]["ImageURI"],
        "https://files/nic.bin"
    );
    at(&machine, "Running");
    assert_eq!(poll(&mut task).await.unwrap(), Polled::Busy);
    let reboots = machine.bodies(RESET).len();
    at(&machine, "Completed");
    assert_eq!(poll(&mut task).await.unwrap(), Polled::Done);
    assert!(
        machine.bodies(RESET).len() > reboots,
        "an adapter that was written while running needs a reboot"
    );
}

#[tokio::test]
async fn a_silent_bmc_is_waited_for_until_the_time_is_up() {
    let machine = machine().await;
    let mut task = task(&machine);
    begin(
        &mut task,
        json!([{"component": "bios", "url": "http://files/x"}]),
    )
    .await
    .unwrap();
    let origin = task.node.driver_info.text_member("redfish_address");
    let origin = origin.unwrap().to_owned();
    task.node
        .driver_info
        .set("redfish_address", "http://127.0.0.1:9");
    assert_eq!(poll(&mut task).await.unwrap(), Polled::Silent);
    task.node.driver_info.set("redfish_address", origin);
    assert_eq!(poll(&mut task).await.unwrap(), Polled::Busy);
    let long_ago = "2020-01-01T00:00:00.000000";
    task.node
        .driver_internal_info
        .set("redfish_fw_update_start_time", long_ago);
    let fault = poll(&mut task).await.unwrap_err();
    assert!(fault.message.contains("overall timeout"), "{fault}");
    assert_eq!(kept(&task).get("redfish_fw_updates"), None);
}

#[tokio::test]
async fn a_failed_task_fails_the_step_and_forgets_the_rest() {
    let machine = machine().await;
    let mut task = task(&machine);
    let images = json!([
        {"component": "nic:1", "url": "http://files/a"},
        {"component": "bios", "url": "http://files/b"}]);
    begin(&mut task, images).await.unwrap();
    machine.change(
        TASK,
        json!({"TaskState": "Exception", "TaskStatus": "Critical", "Messages": [{"Message": "wrong image"}]}),
    );
    let fault = poll(&mut task).await.unwrap_err();
    for part in ["wrong image", "http://files/a", &machine.bmc.origin] {
        assert!(fault.message.contains(part), "{fault}");
    }
    assert_eq!(poll(&mut task).await.unwrap(), Polled::Silent);
    assert_eq!(machine.bodies(UPDATE).len(), 1);
}

#[tokio::test]
async fn an_operator_may_ask_for_a_wait_afterwards() {
    let machine = machine().await;
    let mut task = task(&machine);
    let image = json!([{"component": "nic:1", "url": "http://files/a", "wait": 60}]);
    begin(&mut task, image).await.unwrap();
    at(&machine, "Completed");
    assert_eq!(poll(&mut task).await.unwrap(), Polled::Busy);
    assert_eq!(poll(&mut task).await.unwrap(), Polled::Busy);
    let mut info = kept(&task);
    info["redfish_fw_updates"][0]["wait_start_time"] = json!("2020-01-01T00:00:00");
    task.node.driver_internal_info = serde_json::from_value(info).unwrap();
    assert_eq!(poll(&mut task).await.unwrap(), Polled::Done);
}

#[tokio::test]
async fn files_are_served_and_removed_again() {
    let machine = machine().await;
    let mut task = task(&machine);
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path().canonicalize().unwrap();
    std::fs::write(root.join("bios.bin"), b"firmware").unwrap();
    let served = root.join("served").to_string_lossy().into_owned();
    task.configure(|config| {
        config.redfish.firmware_source = schemas_config::section::deploy::ServedFrom::Local;
        config.deploy.http_root = served;
    });
    let file = format!("file://{}/bios.bin", root.display());
    let image = json!([{"component": "bios", "url": file}]);
    // Neither a URL to serve from nor a directory that may be read.
    let fault = begin(&mut task, image.clone()).await.unwrap_err();
    assert!(fault.message.contains("http_url"), "{fault}");
    let serving = |config: &mut schemas_config::Config| {
        let text = "[deploy]\nhttp_url = http://192.0.2.1:8080/\n";
        config.deploy.http_url = parsed(text).deploy.http_url.clone();
    };
    task.configure(serving);
    let fault = begin(&mut task, image.clone()).await.unwrap_err();
    assert!(fault.message.contains("file_url_allowed_paths"), "{fault}");
    let allowed = format!("[conductor]\nfile_url_allowed_paths = {}\n", root.display());
    task.configure(|config| {
        config.conductor.file_url_allowed_paths =
            parsed(&allowed).conductor.file_url_allowed_paths.clone();
    });
    begin(&mut task, image).await.unwrap();
    let uuid = task.node.uuid.clone();
    assert_eq!(
        machine.bodies(UPDATE)[0]["ImageURI"],
        format!("http://192.0.2.1:8080/firmware/{uuid}/bios.bin")
    );
    let staged = root.join(format!("served/firmware/{uuid}/bios.bin"));
    assert_eq!(std::fs::read(&staged).unwrap(), b"firmware");
    let firmware = task.set().firmware.clone();
    let failed = firmware.polls()[1];
    firmware.poll(&mut task, &failed).await.unwrap();
    assert!(!staged.exists());
    assert_eq!(kept(&task).get("firmware_cleanup"), None);
}

fn parsed(text: &str) -> schemas_config::Config {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("ironic.conf");
    std::fs::write(&path, text).unwrap();
    let sources = schemas_config::Sources::new(schemas_config::Machine::detect()).file(path);
    schemas_config::Config::load(sources).unwrap().0
}

#[tokio::test]
async fn the_older_step_updates_files_one_after_the_other() {
    let machine = machine().await;
    let mut task = task(&machine);
    let step: Step = serde_json::from_value(json!({"interface": "management", "step": "update_firmware",
        "args": {"firmware_images": [
            {"url": "http://files/a", "checksum": "0", "wait": 1}, {"url": "http://files/b", "checksum": "0"}]}}))
    .unwrap();
    let management = task.set().management.clone();
    let outcome = management
        .run_step(&mut task, StepKind::Service, &step)
        .await
        .unwrap();
    assert!(outcome.is_wait());
    let row = management.polls()[0];
    assert_eq!(
        management.poll(&mut task, &row).await.unwrap(),
        Polled::Busy
    );
    at(&machine, "Completed");
    assert_eq!(
        management.poll(&mut task, &row).await.unwrap(),
        Polled::Busy
    );
    let mut info = kept(&task);
    info["firmware_updates"][0]["wait_start_time"] = json!("2020-01-01T00:00:00");
    task.node.driver_internal_info = serde_json::from_value(info).unwrap();
    assert_eq!(
        management.poll(&mut task, &row).await.unwrap(),
        Polled::Busy
    );
    assert_eq!(machine.bodies(UPDATE)[1]["ImageURI"], "http://files/b");
    assert_eq!(
        management.poll(&mut task, &row).await.unwrap(),
        Polled::Done
    );
}
