//! The simulator as our own client sees it: what it has, and what its bugs do.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use drivers_ipmi_client::command::boot_options::{BootDevice, BootFlags};
use drivers_ipmi_client::command::chassis::{ChassisAction, ChassisControl, GetChassisStatus};
use drivers_ipmi_client::command::device_id::GetDeviceId;
use drivers_ipmi_client::procedure::ResetKind;
use drivers_ipmi_client::session::retry::Retry;
use drivers_ipmi_client::session::{Credentials, Parameters, Privilege};
use drivers_ipmi_client::wire::bridge::{Hop, Route};
use drivers_ipmi_client::{Client, ClientConfig, Error, Failure, Limits, Operation, Target};
use drivers_sim::ipmi::{Bmc, Bug, Controller, IpmiBmc, Relay, Satellite};

fn credentials(password: &str) -> Credentials {
    Credentials::new("admin", &password.into(), None).unwrap()
}

fn target(bmc: &IpmiBmc) -> Target {
    let parameters =
        Parameters::v20(credentials("password"), Privilege::Administrator, &[17, 3]).unwrap();
    at(bmc, parameters)
}

fn at(bmc: &IpmiBmc, parameters: Parameters) -> Target {
    Target {
        host: bmc.address().ip().to_string(),
        port: bmc.address().port(),
        parameters: Arc::new(parameters),
        route: None,
    }
}

/// A client that is impatient enough for tests.
fn client() -> Client {
    let retry = Retry {
        first: Duration::from_millis(50),
        longest: Duration::from_millis(100),
        sends: 4,
        early: None,
    };
    Client::new(ClientConfig {
        retry,
        retry_kept: Retry { sends: 2, ..retry },
        ..ClientConfig::default()
    })
}

async fn operation(client: &Client, target: &Target) -> Operation {
    client
        .operation(target, Limits::within(Duration::from_secs(3)))
        .await
        .unwrap()
}

async fn power(client: &Client, target: &Target) -> Result<bool, Error> {
    let mut operation = operation(client, target).await;
    Ok(operation.run(&GetChassisStatus).await?.power_on)
}

#[tokio::test]
async fn ipmi_15_opens_a_session_and_reads() {
    let bmc = IpmiBmc::start(Bmc {
        suites: vec![],
        ..Bmc::default()
    })
    .await
    .unwrap();
    let client = client();
    let right = Parameters::v15(credentials("password"), Privilege::Administrator).unwrap();
    assert!(!power(&client, &at(&bmc, right)).await.unwrap());
    let wrong = Parameters::v15(credentials("guess"), Privilege::Administrator).unwrap();
    let error = power(&client, &at(&bmc, wrong)).await.unwrap_err();
    assert!(
        !error.failure.is_transient() || matches!(error.failure, Failure::Timeout { .. }),
        "{error}"
    );
    assert_eq!(
        bmc.lock()
            .executed
            .iter()
            .filter(|row| row.1 == 0x01)
            .count(),
        1
    );
    client.shutdown().await;
    assert!(bmc.lock().sessions.is_empty());
}

#[tokio::test]
async fn sensors_inventory_and_log_are_read() {
    let bmc = IpmiBmc::start(Bmc::default()).await.unwrap();
    bmc.lock().controller.sdr_part_max = 16;
    bmc.lock().controller.reservation_lost_every = 13;
    bmc.lock().controller.log.erase_polls = 1;
    let (client, target) = (client(), target(&bmc));
    let mut operation = operation(&client, &target).await;
    let sensors = operation.sensors().await.unwrap();
    let names: Vec<&str> = sensors.iter().map(|sensor| &*sensor.record.name).collect();
    assert_eq!(
        names,
        [
            "CPU Temp",
            "Inlet Temp",
            "FAN 1",
            "12V",
            "Power",
            "PSU Current",
            "Pump",
            "PS1 Status",
            "Intrusion",
            "Drive 0",
            "Redundancy"
        ]
    );
    assert!(sensors.iter().all(|sensor| sensor.reading.is_some()));
    let inventory = operation.fru(0).await.unwrap();
    assert_eq!((inventory.len(), inventory[0]), (256, 1));
    assert_eq!(operation.event_log().await.unwrap().len(), 3);
    operation.clear_event_log().await.unwrap();
    assert!(operation.event_log().await.unwrap().is_empty());
    drop(operation);
    client.shutdown().await;
}

#[tokio::test]
async fn boot_flags_are_kept_aged_and_spent() {
    let bmc = IpmiBmc::start(Bmc::default()).await.unwrap();
    let (client, target) = (client(), target(&bmc));
    let flags = |persistent| BootFlags {
        valid: true,
        persistent,
        efi: true,
        device: BootDevice::PXE,
    };
    let mut operation = operation(&client, &target).await;
    operation.set_boot_flags(flags(false)).await.unwrap();
    assert_eq!(operation.boot_flags().await.unwrap(), flags(false));
    bmc.lock().advance(Duration::from_secs(61));
    drop(operation);
    let mut operation = self::operation(&client, &target).await;
    assert!(!operation.boot_flags().await.unwrap().valid, "too old");
    operation.set_boot_flags(flags(true)).await.unwrap();
    operation
        .run(&ChassisControl(ChassisAction::PowerUp))
        .await
        .unwrap();
    assert_eq!(
        operation.boot_flags().await.unwrap(),
        flags(true),
        "persistent"
    );
    operation.set_boot_flags(flags(false)).await.unwrap();
    operation
        .run(&ChassisControl(ChassisAction::HardReset))
        .await
        .unwrap();
    assert!(!operation.boot_flags().await.unwrap().valid, "spent");
    operation
        .run(&ChassisControl(ChassisAction::DiagnosticInterrupt))
        .await
        .unwrap();
    operation
        .run(&ChassisControl(ChassisAction::SoftShutdown))
        .await
        .unwrap();
    assert!(bmc.lock().is_on(), "the operating system takes its time");
    bmc.lock().advance(Duration::from_secs(1));
    assert!(!bmc.lock().is_on());
    assert_eq!(bmc.lock().machine.interrupts, 1);
    drop(operation);
    client.shutdown().await;
}

#[tokio::test]
async fn a_reset_bmc_is_away_and_comes_back_without_sessions() {
    let bmc = IpmiBmc::start(Bmc::default()).await.unwrap();
    let (client, target) = (client(), target(&bmc));
    for kind in [ResetKind::Warm, ResetKind::Cold] {
        let mut operation = operation(&client, &target).await;
        operation.reset_bmc(kind).await.unwrap();
        drop(operation);
        assert!(bmc.lock().sessions.is_empty());
        bmc.lock().advance(Duration::from_secs(1));
        assert!(!power(&client, &target).await.unwrap());
    }
    client.shutdown().await;
}

#[tokio::test]
async fn single_and_dual_bridging_reach_their_controllers_in_both_styles() {
    let behind = |channel, address, product, behind| Satellite {
        channel,
        address,
        controller: Controller::bare(address, 0x1292, product),
        behind,
    };
    for relay in [Relay::Later, Relay::Embedded] {
        let bmc = IpmiBmc::start(Bmc {
            relay,
            satellites: vec![
                behind(0, 0x30, 1, vec![]),
                behind(0, 0x82, 2, vec![behind(7, 0x72, 3, vec![])]),
            ],
            ..Bmc::default()
        })
        .await
        .unwrap();
        let client = client();
        let hop = |channel, address| Hop { channel, address };
        let ways = [
            (None, hop(0, 0x30), Some(1)),
            (Some(hop(0, 0x82)), hop(7, 0x72), Some(3)),
            (None, hop(0, 0x66), None),
            (Some(hop(0, 0x82)), hop(7, 0x66), None),
        ];
        for (transit, to, product) in ways {
            let mut target = target(&bmc);
            target.route = Some(Route {
                transit,
                target: to,
                local_address: 0x20,
            });
            let mut operation = operation(&client, &target).await;
            match (operation.run(&GetDeviceId).await, product) {
                (Ok(device), Some(product)) => assert_eq!(device.product_id, product),
                (Err(error), None) => {
                    assert!(
                        matches!(error.failure, Failure::Completion { .. }),
                        "{error}"
                    );
                }
                (answer, _) => panic!("{relay:?} {to:?}: {answer:?}"),
            }
        }
        client.shutdown().await;
    }
}

#[tokio::test]
async fn bugs_that_can_be_endured_are() {
    for bug in [
        Bug::Lose(3),
        Bug::LoseRequests(4),
        Bug::Duplicate,
        Bug::Reorder,
        Bug::Slow(Duration::from_millis(20)),
    ] {
        let bmc = IpmiBmc::start(Bmc::default()).await.unwrap();
        bmc.lock().bugs.on(bug.clone());
        let (client, target) = (client(), target(&bmc));
        for _ in 0..5 {
            power(&client, &target)
                .await
                .unwrap_or_else(|error| panic!("{bug:?}: {error}"));
        }
        client.shutdown().await;
    }
}

#[tokio::test]
async fn bugs_that_cannot_be_endured_end_in_errors_of_their_kind_within_the_deadline() {
    type Expected = fn(&Failure) -> bool;
    let timeout: Expected = |failure| matches!(failure, Failure::Timeout { .. });
    let table: [(Bug, Expected); 12] = [
        (Bug::Silent, timeout),
        (Bug::Slow(Duration::from_secs(30)), timeout),
        (Bug::Lose(1), timeout),
        (Bug::WrongSequence, timeout),
        (Bug::Replay, timeout),
        (Bug::BadIntegrity, timeout),
        (Bug::Truncated(20), timeout),
        (Bug::Garbage, timeout),
        (Bug::Restart, timeout),
        (Bug::Refuse(0xc0), |failure| {
            matches!(failure, Failure::Completion { .. })
        }),
        (Bug::WrongPassword, |failure| {
            matches!(failure, Failure::WrongCredentials { .. })
        }),
        (Bug::SessionsFull, |failure| {
            matches!(failure, Failure::NoFreeSession)
        }),
    ];
    for (bug, expected) in table {
        let bmc = IpmiBmc::start(Bmc::default()).await.unwrap();
        let (client, target) = (client(), target(&bmc));
        let fresh = matches!(bug, Bug::WrongPassword | Bug::SessionsFull | Bug::Replay);
        if !fresh {
            power(&client, &target).await.unwrap();
        }
        bmc.lock().bugs.on(bug.clone());
        let began = Instant::now();
        let error = match power(&client, &target).await {
            Err(error) => error,
            Ok(on) => panic!("{bug:?}: {on}"),
        };
        assert!(expected(&error.failure), "{bug:?}: {error}");
        assert!(began.elapsed() < Duration::from_secs(4), "{bug:?}");
        let text = error.to_string();
        assert!(
            text.contains(&target.address()) && !text.contains("password is"),
            "{text}"
        );
        assert!(bmc.lock().refused_logins <= 1, "{bug:?}");
        bmc.lock().bugs.heal();
        bmc.lock().advance(Duration::from_secs(61));
        let healed = power(&client, &target).await;
        if bug == Bug::WrongPassword {
            // The account is left alone for a while.
            let failure = healed.unwrap_err().failure;
            assert!(matches!(failure, Failure::LoginPaused { .. }), "{failure}");
        } else {
            healed.unwrap();
        }
        client.shutdown().await;
    }
}

#[tokio::test]
async fn records_without_end_and_inventories_without_measure_are_bounded() {
    let bmc = IpmiBmc::start(Bmc::default()).await.unwrap();
    let (client, target) = (client(), target(&bmc));
    let limits = || Limits::within(Duration::from_secs(20));
    for bug in [Bug::EndlessRecords, Bug::NoReservation] {
        bmc.lock().bugs.on(bug.clone());
        let mut operation = client.operation(&target, limits()).await.unwrap();
        operation.sensor_records().await.unwrap_err();
        if bug == Bug::EndlessRecords {
            operation.event_log().await.unwrap_err();
        } else {
            operation.clear_event_log().await.unwrap_err();
        }
        bmc.lock().bugs.heal();
    }
    bmc.lock().bugs.on(Bug::HugeInventory);
    let mut operation = client.operation(&target, limits()).await.unwrap();
    let read = operation.fru(0).await;
    assert!(read.is_err() || read.unwrap().len() <= 8192);
    drop(operation);
    client.shutdown().await;
}

#[tokio::test]
async fn the_state_that_alternates_is_told_as_it_is() {
    let bmc = IpmiBmc::start(Bmc::default()).await.unwrap();
    bmc.lock().bugs.on(Bug::AlternatingPower);
    let (client, target) = (client(), target(&bmc));
    let mut seen = Vec::new();
    for _ in 0..4 {
        seen.push(power(&client, &target).await.unwrap());
    }
    assert_eq!(seen, [true, false, true, false]);
    client.shutdown().await;
}
