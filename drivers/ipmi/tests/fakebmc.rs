//! The interfaces against `fakebmc` of pyghmi, which has cipher suite 3 alone.
//!
//! `FERRIC_FAKEBMC=127.0.0.1:9002 cargo test -p drivers-ipmi --test fakebmc -- --ignored`
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod node;

use std::time::{Duration, Instant};

use drivers_interface::{HttpMethod, Management, Power, Vendor};
use drivers_ipmi::{Bmcs, IpmitoolManagement, IpmitoolPower, IpmitoolVendor};
use node::TestTask;
use schemas_model::boot::BootDevice;
use schemas_model::power::PowerState;
use schemas_model::{Class, Object};
use serde_json::json;

fn task(password: &str) -> TestTask {
    let address = std::env::var("FERRIC_FAKEBMC").expect("FERRIC_FAKEBMC=host:port");
    let (host, port) = address.rsplit_once(':').unwrap();
    TestTask::new(json!({
        "ipmi_address": host,
        "ipmi_port": port,
        "ipmi_username": "admin",
        "ipmi_password": password,
    }))
}

#[tokio::test]
#[ignore = "needs fakebmc"]
async fn power_boot_device_and_a_wrong_password() {
    let bmcs = Bmcs::default();
    let (power, management) = (
        IpmitoolPower::new(bmcs.clone()),
        IpmitoolManagement::new(bmcs.clone()),
    );
    let mut task = self::task("password");
    let timeout = Some(Duration::from_secs(10));
    for state in [PowerState::On, PowerState::Off] {
        power
            .set_power_state(&mut task, state, timeout)
            .await
            .unwrap();
        assert_eq!(power.power_state(&mut task).await.unwrap(), Some(state));
    }
    // It has no parameter 3, and no boot flags but those it reads back.
    task.node
        .driver_info
        .set("ipmi_disable_boot_timeout", "False");
    task.node.properties.set("capabilities", "boot_mode:bios");
    for device in [BootDevice::Pxe, BootDevice::Disk] {
        management
            .set_boot_device(&mut task, device, false)
            .await
            .unwrap();
        let current = management.boot_device(&mut task).await.unwrap();
        assert_eq!(current.device, Some(device));
    }
    bmcs.shutdown().await;
    // It knows one session for each address and port of a client, and ends with a Python exception
    // (`ServerSession` without `k1`) when a set-up that was left half-way is followed by a packet of
    // the session before it. So a wrong password comes from another socket, and comes last.
    let stranger = Bmcs::default();
    let mut wrong = self::task("guess");
    let fault = IpmitoolPower::new(stranger.clone())
        .power_state(&mut wrong)
        .await
        .unwrap_err();
    assert_eq!(fault.class, Class::IPMIFailure);
    assert!(!fault.message.contains("guess"), "{fault}");
    stranger.shutdown().await;
}

/// Its cold reset is the end of the process, without an answer; it has no warm one. So this test
/// comes last (tests run in the order of their names, one at a time).
#[tokio::test]
#[ignore = "needs fakebmc, and ends it"]
async fn resets_end_in_time_whether_or_not_they_are_answered() {
    let bmcs = Bmcs::default();
    let vendor = IpmitoolVendor::new(bmcs.clone());
    let mut task = self::task("password");
    let warm = |warm: bool| -> Object { [("warm".to_owned(), json!(warm))].into_iter().collect() };
    let fault = vendor
        .call(&mut task, "bmc_reset", HttpMethod::Post, &warm(true))
        .await
        .unwrap_err();
    assert!(fault.message.contains("invalid command"), "{fault}");
    let began = Instant::now();
    vendor
        .call(&mut task, "bmc_reset", HttpMethod::Post, &warm(false))
        .await
        .unwrap();
    // Two datagrams that nobody answers: a second, and two.
    assert!(
        began.elapsed() < Duration::from_secs(5),
        "{:?}",
        began.elapsed()
    );
    // Nobody is there any more, and that is said in time as well.
    task.configure(|config| config.ipmi.command_retry_timeout = 2);
    let began = Instant::now();
    let fault = IpmitoolPower::new(bmcs.clone())
        .power_state(&mut task)
        .await
        .unwrap_err();
    assert_eq!(fault.class, Class::IPMIFailure);
    assert!(
        began.elapsed() < Duration::from_secs(4),
        "{:?}",
        began.elapsed()
    );
    bmcs.shutdown().await;
}
