//! RAID: volumes created, recorded and deleted; at once, or with a start of the machine.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod machine;
mod node;

use drivers_interface::Outcome;
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

#[tokio::test]
async fn a_controller_that_needs_a_start_gets_one() {
    let machine = FakeMachine::refusing(|line, _| {
        (line == format!("POST {VOLUMES}")).then(|| (202, json!({})))
    })
    .await;
    let machine = with_drives(machine).await;
    machine.change(
        VOLUMES,
        json!({"@Redfish.OperationApplyTimeSupport": {"SupportedValues": ["OnReset"]}}),
    );
    let mut task = TestTask::new(&machine.bmc.origin);
    let raid = task.set().raid.clone();
    // A 202 without a monitor can't be followed: it counts as done.
    task.node.target_raid_config = wanted(json!([{"raid_level": "1", "size_gb": 100}]));
    raid.run_step(
        &mut task,
        StepKind::Clean,
        &step("create_configuration", json!({})),
    )
    .await
    .unwrap();
    assert_eq!(
        machine.bodies(&format!("POST {VOLUMES}"))[0]["@Redfish.OperationApplyTime"],
        "OnReset"
    );

    // After the reboot, the step looks at its tasks.
    machine.change(
        "/redfish/v1/TaskService/Tasks/7",
        json!({"TaskState": "Running"}),
    );
    task.node.driver_internal_info.set(
        "raid_configs",
        json!({"operation": "create", "task_monitor_uri": ["/redfish/v1/TaskService/Tasks/7"]}),
    );
    let outcome = raid
        .run_step(
            &mut task,
            StepKind::Clean,
            &step("create_configuration", json!({})),
        )
        .await
        .unwrap();
    assert!(outcome.is_wait());
    assert_eq!(
        task.node
            .driver_internal_info
            .member("skip_current_clean_step"),
        Some(&json!(false))
    );
    machine.change(
        "/redfish/v1/TaskService/Tasks/7",
        json!({"TaskState": "Exception", "Messages": [{"Message": "drive failed"}]}),
    );
    let fault = raid
        .run_step(
            &mut task,
            StepKind::Clean,
            &step("create_configuration", json!({})),
        )
        .await
        .unwrap_err();
    assert!(
        fault.message.contains("drive failed") && fault.message.contains(&machine.bmc.origin),
        "{fault}"
    );
    assert_eq!(task.node.driver_internal_info.member("raid_configs"), None);
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
