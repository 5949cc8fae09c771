//! All interfaces against a simulated iBMC: `/Storages`, required ETags, tasks.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod machine;
#[path = "../../redfish/tests/node/mod.rs"]
mod node;

use drivers_interface::{HttpMethod, Outcome};
use drivers_sim::redfish::{Bug, RedfishBmc, model};
use machine::{node_of, raid, wanted};
use node::TestTask;
use schemas_model::boot::{BootDevice, BootMode};
use schemas_model::power::PowerState;
use schemas_model::step::{Step, StepKind};
use schemas_model::{Class, Object};
use serde_json::{Value, json};

async fn ibmc() -> (RedfishBmc, TestTask) {
    let bmc = RedfishBmc::start(&model::HUAWEI).await.unwrap();
    let task = node_of(&bmc, "password");
    (bmc, task)
}

#[tokio::test]
async fn power_in_the_words_of_an_ibmc() {
    let (bmc, mut task) = ibmc().await;
    let power = task.set().power.clone();
    assert_eq!(
        power.power_state(&mut task).await.unwrap(),
        Some(PowerState::Off)
    );
    for state in [PowerState::On, PowerState::SoftOff, PowerState::On] {
        power.set_power_state(&mut task, state, None).await.unwrap();
    }
    assert_eq!(bmc.resets(), ["On", "GracefulShutdown", "On"]);
    let states = power.supported_power_states(&task);
    assert!(states.contains(&PowerState::SoftReboot));
    let management = task.set().management.clone();
    management.inject_nmi(&mut task).await.unwrap();
    assert_eq!(bmc.resets().last().unwrap(), "Nmi");
    assert_eq!(bmc.sessions(), 1, "one session is enough for all");
}

#[tokio::test]
async fn boot_devices_and_modes_are_sent_whole() {
    let (bmc, mut task) = ibmc().await;
    let management = task.set().management.clone();
    let devices = management.supported_boot_devices(&mut task).await.unwrap();
    assert!(devices.contains(&BootDevice::Floppy) && !devices.contains(&BootDevice::UefiHttp));
    management
        .set_boot_device(&mut task, BootDevice::Pxe, true)
        .await
        .unwrap();
    let boot = bmc.bodies("PATCH", &bmc.system())[0]["Boot"].clone();
    for member in ["Target", "Enabled", "Mode"] {
        assert!(
            boot[format!("BootSourceOverride{member}")].is_string(),
            "{boot}"
        );
    }
    let current = management.boot_device(&mut task).await.unwrap();
    assert_eq!(
        (current.device, current.persistent),
        (Some(BootDevice::Pxe), Some(true))
    );
    management
        .set_boot_mode(&mut task, BootMode::Bios)
        .await
        .unwrap();
    assert_eq!(
        management.boot_mode(&mut task).await.unwrap(),
        Some(BootMode::Bios)
    );
}

#[tokio::test]
async fn the_vendor_methods_show_boot_sequence_and_controllers() {
    let (bmc, mut task) = ibmc().await;
    let vendor = task.set().vendor.clone();
    let nothing = Object::default();
    let sequence = vendor
        .call(&mut task, "boot_up_seq", HttpMethod::Get, &nothing)
        .await
        .unwrap();
    assert_eq!(
        sequence,
        json!({"boot_up_sequence": ["Hdd", "Cd", "Pxe", "Others"]})
    );
    let method = "get_raid_controller_list";
    let list = vendor
        .call(&mut task, method, HttpMethod::Get, &nothing)
        .await
        .unwrap();
    assert_eq!(
        (&list[0]["Id"], &list[0]["OOBSupport"], &list[0]["JBOD"]),
        (&json!("RAIDStorage0"), &json!(true), &json!(false))
    );
    let disk = &list[0]["PhysicalDisks"][0];
    assert_eq!(disk["FirmwareStatus"], "UnconfiguredGood");
    assert_eq!(disk["CapacityBytes"], "931.5GB");
    // A V3 server has the sequence at the system.
    bmc.change(
        &bmc.system(),
        json!({"Bios": null, "Oem": {"Huawei": {"BootupSequence": ["HDD", "Pxe"]}}}),
    );
    let sequence = vendor
        .call(&mut task, "boot_up_seq", HttpMethod::Get, &nothing)
        .await
        .unwrap();
    assert_eq!(sequence, json!({"boot_up_sequence": ["HDD", "Pxe"]}));
}

#[tokio::test]
async fn volumes_take_the_disks_that_waste_least_and_go_again() {
    let (bmc, mut task) = ibmc().await;
    task.node.target_raid_config = wanted(json!([
        {"raid_level": "1", "size_gb": 100, "is_root_volume": true, "volume_name": "os"},
        {"raid_level": "1+0", "size_gb": "MAX", "disk_type": "hdd"}]));
    assert_eq!(
        raid(&mut task, "create_configuration").await.unwrap(),
        Outcome::Done
    );
    let orders = bmc.bodies("POST", &bmc.volumes());
    // The two solid-state disks are the smallest pair that is large enough.
    assert_eq!(
        orders[0],
        json!({"CapacityBytes": 107_374_182_400_i64, "Oem": {"Huawei": {
            "VolumeName": "os", "VolumeRaidLevel": "RAID1", "Drives": [4, 5]}}})
    );
    assert_eq!(
        orders[1],
        json!({"Oem": {"Huawei": {"VolumeRaidLevel": "RAID10", "Drives": [0, 1, 2, 3], "SpanNumber": 2}}})
    );
    let recorded = task.node.raid_config.to_value();
    let levels: Vec<&Value> = recorded["logical_disks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|disk| &disk["raid_level"])
        .collect();
    assert_eq!(levels, ["1", "1+0"]);
    let root = format!(
        "{}/{}",
        bmc.volumes(),
        recorded["logical_disks"][0]["id"].as_str().unwrap()
    );
    assert_eq!(bmc.at(&root, "/Oem/Huawei/BootEnable"), true);

    // No disk is left.
    task.node.target_raid_config = wanted(json!([{"raid_level": "0", "size_gb": 10}]));
    let fault = raid(&mut task, "create_configuration").await.unwrap_err();
    assert_eq!(fault.class, Class::RedfishError);
    assert!(fault.message.contains("not enough unused disks"), "{fault}");

    raid(&mut task, "delete_configuration").await.unwrap();
    assert_eq!(task.node.raid_config.to_value()["logical_disks"], json!([]));
    let deleted = bmc.lines();
    let deleted = deleted.iter().filter(|line| line.starts_with("DELETE"));
    assert_eq!(deleted.count(), 2);
    // A hot spare is released; a disk that is none is left alone.
    bmc.change(
        &bmc.disk(0),
        json!({"HotspareType": "Global", "Oem": {"Huawei": {"FirmwareStatus": "HotSpareDrive"}}}),
    );
    raid(&mut task, "delete_configuration").await.unwrap();
    let released = bmc.bodies("PATCH", &bmc.disk(0));
    assert_eq!(released, [json!({"HotspareType": "None"})]);
    assert_eq!(bmc.at(&bmc.disk(0), "/HotspareType"), "None");
    assert!(bmc.bodies("PATCH", &bmc.disk(1)).is_empty());
}

#[tokio::test]
async fn volumes_may_share_disks() {
    let (bmc, mut task) = ibmc().await;
    task.node.target_raid_config = wanted(json!([
        {"raid_level": "1", "size_gb": 100, "share_physical_disks": true, "physical_disks": ["HDDPlaneDisk4", "5"],
         "controller": "RAIDStorage0"},
        {"raid_level": "1", "size_gb": 50, "share_physical_disks": true, "physical_disks": ["4", "5"],
         "controller": "RAIDStorage0"}]));
    // The simulator gives a disk to one volume only: the second order fails, but shows what was sent.
    let fault = raid(&mut task, "create_configuration").await.unwrap_err();
    assert!(fault.message.contains(bmc.origin()), "{fault}");
    let orders = bmc.bodies("POST", &bmc.volumes());
    assert_eq!(orders[0]["Oem"]["Huawei"]["Drives"], json!([4, 5]));
    let joined = &orders[1]["Oem"]["Huawei"];
    assert_eq!(
        joined,
        &json!({"Drives": [4]}),
        "a disk stands for its group"
    );
}

#[tokio::test]
async fn jbod_is_for_the_whole_controller() {
    let (bmc, mut task) = ibmc().await;
    task.node.target_raid_config = wanted(json!([
        {"raid_level": "JBOD", "size_gb": "MAX"}, {"raid_level": "0", "size_gb": 1}]));
    let fault = raid(&mut task, "create_configuration").await.unwrap_err();
    assert!(fault.message.contains("JBOD"), "{fault}");
    task.node.target_raid_config = wanted(json!([{"raid_level": "JBOD", "size_gb": "MAX"}]));
    raid(&mut task, "create_configuration").await.unwrap();
    assert_eq!(
        bmc.bodies("PATCH", &bmc.controller()),
        [json!({"StorageControllers": [{"Oem": {"Huawei": {"JBODState": true}}}]})]
    );
}

#[tokio::test]
async fn waits_for_an_ibmc_have_an_end() {
    let (bmc, mut task) = ibmc().await;
    task.node.target_raid_config = wanted(json!([{"raid_level": "0", "size_gb": 10}]));
    let ready = |state: u8| json!({"Oem": {"Huawei": {"StorageConfigReady": state}}});
    bmc.change(&bmc.system(), ready(0));
    let fault = raid(&mut task, "create_configuration").await.unwrap_err();
    assert!(fault.message.contains("storage to be ready"), "{fault}");
    bmc.change(&bmc.system(), ready(1));
    bmc.on(Bug::FailingTasks);
    let fault = raid(&mut task, "create_configuration").await.unwrap_err();
    assert!(fault.message.contains("Exception"), "{fault}");
    bmc.heal();
    bmc.on(Bug::StuckTasks);
    let fault = raid(&mut task, "create_configuration").await.unwrap_err();
    assert_eq!(fault.class, Class::RedfishConnectionError);
}

#[tokio::test]
async fn what_the_old_driver_lacked() {
    let (bmc, mut task) = ibmc().await;
    let set = task.set();
    set.bios.cache_bios_settings(&mut task).await.unwrap();
    assert!(
        task.bios_settings
            .iter()
            .any(|setting| setting.name == "BootTypeOrder0")
    );
    set.inspect.inspect_hardware(&mut task).await.unwrap();
    assert_eq!(
        task.node.properties.member("cpu_arch"),
        Some(&json!("x86_64"))
    );
    let local_gb = task.node.properties.member("local_gb");
    let local_gb = local_gb.and_then(Value::as_i64);
    assert!(
        local_gb.is_some_and(|size| size > 400),
        "disks below /Storages count"
    );
    let sensors = set.management.sensors_data(&mut task).await.unwrap();
    assert!(!sensors.to_value()["Fan"].as_object().unwrap().is_empty());
    let image = "http://192.0.2.1/boot.iso";
    set.management
        .attach_virtual_media(&mut task, BootDevice::Cdrom, image)
        .await
        .unwrap();
    let media = format!("{}/VirtualMedia/CD", bmc.manager());
    assert_eq!(bmc.at(&media, "/Image"), image);
    let indicators = set
        .management
        .supported_indicators(&mut task, None)
        .await
        .unwrap();
    assert!(!indicators.is_empty());
}

#[tokio::test]
async fn lights_media_and_settings_are_changed_too() {
    let (bmc, mut task) = ibmc().await;
    bmc.set_power(true);
    let set = task.set();
    let lights = set.management.supported_indicators(&mut task, None).await;
    let chassis = lights
        .unwrap()
        .into_iter()
        .find(|(name, _)| name == "chassis");
    let light = chassis.unwrap().1.into_iter().next().unwrap();
    set.management
        .set_indicator_state(&mut task, "chassis", &light.0, "on")
        .await
        .unwrap();
    assert_eq!(bmc.at(&bmc.chassis(), "/IndicatorLED"), "Lit");
    let state = set
        .management
        .indicator_state(&mut task, "chassis", &light.0)
        .await;
    assert_eq!(state.unwrap(), "on");

    let image = "http://192.0.2.1/boot.iso";
    set.management
        .attach_virtual_media(&mut task, BootDevice::Cdrom, image)
        .await
        .unwrap();
    set.management
        .detach_virtual_media(&mut task, &[BootDevice::Cdrom])
        .await
        .unwrap();
    let media = format!("{}/VirtualMedia/CD", bmc.manager());
    assert_eq!(bmc.at(&media, "/Inserted"), false);

    let step: Step =
        serde_json::from_value(json!({"interface": "bios", "step": "apply_configuration",
        "args": {"settings": [{"name": "BootType", "value": "LegacyBoot"}]}}))
        .unwrap();
    let bios = set.bios.clone();
    let waits = bios.run_step(&mut task, StepKind::Clean, &step).await;
    assert!(waits.unwrap().is_wait(), "the settings want a reboot");
    let done = bios.run_step(&mut task, StepKind::Clean, &step).await;
    assert_eq!(done.unwrap(), Outcome::Done);
    let attributes = format!("{}/Bios", bmc.system());
    assert_eq!(bmc.at(&attributes, "/Attributes/BootType"), "LegacyBoot");
}

#[tokio::test]
async fn nothing_is_deleted_where_a_controller_cannot_be_managed() {
    let (bmc, mut task) = ibmc().await;
    task.node.target_raid_config = wanted(json!([{"raid_level": "1", "size_gb": 10}]));
    raid(&mut task, "create_configuration").await.unwrap();
    bmc.set(
        &bmc.controller(),
        "/StorageControllers/0/Oem/Huawei/OOBSupport",
        json!(false),
    );
    let fault = raid(&mut task, "delete_configuration").await.unwrap_err();
    assert!(fault.message.contains("OOBSupport"), "{fault}");
    let deleted = bmc.lines();
    assert!(!deleted.iter().any(|line| line.starts_with("DELETE")));
}

#[tokio::test]
async fn what_an_ibmc_confirms_and_does_not_do_is_a_failure() {
    let (bmc, mut task) = ibmc().await;
    task.node.target_raid_config = wanted(json!([{"raid_level": "1", "size_gb": 10}]));
    bmc.on(Bug::NoEffect);
    let fault = raid(&mut task, "create_configuration").await.unwrap_err();
    assert!(fault.message.contains("has confirmed"), "{fault}");
    bmc.heal();
    raid(&mut task, "create_configuration").await.unwrap();
    bmc.on(Bug::NoEffect);
    let fault = raid(&mut task, "delete_configuration").await.unwrap_err();
    assert!(fault.message.contains("has confirmed"), "{fault}");
}

#[tokio::test]
async fn a_wrong_password_is_said_once_and_shown_never() {
    let (bmc, mut task) = ibmc().await;
    task.node.driver_info.set("ibmc_password", "wr0ng");
    let power = task.set().power.clone();
    for _ in 0..5 {
        let fault = power.power_state(&mut task).await.unwrap_err();
        assert!(!fault.message.contains("wr0ng"), "{fault}");
    }
    assert_eq!(bmc.refused(), 1, "five reads, one login");
}

#[tokio::test]
async fn etags_are_renewed_and_sessions_too() {
    let (bmc, mut task) = ibmc().await;
    let management = task.set().management.clone();
    bmc.on(Bug::Changed.times(1).on("PATCH"));
    management
        .set_boot_device(&mut task, BootDevice::Disk, false)
        .await
        .unwrap();
    bmc.on(Bug::Unauthorized.times(1));
    management.boot_device(&mut task).await.unwrap();
}
