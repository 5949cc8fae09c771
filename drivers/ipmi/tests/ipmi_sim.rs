//! The interfaces against `ipmi_sim` of OpenIPMI.
//!
//! `FERRIC_IPMI_SIM=127.0.0.1:9001 cargo test -p drivers-ipmi --test ipmi_sim -- --ignored`
//! with the user `admin`/`password` and a chassis control program configured.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod ironic_sensors;
mod node;

use std::time::Duration;

use drivers_interface::{HttpMethod, Management, Power, Vendor};
use drivers_ipmi::{Bmcs, IpmitoolManagement, IpmitoolPower, IpmitoolVendor};
use node::TestTask;
use schemas_model::boot::BootDevice;
use schemas_model::power::PowerState;
use schemas_model::{Class, Object};
use serde_json::json;

fn task(password: &str) -> TestTask {
    let address = std::env::var("FERRIC_IPMI_SIM").expect("FERRIC_IPMI_SIM=host:port");
    let (host, port) = address.rsplit_once(':').unwrap();
    TestTask::new(json!({
        "ipmi_address": host,
        "ipmi_port": port,
        "ipmi_username": "admin",
        "ipmi_password": password,
    }))
}

#[tokio::test]
#[ignore = "needs ipmi_sim"]
async fn power_goes_on_and_off_and_is_waited_for() {
    let mut task = task("password");
    let bmcs = Bmcs::default();
    let power = IpmitoolPower::new(bmcs.clone());
    let timeout = Some(Duration::from_secs(10));
    for state in [PowerState::On, PowerState::Off] {
        power
            .set_power_state(&mut task, state, timeout)
            .await
            .unwrap();
        assert_eq!(power.power_state(&mut task).await.unwrap(), Some(state));
    }
    power.reboot(&mut task, timeout).await.unwrap();
    assert_eq!(
        power.power_state(&mut task).await.unwrap(),
        Some(PowerState::On)
    );
    power
        .set_power_state(&mut task, PowerState::Off, timeout)
        .await
        .unwrap();
    bmcs.shutdown().await;
}

#[tokio::test]
#[ignore = "needs ipmi_sim"]
async fn the_boot_device_is_set_and_read_back() {
    let mut task = task("password");
    task.node.properties.set("capabilities", "boot_mode:bios");
    let bmcs = Bmcs::default();
    let management = IpmitoolManagement::new(bmcs.clone());
    for device in [BootDevice::Pxe, BootDevice::Disk] {
        management
            .set_boot_device(&mut task, device, false)
            .await
            .unwrap();
        let current = management.boot_device(&mut task).await.unwrap();
        assert_eq!(current.device, Some(device));
        assert_eq!(current.persistent, Some(false));
    }
    assert_eq!(
        management
            .detect_vendor(&mut task)
            .await
            .unwrap()
            .as_deref(),
        Some("montavista software, inc.")
    );
    bmcs.shutdown().await;
}

#[tokio::test]
#[ignore = "needs ipmi_sim"]
async fn a_wrong_password_fails_at_once_and_says_so() {
    let mut task = task("wrong");
    let bmcs = Bmcs::default();
    let power = IpmitoolPower::new(bmcs.clone());
    let began = std::time::Instant::now();
    let fault = power.power_state(&mut task).await.unwrap_err();
    assert!(began.elapsed() < Duration::from_secs(5));
    assert_eq!(fault.class, Class::IPMIFailure);
    for part in [
        "power status",
        task.node.uuid.as_str(),
        "127.0.0.1:",
        "cipher suite 3",
        "wrong user name or password",
    ] {
        assert!(fault.message.contains(part), "{part}: {fault}");
    }
    bmcs.shutdown().await;
}

#[tokio::test]
#[ignore = "needs ipmi_sim"]
async fn raw_bytes_are_sent_and_a_refusal_is_told() {
    let mut task = task("password");
    let bmcs = Bmcs::default();
    let vendor = IpmitoolVendor::new(bmcs.clone());
    let raw = |bytes: &str| -> Object {
        [("raw_bytes".to_owned(), json!(bytes))]
            .into_iter()
            .collect()
    };
    vendor
        .call(&mut task, "send_raw", HttpMethod::Post, &raw("0x06 0x01"))
        .await
        .unwrap();
    let fault = vendor
        .call(&mut task, "send_raw", HttpMethod::Post, &raw("0x06 0xee"))
        .await
        .unwrap_err();
    assert!(fault.message.contains("invalid command"), "{fault}");
    bmcs.shutdown().await;
}

#[tokio::test]
#[ignore = "needs ipmi_sim with sensors, and ipmitool"]
async fn sensors_are_those_that_ironic_reports() {
    let mut task = task("password");
    let bmcs = Bmcs::default();
    let management = IpmitoolManagement::new(bmcs.clone());
    let ours = management.sensors_data(&mut task).await.unwrap();
    bmcs.shutdown().await;
    let info = &task.node.driver_info;
    let output = std::process::Command::new("ipmitool")
        .args(["-I", "lanplus", "-C", "3", "-U", "admin", "-P", "password"])
        .args(["-H", info.text_member("ipmi_address").unwrap()])
        .args(["-p", info.text_member("ipmi_port").unwrap()])
        .args(["sdr", "-v"])
        .output()
        .unwrap();
    let theirs = ironic_sensors::read(&String::from_utf8(output.stdout).unwrap());
    assert!(!theirs.is_empty());
    let pretty = |value: &serde_json::Map<_, _>| serde_json::to_string_pretty(value).unwrap();
    for (ours, theirs) in pretty(ours.get()).lines().zip(pretty(&theirs).lines()) {
        assert_eq!(ours, theirs);
    }
    assert_eq!(ours.get(), &theirs);
}
