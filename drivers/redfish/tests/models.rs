//! Every interface against a simulated BMC of every make, and against BMCs that misbehave.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod node;

use std::time::{Duration, Instant};

use drivers_interface::{Interface, Outcome, Polled};
use drivers_sim::redfish::model::MODELS;
use drivers_sim::redfish::{Bug, Model, RedfishBmc, model};
use node::TestTask;
use schemas_model::boot::{BootDevice, BootMode};
use schemas_model::power::PowerState;
use schemas_model::step::{Step, StepKind};
use schemas_model::{Class, Fault, Object};
use serde_json::{Value, json};
use tokio::task::JoinSet;

/// A machine and a node of it that is being cleaned without a ramdisk.
async fn machine(model: &'static Model) -> (RedfishBmc, TestTask) {
    let bmc = RedfishBmc::start(model).await.unwrap();
    let mut task = TestTask::with(json!({
        "redfish_address": bmc.origin(), "redfish_username": "admin", "redfish_password": "password"}));
    task.node.properties.set("vendor", model.manufacturer);
    task.node.clean_step = Object::from_text(r#"{"step": "x"}"#);
    let info = &mut task.node.driver_internal_info;
    info.set("cleaning_disable_ramdisk", true);
    task.configure(|config| {
        config.redfish.connect_timeout = 1;
        config.redfish.read_timeout = 1;
        config.redfish.connection_attempts = 1;
        config.redfish.firmware_update_required_successes = 1;
        config.redfish.firmware_update_validation_interval = 1;
        config.redfish.firmware_update_resource_validation_timeout = 5;
        config.redfish.firmware_update_reboot_delay = 0;
        config.redfish.firmware_update_bmc_version_check_interval = 0;
    });
    (bmc, task)
}

fn step(name: &str, args: Value) -> Step {
    serde_json::from_value(json!({"step": name, "args": args})).unwrap()
}

/// Polls until the step can go on; the pauses stand for the periodic task's.
async fn until_done(task: &mut TestTask, interface: &dyn Interface) -> Result<(), Fault> {
    let poll = interface.polls()[0];
    for _ in 0..40 {
        if interface.poll(task, &poll).await? == Polled::Done {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{} never ends", poll.name);
}

/// Runs a step with all that follows it.
async fn carry_out(
    task: &mut TestTask,
    interface: &dyn Interface,
    step: &Step,
) -> Result<(), Fault> {
    for _ in 0..3 {
        let outcome = interface.run_step(task, StepKind::Clean, step).await?;
        if outcome == Outcome::Done {
            return Ok(());
        }
        until_done(task, interface).await?;
        let again = task
            .node
            .driver_internal_info
            .unset("skip_current_clean_step");
        if again != Some(json!(false)) {
            return Ok(());
        }
    }
    panic!("{} runs again and again", step.step);
}

#[tokio::test]
async fn power_and_boot_device_of_every_make() {
    for model in MODELS {
        let (bmc, mut task) = machine(model).await;
        let set = task.set();
        set.power
            .set_power_state(&mut task, PowerState::On, None)
            .await
            .unwrap_or_else(|fault| panic!("{}: {fault}", model.name));
        assert!(bmc.is_on(), "{}", model.name);
        set.management
            .set_boot_device(&mut task, BootDevice::Cdrom, false)
            .await
            .unwrap_or_else(|fault| panic!("{}: {fault}", model.name));
        let device = set.management.boot_device(&mut task).await.unwrap();
        assert_eq!(device.device, Some(BootDevice::Cdrom), "{}", model.name);
        set.power.reboot(&mut task, None).await.unwrap();
        assert!(bmc.is_on(), "{}", model.name);
        assert_eq!(
            set.management.boot_mode(&mut task).await.unwrap(),
            Some(BootMode::Uefi),
            "{}",
            model.name
        );
    }
}

#[tokio::test]
async fn bios_settings_of_every_make() {
    for model in MODELS {
        let (bmc, mut task) = machine(model).await;
        bmc.set_power(true);
        let bios = task.set().bios.clone();
        bios.cache_bios_settings(&mut task).await.unwrap();
        // An enumeration with another value than the one in force.
        let setting = task
            .bios_settings
            .iter()
            .find(|setting| setting.read_only != Some(true) && setting.allowable_values.len() > 1)
            .unwrap_or_else(|| panic!("{} has no choice", model.name))
            .clone();
        let current = setting.value.clone().unwrap();
        let other = setting
            .allowable_values
            .iter()
            .find(|value| **value != current)
            .unwrap()
            .clone();
        let args = json!({"settings": [{"name": setting.name, "value": other}]});
        carry_out(&mut task, &*bios, &step("apply_configuration", args))
            .await
            .unwrap_or_else(|fault| panic!("{}: {fault}", model.name));
        let value = |task: &TestTask| {
            let cached = task.bios_settings.iter();
            let cached = cached.clone().find(|cached| cached.name == setting.name);
            cached.and_then(|cached| cached.value.clone())
        };
        assert_eq!(value(&task).as_ref(), Some(&other), "{}", model.name);
        carry_out(&mut task, &*bios, &step("factory_reset", json!({})))
            .await
            .unwrap_or_else(|fault| panic!("{}: {fault}", model.name));
        assert_eq!(value(&task), Some(current), "{}", model.name);
    }
}

#[tokio::test]
async fn volumes_of_every_make() {
    for model in MODELS.into_iter().filter(|model| model.name != "huawei") {
        let (bmc, mut task) = machine(model).await;
        bmc.set_power(true);
        let raid = task.set().raid.clone();
        task.node.target_raid_config = serde_json::from_value(json!({"logical_disks": [
            {"raid_level": "1", "size_gb": 100, "is_root_volume": true, "disk_type": "ssd"},
            {"raid_level": "5", "size_gb": 500, "disk_type": "hdd"}]}))
        .unwrap();
        let create = step("create_configuration", json!({"delete_existing": true}));
        // Once with nothing to delete, once over what was made.
        for _ in 0..2 {
            carry_out(&mut task, &*raid, &create)
                .await
                .unwrap_or_else(|fault| panic!("{}: {fault}", model.name));
            let made = task.node.raid_config.to_value();
            let levels: Vec<&str> = made["logical_disks"]
                .as_array()
                .unwrap()
                .iter()
                .map(|disk| disk["raid_level"].as_str().unwrap())
                .collect();
            // The last one of those that name no disks is made first, as by Ironic.
            assert_eq!(levels, ["5", "1"], "{}", model.name);
        }
        carry_out(&mut task, &*raid, &step("delete_configuration", json!({})))
            .await
            .unwrap_or_else(|fault| panic!("{}: {fault}", model.name));
        let left = task.node.raid_config.to_value();
        assert_eq!(left["logical_disks"], json!([]), "{}", model.name);
    }
}

#[tokio::test]
async fn inspection_readings_and_media_of_every_make() {
    for model in MODELS {
        let (bmc, mut task) = machine(model).await;
        let set = task.set();
        if model.name != "huawei" {
            set.inspect
                .inspect_hardware(&mut task)
                .await
                .unwrap_or_else(|fault| panic!("{}: {fault}", model.name));
            assert_eq!(task.ports.len(), 2, "{}", model.name);
            assert_eq!(
                task.node.properties.member("memory_mb"),
                Some(&json!(96 * 1024)),
                "{}",
                model.name
            );
        }
        let sensors = set.management.sensors_data(&mut task).await.unwrap();
        for group in ["Fan", "Temperature", "Power"] {
            let readings = sensors.to_value()[group].clone();
            assert!(
                readings
                    .as_object()
                    .is_some_and(|readings| !readings.is_empty()),
                "{}: no {group}",
                model.name
            );
        }
        set.management
            .attach_virtual_media(&mut task, BootDevice::Cdrom, "http://192.0.2.1/a.iso")
            .await
            .unwrap_or_else(|fault| panic!("{}: {fault}", model.name));
        set.management
            .detach_virtual_media(&mut task, &[])
            .await
            .unwrap_or_else(|fault| panic!("{}: {fault}", model.name));
        let lights = set
            .management
            .supported_indicators(&mut task, None)
            .await
            .unwrap();
        let (component, lights) = lights
            .iter()
            .next()
            .unwrap_or_else(|| panic!("{} has no lights", model.name));
        let light = lights.keys().next().unwrap();
        set.management
            .set_indicator_state(&mut task, component, light, "on")
            .await
            .unwrap_or_else(|fault| panic!("{}: {fault}", model.name));
        let state = set
            .management
            .indicator_state(&mut task, component, light)
            .await
            .unwrap();
        assert_eq!(state, "on", "{}", model.name);
        drop(bmc);
    }
}

/// The readings of a machine of this model, with the ids of sensors and resources cut off the names.
async fn readings(bmc: &RedfishBmc, task: &mut TestTask) -> Value {
    let sensors = task.set().management.sensors_data(task).await.unwrap();
    let mut sensors = sensors.to_value();
    for group in ["Fan", "Temperature", "Power"] {
        let readings = sensors[group].as_object().unwrap_or_else(|| {
            panic!("{}: no {group}", bmc.model().name);
        });
        let mut readings: Vec<Value> = readings.values().cloned().collect();
        for reading in &mut readings {
            let reading = reading.as_object_mut().unwrap();
            reading.remove("identity");
            reading.remove("sensor_number");
        }
        readings.sort_by_key(Value::to_string);
        sensors[group] = json!(readings);
    }
    sensors
}

#[tokio::test]
async fn readings_are_the_same_in_the_older_and_the_newer_resources() {
    let (older, mut task) = machine(&model::GENERIC).await;
    let told = readings(&older, &mut task).await;
    let (newer, mut task) = machine(&model::OPENBMC).await;
    let also = readings(&newer, &mut task).await;
    for group in ["Fan", "Temperature", "Power"] {
        assert_eq!(told[group], also[group]);
        assert_eq!(told[group].as_array().unwrap().len(), 2);
    }
    let asked = newer.lines();
    assert!(asked.iter().all(|line| !line.ends_with("/Thermal")));
    let names = task.set().management.sensors_data(&mut task).await.unwrap();
    let names = names.to_value();
    assert_eq!(names["Fan"]["Fan1@chassis"]["reading_units"], "RPM");
    assert_eq!(
        names["Temperature"]["CPU1Temp@chassis"]["reading_celsius"],
        41.5
    );
    let supply = &names["Power"]["PSU1:PowerSubsystem@chassis"];
    assert_eq!(supply["last_power_output_watts"], 112);
}

#[tokio::test]
async fn readings_come_from_what_there_is() {
    // No metrics of temperatures: the sensors themselves.
    let (bmc, mut task) = machine(&model::OPENBMC).await;
    let subsystem = format!("{}/ThermalSubsystem", bmc.chassis());
    bmc.remove(&format!("{subsystem}/ThermalMetrics"));
    let told = readings(&bmc, &mut task).await;
    assert_eq!(told["Temperature"].as_array().unwrap().len(), 2);
    // No list of fans either, and no sensors: the chassis's environment.
    bmc.remove(&format!("{}/Sensors", bmc.chassis()));
    bmc.remove(&format!("{subsystem}/Fans"));
    let told = readings(&bmc, &mut task).await;
    let fans = told["Fan"].as_array().unwrap();
    assert_eq!((fans.len(), &fans[0]["reading_units"]), (2, &json!("RPM")));
    assert_eq!(told["Temperature"][0]["reading_celsius"], 22);
    // A link that is dead, and an older resource without anything in it.
    let (bmc, mut task) = machine(&model::DELL).await;
    bmc.remove(&format!("{}/Power", bmc.chassis()));
    let thermal = format!("{}/Thermal", bmc.chassis());
    bmc.set(&thermal, "/Fans", json!([]));
    bmc.set(&thermal, "/Temperatures", json!([]));
    let told = readings(&bmc, &mut task).await;
    for group in ["Fan", "Temperature", "Power"] {
        assert_eq!(told[group].as_array().unwrap().len(), 2, "{group}");
    }
}

#[tokio::test]
async fn odd_sensors_are_left_out_and_their_number_is_bounded() {
    let (bmc, mut task) = machine(&model::OPENBMC).await;
    let fans = format!("{}/ThermalSubsystem/Fans", bmc.chassis());
    bmc.set(&format!("{fans}/Fan1"), "/SpeedPercent", json!("fast"));
    bmc.on(Bug::Truncated.at(&format!("{fans}/Fan2")));
    bmc.on(Bug::WrongTypes.at(&format!("{}/Sensors/InletTemp", bmc.chassis())));
    let told = readings(&bmc, &mut task).await;
    // What breaks the connection ends its group, and no other.
    assert_eq!(told["Power"].as_array().unwrap().len(), 2);
    bmc.heal();
    bmc.set(&format!("{fans}/Fan1"), "/SpeedPercent", json!("fast"));
    bmc.on(Bug::WrongTypes.at(&format!("{}/Sensors/InletTemp", bmc.chassis())));
    let told = readings(&bmc, &mut task).await;
    assert_eq!(told["Temperature"].as_array().unwrap().len(), 2);
    for bug in [Bug::ManyMembers(100_000), Bug::EndlessPages, Bug::IdLoop] {
        bmc.heal();
        bmc.forget_seen();
        bmc.on(bug.clone().at(&bmc.chassis()));
        let told = readings(&bmc, &mut task).await;
        assert_eq!(told["Fan"], json!([]), "{bug:?}");
        assert!(bmc.seen().len() < 200, "{bug:?}: {}", bmc.seen().len());
    }
}

#[tokio::test]
async fn firmware_of_every_make_over_restarts_of_bmc_and_machine() {
    let mut stories = JoinSet::new();
    for model in MODELS.into_iter().filter(|model| model.name != "huawei") {
        for restarts in [false, true] {
            stories.spawn(update_bmc_and_bios(model, restarts));
        }
    }
    stories.join_all().await;
}

async fn update_bmc_and_bios(model: &'static Model, restarts: bool) {
    let (bmc, mut task) = machine(model).await;
    bmc.set_power(true);
    if restarts {
        bmc.on(Bug::RebootDuringUpdate);
    }
    let firmware = task.set().firmware.clone();
    let settings = json!({"settings": [
        {"component": "bmc", "url": "http://192.0.2.1/bmc-2.5.bin"},
        {"component": "bios", "url": "http://192.0.2.1/bios-3.0.bin"}]});
    carry_out(&mut task, &*firmware, &step("update", settings))
        .await
        .unwrap_or_else(|fault| panic!("{}: {fault}", model.name));
    let version = |name: &str| {
        let mut components = task.firmware.iter();
        let found = components.find(|component| component.component == name);
        found.and_then(|component| component.current_version.clone())
    };
    let found = (version("bmc"), version("bios"));
    let wanted = (Some("2.5".to_owned()), Some("3.0".to_owned()));
    assert_eq!(found, wanted, "{} restarts: {restarts}", model.name);
    let left = task.node.driver_internal_info.member("redfish_fw_updates");
    assert!(left.is_none());
}

#[tokio::test]
async fn failing_tasks_fail_their_step() {
    let (bmc, mut task) = machine(&model::DELL).await;
    bmc.on(Bug::FailingTasks);
    let firmware = task.set().firmware.clone();
    let settings =
        json!({"settings": [{"component": "bmc", "url": "http://192.0.2.1/bmc-2.5.bin"}]});
    let fault = carry_out(&mut task, &*firmware, &step("update", settings))
        .await
        .unwrap_err();
    assert_eq!(fault.class, Class::RedfishError);
    assert!(fault.message.contains(bmc.origin()), "{fault}");
}

#[tokio::test]
async fn busy_and_changed_resources_are_asked_again() {
    let (bmc, mut task) = machine(&model::HPE).await;
    task.configure(|config| {
        config.redfish.connection_attempts = 5;
        config.redfish.connection_retry_interval = 0;
    });
    let set = task.set();
    bmc.on(Bug::Busy.times(4));
    set.power.power_state(&mut task).await.unwrap();
    bmc.on(Bug::Changed.times(1).on("PATCH"));
    set.management
        .set_boot_device(&mut task, BootDevice::Pxe, false)
        .await
        .unwrap();
    bmc.on(Bug::Unauthorized.times(1));
    set.power.power_state(&mut task).await.unwrap();
}

#[tokio::test]
async fn a_power_state_that_never_settles_is_an_error_in_time() {
    let (bmc, mut task) = machine(&model::GENERIC).await;
    bmc.on(Bug::AlternatingPower);
    let power = task.set().power.clone();
    let before = Instant::now();
    let patience = Some(Duration::from_secs(2));
    // It may be caught in the wanted state; it must not hang.
    let _ = power
        .set_power_state(&mut task, PowerState::On, patience)
        .await;
    assert!(before.elapsed() < Duration::from_secs(8));
}

/// Every misbehaviour that can't be overcome ends in a typed error that names node and BMC, within
/// the deadline, and holds no secret.
#[tokio::test]
async fn misbehaviour_ends_in_an_error_in_time() {
    let elsewhere = RedfishBmc::start(&model::GENERIC).await.unwrap();
    let bugs = [
        Bug::Silent,
        Bug::Drip(Duration::from_millis(400)),
        Bug::Reset,
        Bug::Truncated,
        Bug::Huge,
        Bug::Deep,
        Bug::Html,
        Bug::WrongTypes,
        Bug::Redirect(format!("{}/redfish/v1/", elsewhere.origin())),
        Bug::InternalError,
        Bug::Busy,
    ];
    let mut stories = JoinSet::new();
    for bug in bugs {
        stories.spawn(meet(bug));
    }
    stories.join_all().await;
    assert!(elsewhere.seen().is_empty(), "nobody is sent elsewhere");
}

async fn meet(bug: Bug) {
    let (bmc, mut task) = machine(&model::GENERIC).await;
    bmc.on(bug.clone());
    let before = Instant::now();
    let power = task.set().power.clone();
    let fault = power.power_state(&mut task).await.unwrap_err();
    let took = before.elapsed();
    assert!(took < Duration::from_secs(9), "{bug:?} took {took:?}");
    assert!(fault.is_a(Class::RedfishError), "{bug:?}: {}", fault.class);
    for part in [task.node.uuid.as_str(), bmc.origin()] {
        assert!(fault.message.contains(part), "{bug:?}: {fault}");
    }
    assert!(!fault.message.contains("password\""), "{bug:?}: {fault}");
}

#[tokio::test]
async fn collections_without_an_end_are_given_up() {
    for bug in [Bug::IdLoop, Bug::EndlessPages, Bug::ManyMembers(100_000)] {
        let (bmc, mut task) = machine(&model::GENERIC).await;
        bmc.on(bug.clone());
        let power = task.set().power.clone();
        let fault = power.power_state(&mut task).await.unwrap_err();
        assert!(fault.is_a(Class::RedfishError), "{bug:?}: {fault}");
        assert!(bmc.seen().len() < 100, "{bug:?}: {}", bmc.seen().len());
    }
}

#[tokio::test]
async fn the_bmc_restarts_and_asks_other_time_servers() {
    let (bmc, mut task) = machine(&model::LENOVO).await;
    let management = task.set().management.clone();
    let servers = json!({"servers": ["192.0.2.123", "time.example.com"]});
    carry_out(
        &mut task,
        &*management,
        &step("set_bmc_ntp_servers", servers),
    )
    .await
    .unwrap();
    let protocol = format!("{}/NetworkProtocol", bmc.manager());
    assert_eq!(
        bmc.at(&protocol, "/NTP/NTPServers"),
        json!(["192.0.2.123", "time.example.com"])
    );
    assert_eq!(bmc.at(&protocol, "/NTP/ProtocolEnabled"), true);
    let refused = json!({"servers": ["a b"]});
    let fault = carry_out(
        &mut task,
        &*management,
        &step("set_bmc_ntp_servers", refused),
    )
    .await
    .unwrap_err();
    assert_eq!(fault.class, Class::InvalidParameterValue);
    let force = json!({"force": true});
    carry_out(&mut task, &*management, &step("reset_bmc", force))
        .await
        .unwrap();
    assert_eq!(bmc.sessions(), 0, "a restart forgets sessions");
}
