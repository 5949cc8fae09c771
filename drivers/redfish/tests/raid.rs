//! RAID: volumes created, recorded and deleted; at once, or with a start of the machine.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod machine;
mod node;

use drivers_interface::{Outcome, Polled};
use machine::{FakeMachine, SYSTEM};
use node::TestTask;
use schemas_model::step::{Step, StepKind};
use schemas_model::{Class, Object};
use serde_json::{Value, json};

const VOLUMES: &str = "/redfish/v1/Systems/1/Storage/1/Volumes";

fn step(name: &str, args: Value) -> Step {
    serde_json::from_value(json!({"interface": "raid", "step": name, "args": args})).unwrap()
}

/// A machine whose controller has four drives and no volumes.
async fn with_drives(machine: FakeMachine) -> FakeMachine {
    let storage = format!("{SYSTEM}/Storage/1");
    let drives: Vec<Value> = (0..4)
        .map(|number| json!({"@odata.id": format!("{storage}/Drives/{number}")}))
        .collect();
    machine.change(
        &storage,
        json!({"Drives": drives, "Volumes": {"@odata.id": VOLUMES}}),
    );
    for number in 0..4 {
        let drive = json!({"Id": format!("d{number}"), "MediaType": "HDD", "Protocol": "SAS", "CapacityBytes": 1_099_511_627_776_i64});
        machine.change(&format!("{storage}/Drives/{number}"), drive);
    }
    machine.change(VOLUMES, json!({"Members": []}));
    machine
}

fn wanted(logical_disks: Value) -> Object {
    serde_json::from_value(json!({ "logical_disks": logical_disks })).unwrap()
}

#[tokio::test]
async fn volumes_are_created_recorded_and_deleted() {
    let machine = with_drives(FakeMachine::start().await).await;
    let mut task = TestTask::new(&machine.bmc.origin);
    let raid = task.set().raid.clone();
    task.node.target_raid_config = wanted(json!([
        {"raid_level": "1", "size_gb": 100, "is_root_volume": true, "volume_name": "root"},
        {"raid_level": "0", "size_gb": "MAX", "physical_disks": ["d2", "d3"]}]));
    let outcome = raid
        .run_step(
            &mut task,
            StepKind::Clean,
            &step("create_configuration", json!({})),
        )
        .await
        .unwrap();
    assert_eq!(outcome, Outcome::Done);
    let sent = machine.bodies(&format!("POST {VOLUMES}"));
    assert_eq!(sent[0]["RAIDType"], "RAID1");
    assert_eq!(
        (&sent[0]["CapacityBytes"], &sent[0]["Name"]),
        (&json!(107_374_182_400_i64), &json!("root"))
    );
    assert_eq!(
        sent[1]["Links"]["Drives"][0]["@odata.id"],
        format!("{SYSTEM}/Storage/1/Drives/2")
    );
    assert_eq!(sent[1].get("CapacityBytes"), None);
    let recorded = task.node.raid_config.to_value();
    assert_eq!(
        recorded["logical_disks"][0],
        json!({"id": "v0", "name": "root", "controller": "1", "size_gb": 100, "raid_level": "1"})
    );
    assert!(recorded["last_updated"].is_string());
    raid.run_step(
        &mut task,
        StepKind::Clean,
        &step("delete_configuration", json!({})),
    )
    .await
    .unwrap();
    assert_eq!(machine.at(VOLUMES, "/Members"), json!([]));
    assert_eq!(task.node.raid_config.to_value()["logical_disks"], json!([]));
}

/// A machine whose volumes change with its next start: one order at a time, with a task.
async fn with_deferred_volumes() -> FakeMachine {
    let machine = FakeMachine::refusing(|line, _| {
        let changes = line == format!("POST {VOLUMES}") || line.starts_with("DELETE ");
        changes.then(|| (202, json!({"@odata.id": TASK})))
    })
    .await;
    let machine = with_drives(machine).await;
    machine.change(
        VOLUMES,
        json!({"@Redfish.OperationApplyTimeSupport": {"SupportedValues": ["OnReset"]}}),
    );
    machine
}

const TASK: &str = "/redfish/v1/TaskService/Tasks/7";

#[tokio::test]
async fn volumes_that_need_a_start_are_asked_after_one_by_one() {
    let machine = with_deferred_volumes().await;
    let mut task = TestTask::new(&machine.bmc.origin);
    task.node.clean_step = Object::from_text(r#"{"step": "create_configuration"}"#);
    let raid = task.set().raid.clone();
    task.node.target_raid_config = wanted(json!([
        {"raid_level": "1", "size_gb": 100, "volume_name": "a"},
        {"raid_level": "0", "size_gb": "MAX", "physical_disks": ["d2", "d3"]}]));
    let create = step("create_configuration", json!({}));
    let outcome = raid
        .run_step(&mut task, StepKind::Clean, &create)
        .await
        .unwrap();
    assert!(outcome.is_wait());
    let orders = machine.bodies(&format!("POST {VOLUMES}"));
    assert_eq!(orders.len(), 1, "the second one has to wait");
    assert_eq!(orders[0]["@Redfish.OperationApplyTime"], "OnReset");
    let info = task.node.driver_internal_info.to_value();
    assert_eq!(info["raid_configs"]["task_monitor_uri"], json!([TASK]));
    assert_eq!(info["raid_configs"]["pending"]["1"][0]["size_bytes"], "MAX");
    assert_eq!(
        (&info["cleaning_reboot"], &info["cleaning_polling"]),
        (&json!(true), &json!(true))
    );
    let reboots = || {
        machine
            .bodies("POST /redfish/v1/Systems/1/Actions/ComputerSystem.Reset")
            .len()
    };
    let before = reboots();

    let poll = raid.polls()[0];
    machine.change(TASK, json!({"TaskState": "Running"}));
    let polled = raid.poll(&mut task, &poll).await.unwrap();
    assert_eq!(polled, Polled::Busy);
    machine.change(TASK, json!({"TaskState": "Completed", "TaskStatus": "OK"}));
    let polled = raid.poll(&mut task, &poll).await.unwrap();
    assert_eq!(polled, Polled::Busy, "the second volume is ordered");
    assert_eq!(machine.bodies(&format!("POST {VOLUMES}")).len(), 2);
    assert!(reboots() > before, "it needs a start, too");
    let polled = raid.poll(&mut task, &poll).await.unwrap();
    assert_eq!(polled, Polled::Done);
    assert_eq!(task.node.driver_internal_info.member("raid_configs"), None);
    assert!(task.node.raid_config.to_value()["last_updated"].is_string());
}

#[tokio::test]
async fn a_task_that_fails_fails_the_step_with_the_words_of_the_bmc() {
    let machine = with_deferred_volumes().await;
    let mut task = TestTask::new(&machine.bmc.origin);
    task.node.clean_step = Object::from_text(r#"{"step": "create_configuration"}"#);
    let raid = task.set().raid.clone();
    task.node.target_raid_config = wanted(json!([{"raid_level": "1", "size_gb": 100}]));
    let create = step("create_configuration", json!({}));
    raid.run_step(&mut task, StepKind::Clean, &create)
        .await
        .unwrap();
    machine.change(
        TASK,
        json!({"TaskState": "Exception", "Messages": [{"Message": "drive failed"}]}),
    );
    let poll = raid.polls()[0];
    let fault = raid.poll(&mut task, &poll).await.unwrap_err();
    assert!(
        fault.message.contains("drive failed") && fault.message.contains(&machine.bmc.origin),
        "{fault}"
    );
    assert_eq!(task.node.driver_internal_info.member("raid_configs"), None);
}

#[tokio::test]
async fn what_exists_is_deleted_first_where_wanted() {
    let machine = with_deferred_volumes().await;
    let old = format!("{VOLUMES}/old");
    machine.change(&old, json!({"Id": "old", "RAIDType": "RAID0"}));
    machine.change(VOLUMES, json!({"Members": [{"@odata.id": old}]}));
    let mut task = TestTask::new(&machine.bmc.origin);
    task.node.clean_step = Object::from_text(r#"{"step": "create_configuration"}"#);
    let raid = task.set().raid.clone();
    task.node.target_raid_config = wanted(json!([{"raid_level": "1", "size_gb": 100}]));
    let create = step("create_configuration", json!({"delete_existing": true}));
    raid.run_step(&mut task, StepKind::Clean, &create)
        .await
        .unwrap();
    assert!(machine.bodies(&format!("POST {VOLUMES}")).is_empty());
    let info = task.node.driver_internal_info.to_value();
    assert_eq!(info["raid_configs"]["operation"], "delete");
    assert_eq!(
        info["skip_current_clean_step"], false,
        "the step runs again"
    );
    machine.change(VOLUMES, json!({"Members": []}));
    machine.change(TASK, json!({"TaskState": "Completed"}));
    let poll = raid.polls()[0];
    assert_eq!(raid.poll(&mut task, &poll).await.unwrap(), Polled::Done);
    raid.run_step(&mut task, StepKind::Clean, &create)
        .await
        .unwrap();
    assert_eq!(machine.bodies(&format!("POST {VOLUMES}")).len(), 1);
}

#[tokio::test]
async fn what_cannot_be_is_refused_before_anything_changes() {
    let machine = with_drives(FakeMachine::start().await).await;
    let mut task = TestTask::new(&machine.bmc.origin);
    let raid = task.set().raid.clone();
    for (disks, class) in [
        (
            json!([{"raid_level": "7", "size_gb": 1}]),
            Class::InvalidParameterValue,
        ),
        (
            json!([{"raid_level": "1", "size_gb": "MAX"}]),
            Class::InvalidParameterValue,
        ),
        (
            json!([{"raid_level": "1", "size_gb": 9000}]),
            Class::RedfishError,
        ),
    ] {
        task.node.target_raid_config = wanted(disks);
        let fault = raid
            .run_step(
                &mut task,
                StepKind::Clean,
                &step("create_configuration", json!({})),
            )
            .await
            .unwrap_err();
        assert_eq!(fault.class, class, "{fault}");
    }
    assert!(machine.bodies(&format!("POST {VOLUMES}")).is_empty());
    let scsi = wanted(json!([{"raid_level": "1", "size_gb": 1, "interface_type": "scsi"}]));
    assert_eq!(
        raid.validate_raid_config(&task, &scsi)
            .await
            .unwrap_err()
            .class,
        Class::InvalidParameterValue
    );
}
