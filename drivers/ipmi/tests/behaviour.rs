//! What the interfaces tell a BMC, seen from the BMC: a simulated one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod node;

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use drivers_interface::{HttpMethod, Interface, Management, Outcome, Power, StepSpec, Vendor};
use drivers_ipmi::{
    Bmcs, IntelIpmitoolManagement, IpmitoolManagement, IpmitoolPower, IpmitoolVendor,
};
use drivers_sim::ipmi::{Bmc, Bug};
use node::TestTask;
use schemas_model::boot::BootDevice;
use schemas_model::power::PowerState;
use schemas_model::step::{Step, StepKind};
use schemas_model::{Class, Object};
use serde_json::{Value, json};
use tokio::net::UdpSocket;

/// A node whose BMC runs in this process.
async fn machine(bmc: Bmc) -> (Arc<Mutex<Bmc>>, TestTask) {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let port = socket.local_addr().unwrap().port();
    let bmc = Arc::new(Mutex::new(bmc));
    let served = Arc::clone(&bmc);
    tokio::spawn(async move {
        let mut buffer = [0; 2048];
        loop {
            let (len, from) = socket.recv_from(&mut buffer).await.unwrap();
            let answers = served.lock().unwrap().receive(&buffer[..len]);
            for answer in answers {
                socket.send_to(&answer, from).await.unwrap();
            }
        }
    });
    let task = TestTask::new(json!({
        "ipmi_address": "127.0.0.1",
        "ipmi_port": port,
        "ipmi_username": "admin",
        "ipmi_password": "password",
    }));
    (bmc, task)
}

/// A BMC whose machine is on.
fn running() -> Bmc {
    let mut bmc = Bmc::default();
    bmc.machine.on = true;
    bmc
}

/// Chassis commands executed but those that only read: command number and data.
fn chassis(bmc: &Arc<Mutex<Bmc>>) -> Vec<(u8, Vec<u8>)> {
    bmc.lock()
        .unwrap()
        .executed
        .iter()
        .filter(|(netfn, command, _)| *netfn == 0 && !matches!(command, 1 | 9))
        .map(|(_, command, data)| (*command, data.clone()))
        .collect()
}

#[tokio::test]
async fn a_uefi_boot_device_is_one_command_after_the_timeout_is_disabled() {
    let (bmc, mut task) = machine(Bmc::default()).await;
    let management = IpmitoolManagement::new(Bmcs::default());
    management
        .set_boot_device(&mut task, BootDevice::Pxe, true)
        .await
        .unwrap();
    assert_eq!(
        chassis(&bmc),
        [(8, vec![3, 8]), (8, vec![5, 0xe0, 0x04, 0, 0, 0])]
    );
    let current = management.boot_device(&mut task).await.unwrap();
    assert_eq!(current.device, Some(BootDevice::Pxe));
    assert_eq!(current.persistent, Some(true));
}

#[tokio::test]
async fn the_boot_timeout_is_left_alone_if_the_node_or_the_configuration_says_so() {
    let (bmc, mut task) = machine(Bmc::default()).await;
    task.node
        .driver_info
        .set("ipmi_disable_boot_timeout", "False");
    let management = IpmitoolManagement::new(Bmcs::default());
    management
        .set_boot_device(&mut task, BootDevice::Disk, false)
        .await
        .unwrap();
    assert_eq!(chassis(&bmc), [(8, vec![5, 0xa0, 0x08, 0, 0, 0])]);
    task.node.driver_info.unset("ipmi_disable_boot_timeout");
    task.configure(|config| config.ipmi.disable_boot_timeout = false);
    management
        .set_boot_device(&mut task, BootDevice::Disk, false)
        .await
        .unwrap();
    assert_eq!(chassis(&bmc).len(), 2);
}

#[tokio::test]
async fn a_bios_boot_device_is_announced_and_acknowledged() {
    let (bmc, mut task) = machine(Bmc::default()).await;
    task.node.properties.set("capabilities", "boot_mode:bios");
    let management = IpmitoolManagement::new(Bmcs::default());
    management
        .set_boot_device(&mut task, BootDevice::Cdrom, false)
        .await
        .unwrap();
    assert_eq!(
        chassis(&bmc),
        [
            (8, vec![3, 8]),
            (8, vec![0, 1]),
            (8, vec![4, 1, 1]),
            (8, vec![5, 0x80, 0x14, 0, 0, 0]),
            (8, vec![0, 0]),
        ]
    );
}

#[tokio::test]
async fn a_device_that_ipmi_does_not_know_is_refused_without_asking_the_bmc() {
    let (bmc, mut task) = machine(Bmc::default()).await;
    let management = IpmitoolManagement::new(Bmcs::default());
    let fault = management
        .set_boot_device(&mut task, BootDevice::WanBoot, false)
        .await
        .unwrap_err();
    assert_eq!(fault.class, Class::InvalidParameterValue);
    assert!(bmc.lock().unwrap().executed.is_empty());
}

#[tokio::test]
async fn a_forced_boot_device_is_remembered_and_sent_as_a_one_time_device() {
    let (bmc, mut task) = machine(Bmc::default()).await;
    task.node.driver_info.set("ipmi_force_boot_device", "true");
    let management = IpmitoolManagement::new(Bmcs::default());
    management
        .set_boot_device(&mut task, BootDevice::Pxe, true)
        .await
        .unwrap();
    assert_eq!(chassis(&bmc)[1], (8, vec![5, 0xa0, 0x04, 0, 0, 0]));
    let internal = &task.node.driver_internal_info;
    assert_eq!(internal.text_member("persistent_boot_device"), Some("pxe"));
    assert_eq!(internal.member("is_next_boot_persistent"), None);
    assert_eq!(task.saved, 1);
    // What is remembered is reported, without asking the BMC.
    bmc.lock().unwrap().executed.clear();
    let current = management.boot_device(&mut task).await.unwrap();
    assert_eq!(current.device, Some(BootDevice::Pxe));
    assert_eq!(current.persistent, Some(true));
    assert!(bmc.lock().unwrap().executed.is_empty());
    // An exception for the next boot.
    management
        .set_boot_device(&mut task, BootDevice::Disk, false)
        .await
        .unwrap();
    let internal = &task.node.driver_internal_info;
    assert_eq!(internal.text_member("persistent_boot_device"), Some("pxe"));
    assert_eq!(
        internal.member("is_next_boot_persistent"),
        Some(&json!(false))
    );
    // The power-on that uses the exception forgets it, and does not send the remembered device.
    let power = IpmitoolPower::new(Bmcs::default());
    bmc.lock().unwrap().executed.clear();
    power
        .set_power_state(&mut task, PowerState::On, None)
        .await
        .unwrap();
    assert_eq!(chassis(&bmc), [(2, vec![1])]);
    assert_eq!(
        task.node
            .driver_internal_info
            .member("is_next_boot_persistent"),
        None
    );
}

#[tokio::test]
async fn a_reboot_is_off_and_on_and_a_machine_that_is_off_is_only_turned_on() {
    let (bmc, mut task) = machine(running()).await;
    let power = IpmitoolPower::new(Bmcs::default());
    power.reboot(&mut task, None).await.unwrap();
    assert_eq!(chassis(&bmc), [(2, vec![0]), (2, vec![1])]);
    {
        let mut bmc = bmc.lock().unwrap();
        bmc.machine.on = false;
        bmc.executed.clear();
    }
    power.reboot(&mut task, None).await.unwrap();
    assert_eq!(chassis(&bmc), [(2, vec![1])]);
}

#[tokio::test]
async fn an_operating_system_that_does_not_shut_down_is_a_power_state_failure() {
    let (bmc, mut task) = machine(running()).await;
    bmc.lock().unwrap().timing.soft = None;
    let power = IpmitoolPower::new(Bmcs::default());
    let timeout = Some(Duration::from_secs(2));
    let fault = power
        .set_power_state(&mut task, PowerState::SoftOff, timeout)
        .await
        .unwrap_err();
    assert_eq!(chassis(&bmc), [(2, vec![5])]);
    assert_eq!(fault.class, Class::PowerStateFailure);
    for part in [
        task.node.uuid.as_str(),
        "127.0.0.1",
        "power off",
        "2 seconds",
    ] {
        assert!(fault.message.contains(part), "{part}: {fault}");
    }
}

#[tokio::test]
async fn power_that_must_never_be_off_cannot_be_soft_rebooted() {
    let (bmc, mut task) = machine(Bmc::default()).await;
    task.node.disable_power_off = Some(true);
    let power = IpmitoolPower::new(Bmcs::default());
    let fault = power
        .set_power_state(&mut task, PowerState::SoftReboot, None)
        .await
        .unwrap_err();
    assert_eq!(fault.class, Class::UnsupportedHardwareFeature);
    let fault = power
        .set_power_state(&mut task, PowerState::Reboot, None)
        .await
        .unwrap_err();
    assert_eq!(fault.class, Class::InvalidParameterValue);
    assert!(chassis(&bmc).is_empty());
}

#[tokio::test]
async fn a_busy_bmc_is_asked_again_and_a_refusal_is_not() {
    let (bmc, mut task) = machine(Bmc::default()).await;
    bmc.lock().unwrap().raw_replies.insert((0, 1), Err(0xc0));
    let waking = Arc::clone(&bmc);
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(500)).await;
        waking.lock().unwrap().raw_replies.clear();
    });
    let power = IpmitoolPower::new(Bmcs::default());
    assert_eq!(
        power.power_state(&mut task).await.unwrap(),
        Some(PowerState::Off)
    );
    bmc.lock().unwrap().raw_replies.insert((0, 1), Err(0xd4));
    let began = Instant::now();
    let fault = power.power_state(&mut task).await.unwrap_err();
    assert!(began.elapsed() < Duration::from_secs(1));
    assert_eq!(fault.class, Class::IPMIFailure);
    assert!(fault.message.contains("insufficient privilege"), "{fault}");
}

#[tokio::test]
async fn configured_errors_are_tried_again_until_the_timeout() {
    let (bmc, mut task) = machine(Bmc::default()).await;
    bmc.lock().unwrap().raw_replies.insert((0, 1), Err(0xd4));
    task.configure(|config| {
        config.ipmi.command_retry_timeout = 1;
        config
            .ipmi
            .additional_retryable_ipmi_errors
            .0
            .push("insufficient privilege".into());
    });
    let power = IpmitoolPower::new(Bmcs::default());
    let began = Instant::now();
    power.power_state(&mut task).await.unwrap_err();
    assert!(began.elapsed() >= Duration::from_millis(500));
}

#[tokio::test]
async fn the_configured_suites_are_offered_from_the_last() {
    let (bmc, mut task) = machine(Bmc {
        suites: vec![3, 17],
        ..Bmc::default()
    })
    .await;
    task.configure(|config| {
        config.ipmi.cipher_suite_versions = vec!["1".into(), "3".into(), "16".into()];
    });
    let power = IpmitoolPower::new(Bmcs::default());
    bmc.lock().unwrap().raw_replies.insert((0, 1), Err(0xd4));
    let fault = power.power_state(&mut task).await.unwrap_err();
    assert!(fault.message.contains("cipher suite 3"), "{fault}");
}

#[tokio::test]
async fn raw_bytes_as_a_method_and_as_a_step() {
    let (bmc, mut task) = machine(Bmc::default()).await;
    let vendor = IpmitoolVendor::new(Bmcs::default());
    let raw: Object = [("raw_bytes".to_owned(), json!("0x00 0x02 0x04"))]
        .into_iter()
        .collect();
    let answer = vendor
        .call(&mut task, "send_raw", HttpMethod::Post, &raw)
        .await
        .unwrap();
    assert_eq!(answer, Value::Null);
    let spec: &StepSpec = &vendor.step_table()[0];
    let mut step: Step = spec.to_step(vendor.kind());
    step.args = Some(raw);
    let outcome = vendor
        .run_step(&mut task, StepKind::Clean, &step)
        .await
        .unwrap();
    assert_eq!(outcome, Outcome::Done);
    assert_eq!(chassis(&bmc), [(2, vec![4]), (2, vec![4])]);
}

#[tokio::test]
async fn the_bmc_is_reset_warm_unless_told_otherwise() {
    let (bmc, mut task) = machine(Bmc::default()).await;
    let vendor = IpmitoolVendor::new(Bmcs::default());
    for warm in [None, Some(json!("false"))] {
        let info: Object = warm
            .map(|warm| ("warm".to_owned(), warm))
            .into_iter()
            .collect();
        vendor
            .call(&mut task, "bmc_reset", HttpMethod::Post, &info)
            .await
            .unwrap();
        bmc.lock().unwrap().sessions.clear();
    }
    let resets: Vec<u8> = bmc
        .lock()
        .unwrap()
        .executed
        .iter()
        .filter(|(netfn, command, _)| *netfn == 6 && matches!(command, 2 | 3))
        .map(|(_, command, _)| *command)
        .collect();
    assert_eq!(resets, [3, 2], "Warm Reset, Cold Reset");
}

#[tokio::test]
async fn an_nmi_is_a_diagnostic_interrupt() {
    let (bmc, mut task) = machine(Bmc::default()).await;
    let management = IpmitoolManagement::new(Bmcs::default());
    management.inject_nmi(&mut task).await.unwrap();
    assert_eq!(chassis(&bmc), [(2, vec![4])]);
    assert_eq!(
        management
            .detect_vendor(&mut task)
            .await
            .unwrap()
            .as_deref(),
        Some("intel corporation")
    );
}

#[tokio::test]
async fn speed_select_is_set_on_every_socket() {
    let (bmc, mut task) = machine(Bmc::default()).await;
    let intel = IntelIpmitoolManagement::new(Bmcs::default());
    let mut step = intel.step_table()[0].to_step(intel.kind());
    let mut configure = async |args: Value| {
        let Value::Object(args) = args else {
            panic!("arguments are an object");
        };
        step.args = Some(args.into());
        intel.run_step(&mut task, StepKind::Deploy, &step).await
    };
    for wrong in [
        json!({}),
        json!({"intel_speedselect_config": "0x03"}),
        json!({"intel_speedselect_config": "0x01", "socket_count": 0}),
        json!({"intel_speedselect_config": "0x01", "socket_count": "many"}),
    ] {
        let fault = configure(wrong).await.unwrap_err();
        assert_eq!(fault.class, Class::InvalidParameterValue);
    }
    // This BMC does not have the command: the socket that failed is named.
    let fault = configure(json!({"intel_speedselect_config": "0x02", "socket_count": 2}))
        .await
        .unwrap_err();
    assert_eq!(fault.class, Class::IPMIFailure);
    assert!(fault.message.contains("socket number 0"), "{fault}");
    let sent = bmc.lock().unwrap().executed.back().cloned();
    assert_eq!(sent, Some((0x2c, 0x41, vec![4, 0, 0, 2])));
}

#[tokio::test]
async fn the_identify_light_is_an_indicator() {
    let (bmc, mut task) = machine(Bmc::default()).await;
    let management = IpmitoolManagement::new(Bmcs::default());
    let indicators = management
        .supported_indicators(&mut task, None)
        .await
        .unwrap();
    assert_eq!(
        indicators["chassis"]["identify"].states,
        ["blinking", "off", "on"]
    );
    for (state, seconds) in [("on", Some(255)), ("OFF", None), ("blinking", Some(255))] {
        management
            .set_indicator_state(&mut task, "chassis", "identify", state)
            .await
            .unwrap();
        assert_eq!(bmc.lock().unwrap().machine.identify, seconds);
    }
    management
        .set_indicator_state(&mut task, "chassis", "identify", "on")
        .await
        .unwrap();
    let told = management
        .indicator_state(&mut task, "chassis", "identify")
        .await
        .unwrap();
    assert_eq!(told, "on");
    let fault = management
        .set_indicator_state(&mut task, "disk", "1", "on")
        .await
        .unwrap_err();
    assert_eq!(fault.class, Class::MissingParameterValue);
}

#[tokio::test]
async fn a_boot_device_that_is_acknowledged_and_not_kept_is_a_failure() {
    let (bmc, mut task) = machine(Bmc::default()).await;
    bmc.lock().unwrap().bugs.on(Bug::DeafBootFlags);
    let management = IpmitoolManagement::new(Bmcs::default());
    let fault = management
        .set_boot_device(&mut task, BootDevice::Pxe, false)
        .await
        .unwrap_err();
    assert_eq!(fault.class, Class::IPMIFailure);
    let node = task.node.uuid.to_string();
    assert!(
        fault.message.contains("did not keep it") && fault.message.contains(&node),
        "{fault}"
    );
    // A BMC that cannot tell is believed.
    bmc.lock().unwrap().raw_replies.insert((0, 9), Err(0xc1));
    management
        .set_boot_device(&mut task, BootDevice::Pxe, false)
        .await
        .unwrap();
}
