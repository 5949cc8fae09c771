//! BIOS settings, firmware components and inspection.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod machine;
mod node;

use drivers_interface::{Outcome, Polled};
use machine::{FakeMachine, SYSTEM};
use node::TestTask;
use schemas_model::Class;
use schemas_model::step::{Step, StepKind};
use serde_json::{Value, json};

fn apply(settings: Value) -> Step {
    serde_json::from_value(
        json!({"interface": "bios", "step": "apply_configuration", "args": {"settings": settings}}),
    )
    .unwrap()
}

#[tokio::test]
async fn settings_are_cached_with_their_registry() {
    let machine = FakeMachine::start().await;
    let mut task = TestTask::new(&machine.bmc.origin);
    task.set()
        .bios
        .cache_bios_settings(&mut task)
        .await
        .unwrap();
    let cores = task
        .bios_settings
        .iter()
        .find(|setting| setting.name == "NumCores")
        .unwrap();
    assert_eq!(
        (
            cores.value.as_deref(),
            cores.upper_bound,
            cores.attribute_type.as_deref()
        ),
        (Some("10"), Some(10), Some("Integer"))
    );
    assert_eq!(task.bios_settings.len(), 3);
    machine.change(SYSTEM, json!({"Bios": null}));
    let fault = task
        .set()
        .bios
        .cache_bios_settings(&mut task)
        .await
        .unwrap_err();
    assert_eq!(fault.class, Class::UnsupportedDriverExtension);
}

#[tokio::test]
async fn with_a_ramdisk_the_step_is_finished_by_the_next_heartbeat() {
    let machine = FakeMachine::start().await;
    let mut task = TestTask::new(&machine.bmc.origin);
    let bios = task.set().bios.clone();
    let step = apply(json!([{"name": "NumCores", "value": "8"}]));
    let outcome = bios
        .run_step(&mut task, StepKind::Clean, &step)
        .await
        .unwrap();
    assert!(outcome.is_wait());
    let info = task.node.driver_internal_info.to_value();
    assert_eq!(
        info["redfish_bios_state"],
        json!({"reboot_requested": true, "requested_bios_attrs": {"NumCores": 8}})
    );
    assert_eq!(
        (&info["cleaning_reboot"], &info["skip_current_clean_step"]),
        (&json!(true), &json!(false))
    );
    // The machine has started, the agent is back.
    assert_eq!(
        bios.run_step(&mut task, StepKind::Clean, &step)
            .await
            .unwrap(),
        Outcome::Done
    );
    assert_eq!(
        task.node.driver_internal_info.member("redfish_bios_state"),
        None
    );
    assert!(
        task.bios_settings
            .iter()
            .any(|setting| setting.name == "NumCores" && setting.value.as_deref() == Some("8"))
    );
    // Once more: nothing to do, no reboot.
    let reboots = machine
        .bodies("POST /redfish/v1/Systems/1/Actions/ComputerSystem.Reset")
        .len();
    assert_eq!(
        bios.run_step(&mut task, StepKind::Clean, &step)
            .await
            .unwrap(),
        Outcome::Done
    );
    assert_eq!(
        machine
            .bodies("POST /redfish/v1/Systems/1/Actions/ComputerSystem.Reset")
            .len(),
        reboots
    );
}

#[tokio::test]
async fn without_a_ramdisk_the_poll_finishes_the_step() {
    let machine = FakeMachine::start().await;
    let mut task = TestTask::new(&machine.bmc.origin);
    task.node
        .driver_internal_info
        .set("cleaning_disable_ramdisk", true);
    let bios = task.set().bios.clone();
    let step = apply(json!([{"name": "QuietBoot", "value": "false"}]));
    let outcome = bios
        .run_step(&mut task, StepKind::Clean, &step)
        .await
        .unwrap();
    assert!(outcome.is_wait());
    let info = &task.node.driver_internal_info;
    assert_eq!(info.member("cleaning_polling"), Some(&json!(true)));
    let poll = bios.polls()[0];
    assert!(info.member(poll.marker).is_some());
    // The firmware still tests the machine; then the settings are in force, but the BMC is away.
    let progress = |state: &str| json!({"BootProgress": {"LastState": state}});
    machine.change(SYSTEM, progress("MemoryInitializationStarted"));
    let polled = bios.poll(&mut task, &poll).await.unwrap();
    assert_eq!(polled, Polled::Busy);
    machine.change(SYSTEM, progress("OSRunning"));
    machine.change(
        &format!("{SYSTEM}/Bios"),
        json!({"Attributes": {"QuietBoot": "true"}}),
    );
    let polled = bios.poll(&mut task, &poll).await.unwrap();
    assert_eq!(polled, Polled::Busy, "the setting is not in force yet");
    machine.change(
        &format!("{SYSTEM}/Bios"),
        json!({"Attributes": {"QuietBoot": "false"}}),
    );
    let polled = bios.poll(&mut task, &poll).await.unwrap();
    assert_eq!(polled, Polled::Done);
    // The flow runs the step again, which sees that all is done.
    let outcome = bios
        .run_step(&mut task, StepKind::Clean, &step)
        .await
        .unwrap();
    assert_eq!(outcome, Outcome::Done);
    assert_eq!(
        bios.poll(&mut task, &poll).await.unwrap(),
        Polled::Silent,
        "nothing is left to ask after"
    );
}

#[tokio::test]
async fn settings_that_do_not_fit_change_nothing() {
    let machine = FakeMachine::start().await;
    let mut task = TestTask::new(&machine.bmc.origin);
    let fault = task
        .set()
        .bios
        .run_step(
            &mut task,
            StepKind::Clean,
            &apply(json!([{"name": "NumCores", "value": 99}])),
        )
        .await
        .unwrap_err();
    assert!(fault.message.contains("NumCores"), "{fault}");
    assert!(
        machine
            .bodies("PATCH /redfish/v1/Systems/1/Bios/Settings")
            .is_empty()
    );
}

#[tokio::test]
async fn firmware_versions_are_cached() {
    let machine = FakeMachine::start().await;
    let mut task = TestTask::new(&machine.bmc.origin);
    task.set()
        .firmware
        .cache_firmware_components(&mut task)
        .await
        .unwrap();
    let found: Vec<_> = task
        .firmware
        .iter()
        .map(|component| {
            (
                component.component.as_str(),
                component.current_version.as_deref().unwrap(),
            )
        })
        .collect();
    assert_eq!(found, [("bios", "1.0.0"), ("bmc", "1.00")]);
}

#[tokio::test]
async fn inspection_fills_in_properties_ports_and_inventory() {
    let machine = FakeMachine::start().await;
    let mut task = TestTask::new(&machine.bmc.origin);
    assert_eq!(
        task.set()
            .inspect
            .inspect_hardware(&mut task)
            .await
            .unwrap(),
        Outcome::Done
    );
    assert_eq!(
        task.node.properties.to_value(),
        json!({"cpu_arch": "x86_64", "local_gb": 99, "memory_mb": 98304, "capabilities": "boot_mode:uefi"})
    );
    assert_eq!(task.ports, ["52:54:00:77:00:aa", "52:54:00:77:00:bb"]);
    let inventory = task.inventory.to_value();
    assert_eq!(
        inventory["cpu"],
        json!({"count": 16, "architecture": "x86_64", "model_name": "CPU", "frequency": 3700})
    );
    assert_eq!(
        inventory["interfaces"][0],
        json!({"mac_address": "52:54:00:77:00:aa", "name": "1", "speed_mbps": 10000})
    );
    assert_eq!(inventory["boot"], json!({"current_boot_mode": "uefi"}));
    assert_eq!(inventory["disks"][0]["rotational"], false);
}

#[tokio::test]
async fn inspection_without_the_essentials_fails() {
    let machine = FakeMachine::start().await;
    machine.change(SYSTEM, json!({"MemorySummary": null}));
    let mut task = TestTask::new(&machine.bmc.origin);
    let fault = task
        .set()
        .inspect
        .inspect_hardware(&mut task)
        .await
        .unwrap_err();
    assert_eq!(fault.class, Class::HardwareInspectionFailure);
    assert!(fault.message.contains("memory_mb"), "{fault}");
}
