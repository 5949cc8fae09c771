//! Against a BMC nobody here wrote: `ipmi_sim` of OpenIPMI.
//!
//! `FERRIC_IPMI_SIM=127.0.0.1:9001 cargo test -p drivers-ipmi-client --test ipmi_sim -- --ignored`
//! with the user `admin`/`password` configured.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;
use std::time::Duration;

use drivers_ipmi_client::command::boot_options::{BootDevice, BootFlags};
use drivers_ipmi_client::command::chassis::{ChassisAction, ChassisControl, GetChassisStatus};
use drivers_ipmi_client::command::device_id::GetDeviceId;
use drivers_ipmi_client::session::{Credentials, Parameters, Privilege};
use drivers_ipmi_client::{Client, ClientConfig, Failure, Limits, Target};

fn credentials(user: &str, password: &str) -> Credentials {
    Credentials::new(user, &password.into(), None).unwrap()
}

fn target(parameters: Parameters) -> Target {
    let address = std::env::var("FERRIC_IPMI_SIM").expect("FERRIC_IPMI_SIM=host:port");
    let (host, port) = address.rsplit_once(':').unwrap();
    Target {
        host: host.to_owned(),
        port: port.parse().unwrap(),
        parameters: Arc::new(parameters),
        route: None,
    }
}

fn admin(suites: &[u8]) -> Target {
    target(
        Parameters::v20(
            credentials("admin", "password"),
            Privilege::Administrator,
            suites,
        )
        .unwrap(),
    )
}

fn limits() -> Limits {
    Limits::within(Duration::from_secs(20))
}

#[tokio::test]
#[ignore = "needs ipmi_sim"]
async fn power_and_boot_over_every_suite_it_has() {
    let client = Client::new(ClientConfig::default());
    for suite in [1, 2, 3] {
        let mut bmc = client.operation(&admin(&[suite]), limits()).await.unwrap();
        bmc.run(&ChassisControl(ChassisAction::PowerUp))
            .await
            .unwrap();
        assert!(bmc.run(&GetChassisStatus).await.unwrap().power_on);
        bmc.run(&ChassisControl(ChassisAction::PowerDown))
            .await
            .unwrap();
        assert!(!bmc.run(&GetChassisStatus).await.unwrap().power_on);
        bmc.set_boot_flags(BootFlags {
            valid: true,
            persistent: false,
            efi: false,
            device: BootDevice::PXE,
        })
        .await
        .unwrap();
        assert_eq!(bmc.boot_flags().await.unwrap().device, BootDevice::PXE);
        bmc.close().await;
    }
    client.shutdown().await;
}

#[tokio::test]
#[ignore = "needs ipmi_sim"]
async fn ipmi_15_with_a_keyed_code() {
    let client = Client::new(ClientConfig::default());
    let parameters =
        Parameters::v15(credentials("admin", "password"), Privilege::Administrator).unwrap();
    let mut bmc = client
        .operation(&target(parameters), limits())
        .await
        .unwrap();
    assert_eq!(bmc.run(&GetDeviceId).await.unwrap().manufacturer_id, 0x1291);
    bmc.run(&GetChassisStatus).await.unwrap();
    bmc.close().await;
    client.shutdown().await;
}

#[tokio::test]
#[ignore = "needs ipmi_sim"]
async fn a_refused_suite_is_followed_by_the_next() {
    let client = Client::new(ClientConfig::default());
    let mut bmc = client.operation(&admin(&[17, 3]), limits()).await.unwrap();
    bmc.run(&GetDeviceId).await.unwrap();
    bmc.close().await;
    let mut bmc = client.operation(&admin(&[17, 16]), limits()).await.unwrap();
    let error = bmc.run(&GetDeviceId).await.unwrap_err();
    assert!(
        matches!(&error.failure, Failure::CipherRefused { tried, .. } if tried == &[17, 16]),
        "{error}"
    );
    drop(bmc);
    client.shutdown().await;
}

#[tokio::test]
#[ignore = "needs ipmi_sim"]
async fn wrong_names_and_passwords_are_recognised() {
    let client = Client::new(ClientConfig::default());
    for (user, password) in [("admin", "passwor"), ("nobody", "password"), ("admin", "")] {
        let parameters =
            Parameters::v20(credentials(user, password), Privilege::Administrator, &[3]).unwrap();
        let mut bmc = client
            .operation(&target(parameters), limits())
            .await
            .unwrap();
        let error = bmc.run(&GetDeviceId).await.unwrap_err();
        assert!(
            matches!(error.failure, Failure::WrongCredentials { .. }),
            "{user}: {error}"
        );
        assert!(error.to_string().contains("cipher suite 3"), "{error}");
    }
    let parameters =
        Parameters::v15(credentials("admin", "wrong"), Privilege::Administrator).unwrap();
    let mut bmc = client
        .operation(&target(parameters), limits())
        .await
        .unwrap();
    let error = bmc.run(&GetDeviceId).await.unwrap_err();
    assert!(
        matches!(error.failure, Failure::WrongCredentials { .. }),
        "{error}"
    );
    drop(bmc);
    client.shutdown().await;
}

#[tokio::test]
#[ignore = "needs ipmi_sim"]
async fn it_answers_a_presence_ping() {
    let client = Client::new(ClientConfig::default());
    let target = admin(&[3]);
    let pong = client
        .ping(&target.host, target.port, limits().deadline)
        .await
        .unwrap();
    assert!(pong.ipmi);
    client.shutdown().await;
}

#[tokio::test]
#[ignore = "needs ipmi_sim"]
async fn a_silent_address_times_out_and_says_so() {
    let client = Client::new(ClientConfig::default());
    let silent = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let mut target = admin(&[3]);
    target.port = silent.local_addr().unwrap().port();
    let limits = Limits::within(Duration::from_secs(2));
    let mut bmc = client.operation(&target, limits).await.unwrap();
    let error = bmc.run(&GetDeviceId).await.unwrap_err();
    assert!(matches!(error.failure, Failure::Timeout { .. }), "{error}");
    drop(bmc);
    client.shutdown().await;
}

#[tokio::test]
#[ignore = "needs ipmi_sim with a second controller at 0x30"]
async fn single_bridging_reaches_the_controller_behind() {
    use drivers_ipmi_client::wire::bridge::{Hop, Route};
    let client = Client::new(ClientConfig::default());
    let mut target = admin(&[3]);
    let via = |address| {
        Some(Route {
            transit: None,
            target: Hop {
                channel: 0,
                address,
            },
            local_address: 0x20,
        })
    };
    target.route = via(0x30);
    let mut bmc = client.operation(&target, limits()).await.unwrap();
    let device = bmc.run(&GetDeviceId).await.unwrap();
    assert_eq!((device.manufacturer_id, device.product_id), (0x1292, 0xf03));
    drop(bmc);
    target.route = via(0x66);
    let mut bmc = client.operation(&target, limits()).await.unwrap();
    let error = bmc.run(&GetDeviceId).await.unwrap_err();
    assert!(
        matches!(error.failure, Failure::Completion { .. }),
        "nobody is there: {error}"
    );
    drop(bmc);
    client.shutdown().await;
}

#[tokio::test]
#[ignore = "needs ipmi_sim with sensors, an inventory and an event log"]
async fn inventory_event_log_and_sensors() {
    let client = Client::new(ClientConfig::default());
    let mut bmc = client.operation(&admin(&[3]), limits()).await.unwrap();
    let inventory = bmc.fru(0).await.unwrap();
    assert_eq!(inventory.len(), 256);
    assert_eq!(inventory[..8], [1, 0, 0, 1, 0x0b, 0, 0, 0xf3]);
    bmc.clear_event_log().await.unwrap();
    assert!(bmc.event_log().await.unwrap().is_empty());
    let sensors = bmc.sensors().await.unwrap();
    let names: Vec<_> = sensors.iter().map(|s| s.record.name.as_str()).collect();
    assert_eq!(names[..3], ["Temp1", "FAN1", "+12V"]);
    assert!(sensors[0].reading.is_some());
    drop(bmc);
    client.shutdown().await;
}
