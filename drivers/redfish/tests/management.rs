//! Management: boot devices and modes, secure boot, indicators, sensors, NMI, media, the clock.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod machine;
mod node;

use machine::{FakeMachine, SYSTEM};
use node::TestTask;
use schemas_model::Class;
use schemas_model::boot::{BootDevice, BootMode};
use schemas_model::health::Health;
use schemas_model::power::PowerState;
use schemas_model::step::{Step, StepKind};
use serde_json::json;

const PATCH: &str = "PATCH /redfish/v1/Systems/1";

fn step(name: &str) -> Step {
    serde_json::from_value(json!({"interface": "management", "step": name})).unwrap()
}

#[tokio::test]
async fn boot_devices_are_set_and_read_back() {
    let machine = FakeMachine::start().await;
    let mut task = TestTask::new(&machine.bmc.origin);
    let management = task.set().management.clone();
    management
        .set_boot_device(&mut task, BootDevice::Pxe, false)
        .await
        .unwrap();
    management
        .set_boot_device(&mut task, BootDevice::Cdrom, false)
        .await
        .unwrap();
    // What is in force already is not sent again.
    assert_eq!(
        machine.bodies(PATCH),
        [
            json!({"Boot": {"BootSourceOverrideTarget": "Pxe", "BootSourceOverrideEnabled": "Once"}}),
            json!({"Boot": {"BootSourceOverrideTarget": "Cd"}})
        ]
    );
    let current = management.boot_device(&mut task).await.unwrap();
    assert_eq!(
        (current.device, current.persistent),
        (Some(BootDevice::Cdrom), Some(false))
    );
    let fault = management
        .set_boot_device(&mut task, BootDevice::Safe, false)
        .await
        .unwrap_err();
    assert_eq!(fault.class, Class::InvalidParameterValue);
    let fault = management
        .set_boot_device(&mut task, BootDevice::Bios, false)
        .await
        .unwrap_err();
    assert!(
        fault.message.contains("the BMC allows Pxe, Cd, Hdd"),
        "{fault}"
    );
}

#[tokio::test]
async fn a_bmc_without_persistent_devices_is_told_before_each_boot() {
    let machine = FakeMachine::refusing(|line, body| {
        (line == PATCH && body["Boot"]["BootSourceOverrideEnabled"] == "Continuous")
            .then(|| (400, json!({"error": {"message": "no Continuous"}})))
    })
    .await;
    machine.change(
        SYSTEM,
        json!({"Boot": {"BootSourceOverrideEnabled": "Disabled"}}),
    );
    let mut task = TestTask::new(&machine.bmc.origin);
    task.set()
        .management
        .set_boot_device(&mut task, BootDevice::Pxe, true)
        .await
        .unwrap();
    assert_eq!(
        task.node
            .driver_internal_info
            .text_member("redfish_boot_device"),
        Some("pxe")
    );
    machine.change(SYSTEM, json!({"Boot": {"BootSourceOverrideEnabled": "Disabled", "BootSourceOverrideTarget": "None"}}));
    task.set()
        .power
        .set_power_state(&mut task, PowerState::On, None)
        .await
        .unwrap();
    assert_eq!(machine.at(SYSTEM, "/Boot/BootSourceOverrideTarget"), "Pxe");
    // Another device forgets it.
    task.set()
        .management
        .set_boot_device(&mut task, BootDevice::Disk, false)
        .await
        .unwrap();
    assert_eq!(
        task.node.driver_internal_info.member("redfish_boot_device"),
        None
    );
}

#[tokio::test]
async fn vendors_get_what_they_need() {
    let machine = FakeMachine::start().await;
    let mut task = TestTask::new(&machine.bmc.origin);
    task.node.properties.set("vendor", "AMI");
    task.set()
        .management
        .set_boot_device(&mut task, BootDevice::Pxe, true)
        .await
        .unwrap();
    assert_eq!(
        machine.bodies(PATCH),
        [
            json!({"Boot": {"BootSourceOverrideTarget": "Pxe", "BootSourceOverrideEnabled": "Continuous", "BootSourceOverrideMode": "UEFI"}})
        ]
    );
}

#[tokio::test]
async fn boot_mode_and_secure_boot() {
    let machine = FakeMachine::start().await;
    let mut task = TestTask::new(&machine.bmc.origin);
    let management = task.set().management.clone();
    assert_eq!(
        management.boot_mode(&mut task).await.unwrap(),
        Some(BootMode::Uefi)
    );
    assert_eq!(
        management
            .supported_boot_modes(&mut task)
            .await
            .unwrap()
            .len(),
        2
    );
    management.set_secure_boot(&mut task, true).await.unwrap();
    assert_eq!(management.secure_boot(&mut task).await.unwrap(), Some(true));
    management.set_secure_boot(&mut task, false).await.unwrap();
    management
        .set_boot_mode(&mut task, BootMode::Bios)
        .await
        .unwrap();
    assert_eq!(machine.at(SYSTEM, "/Boot/BootSourceOverrideMode"), "Legacy");
    let fault = management
        .set_secure_boot(&mut task, true)
        .await
        .unwrap_err();
    assert!(
        fault.message.contains("needs the boot mode 'uefi'"),
        "{fault}"
    );
    machine.change(SYSTEM, json!({"SecureBoot": null}));
    assert_eq!(
        management.secure_boot(&mut task).await.unwrap_err().class,
        Class::UnsupportedDriverExtension
    );
}

#[tokio::test]
async fn indicators() {
    let machine = FakeMachine::start().await;
    let mut task = TestTask::new(&machine.bmc.origin);
    let management = task.set().management.clone();
    let all = management
        .supported_indicators(&mut task, None)
        .await
        .unwrap();
    let names: Vec<_> = all
        .iter()
        .map(|(component, lights)| (component.as_str(), lights.keys().next().unwrap().as_str()))
        .collect();
    assert_eq!(
        names,
        [("chassis", "c-uuid"), ("disk", "1:a"), ("system", "s-uuid")]
    );
    management
        .set_indicator_state(&mut task, "system", "s-uuid", "blinking")
        .await
        .unwrap();
    assert_eq!(
        management
            .indicator_state(&mut task, "system", "s-uuid")
            .await
            .unwrap(),
        "blinking"
    );
    let fault = management
        .indicator_state(&mut task, "system", "other")
        .await
        .unwrap_err();
    assert_eq!(fault.class, Class::MissingParameterValue);
}

#[tokio::test]
async fn sensors_keep_their_shape_and_odd_ones_are_left_out() {
    let machine = FakeMachine::start().await;
    let mut task = TestTask::new(&machine.bmc.origin);
    let sensors = task
        .set()
        .management
        .sensors_data(&mut task)
        .await
        .unwrap()
        .to_value();
    assert_eq!(sensors["Fan"]["0@1"]["reading"], 2100);
    assert_eq!(sensors["Fan"]["0@1"]["state"], "Enabled");
    assert_eq!(sensors["Temperature"]["0@1"]["reading_celsius"], 41.5);
    assert_eq!(sensors["Temperature"].as_object().unwrap().len(), 1);
    assert_eq!(sensors["Power"]["0:Power@1"]["power_capacity_watts"], 800);
    assert_eq!(
        sensors["Drive"]["Drive a:1@1"],
        json!({"name": "Drive a", "model": "M", "capacity_bytes": 107_374_182_400_i64, "state": "Enabled", "health": "OK"})
    );
    assert_eq!(
        sensors["Extra"],
        json!({"Manufacturer": "Sushy Emulator", "Model": "M1", "UUID": "s-uuid"})
    );
}

#[tokio::test]
async fn nmi_vendor_health_and_addresses() {
    let machine = FakeMachine::start().await;
    let mut task = TestTask::new(&machine.bmc.origin);
    let management = task.set().management.clone();
    management.inject_nmi(&mut task).await.unwrap();
    assert_eq!(
        machine.bodies("POST /redfish/v1/Systems/1/Actions/ComputerSystem.Reset"),
        [json!({"ResetType": "Nmi"})]
    );
    assert_eq!(
        management
            .detect_vendor(&mut task)
            .await
            .unwrap()
            .as_deref(),
        Some("Sushy Emulator")
    );
    assert_eq!(
        management.health(&mut task).await.unwrap(),
        Some(Health::Ok)
    );
    assert_eq!(
        management.mac_addresses(&mut task).await.unwrap(),
        ["52:54:00:77:00:aa"]
    );
}

#[tokio::test]
async fn virtual_media() {
    let machine = FakeMachine::start().await;
    let mut task = TestTask::new(&machine.bmc.origin);
    task.configure(|config| config.redfish.enable_vmedia_insert_polling = true);
    let management = task.set().management.clone();
    management
        .attach_virtual_media(&mut task, BootDevice::Cdrom, "http://images/a.iso")
        .await
        .unwrap();
    management
        .attach_virtual_media(&mut task, BootDevice::Cdrom, "http://images/b.iso")
        .await
        .unwrap();
    let media = management.virtual_media(&mut task).await.unwrap();
    assert_eq!(
        media[0],
        json!({"media_types": ["CD", "DVD"], "inserted": true, "image": "http://images/b.iso"})
    );
    management
        .detach_virtual_media(&mut task, &[])
        .await
        .unwrap();
    assert_eq!(
        machine.at("/redfish/v1/Systems/1/VirtualMedia/Cd", "/Inserted"),
        false
    );
    let fault = management
        .attach_virtual_media(&mut task, BootDevice::Pxe, "http://images/a.iso")
        .await
        .unwrap_err();
    assert_eq!(fault.class, Class::InvalidParameterValue);
}

#[tokio::test]
async fn the_clock_is_verified_and_set() {
    let machine = FakeMachine::start().await;
    let mut task = TestTask::new(&machine.bmc.origin);
    let management = task.set().management.clone();
    management
        .run_step(&mut task, StepKind::Verify, &step("verify_bmc_clock"))
        .await
        .unwrap();
    assert_eq!(
        machine.at("/redfish/v1/Managers/1", "/DateTime"),
        "2020-01-01T00:00:00+00:00"
    );
    task.configure(|config| config.redfish.enable_verify_bmc_clock = true);
    management
        .run_step(&mut task, StepKind::Verify, &step("verify_bmc_clock"))
        .await
        .unwrap();
    assert_ne!(
        machine.at("/redfish/v1/Managers/1", "/DateTime"),
        "2020-01-01T00:00:00+00:00"
    );
    let mut wanted = step("set_bmc_clock");
    wanted.args = Some(
        serde_json::from_value(json!({"target_datetime": "2024-02-03T04:05:06+00:00"})).unwrap(),
    );
    management
        .run_step(&mut task, StepKind::Clean, &wanted)
        .await
        .unwrap();
    assert_eq!(
        machine.at("/redfish/v1/Managers/1", "/DateTime"),
        "2024-02-03T04:05:06+00:00"
    );
}

#[tokio::test]
async fn an_indicator_that_can_not_be_asked_after_is_not_called_unknown() {
    let machine = FakeMachine::refusing(|line, _| {
        line.starts_with("GET /redfish/v1/Chassis/")
            .then(|| (500, json!({})))
    })
    .await;
    let mut task = TestTask::new(&machine.bmc.origin);
    let management = task.set().management.clone();
    let fault = management
        .indicator_state(&mut task, "chassis", "c-uuid")
        .await
        .unwrap_err();
    assert_eq!(fault.class, Class::RedfishError, "{fault}");
    let others = management
        .supported_indicators(&mut task, None)
        .await
        .unwrap();
    assert!(others.contains_key("system") && !others.contains_key("chassis"));
}
