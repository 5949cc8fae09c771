//! The client with its sockets and kept sessions, against BMCs on the loopback interface.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use drivers_ipmi_client::command::chassis::GetChassisStatus;
use drivers_ipmi_client::command::device_id::GetDeviceId;
use drivers_ipmi_client::procedure::ResetKind;
use drivers_ipmi_client::session::retry::Retry;
use drivers_ipmi_client::session::{Credentials, Parameters, Privilege};
use drivers_ipmi_client::wire::bridge::{Hop, Route};
use drivers_ipmi_client::{Client, ClientConfig, Failure, Limits, Target};
use drivers_sim::ipmi::{Bmc, Bug, Controller, IpmiBmc, Satellite};
use tokio::net::UdpSocket;

/// Serves a BMC until the test ends.
async fn serve(bmc: Bmc) -> (Arc<Mutex<Bmc>>, Target) {
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
    (bmc, target(port))
}

fn target(port: u16) -> Target {
    let credentials = Credentials::new("admin", &"password".into(), None).unwrap();
    let parameters = Parameters::v20(credentials, Privilege::Administrator, &[17]).unwrap();
    Target {
        host: "127.0.0.1".into(),
        port,
        parameters: Arc::new(parameters),
        route: None,
    }
}

fn target_of(bmc: &IpmiBmc) -> Target {
    target(bmc.address().port())
}

/// Waits are short so that lost sessions are noticed quickly.
fn config() -> ClientConfig {
    let retry = Retry {
        first: Duration::from_millis(50),
        longest: Duration::from_millis(100),
        sends: 4,
        early: None,
    };
    ClientConfig {
        retry,
        retry_kept: Retry { sends: 2, ..retry },
        ..ClientConfig::default()
    }
}

fn limits() -> Limits {
    Limits::within(Duration::from_secs(5))
}

async fn power_on(client: &Client, target: &Target) -> Result<bool, drivers_ipmi_client::Error> {
    let mut bmc = client.operation(target, limits()).await?;
    Ok(bmc.run(&GetChassisStatus).await?.power_on)
}

#[tokio::test]
async fn a_session_is_opened_once_and_used_again() {
    let (bmc, target) = serve(Bmc::default()).await;
    let client = Client::new(config());
    for _ in 0..10 {
        assert!(!power_on(&client, &target).await.unwrap());
    }
    let opened = bmc
        .lock()
        .unwrap()
        .executed
        .iter()
        .filter(|(netfn, command, _)| (*netfn, *command) == (0x06, 0x3b))
        .count();
    assert_eq!(opened, 1, "one Set Session Privilege Level");
    client.shutdown().await;
    assert!(bmc.lock().unwrap().sessions.is_empty(), "closed, not left");
}

#[tokio::test]
async fn a_session_the_bmc_forgot_is_replaced_within_the_operation() {
    let (bmc, target) = serve(Bmc::default()).await;
    let client = Client::new(config());
    power_on(&client, &target).await.unwrap();
    {
        let mut bmc = bmc.lock().unwrap();
        bmc.sessions.clear();
        bmc.machine.on = true;
    }
    assert!(power_on(&client, &target).await.unwrap());
    client.shutdown().await;
}

#[tokio::test]
async fn a_session_lost_right_after_it_was_opened_costs_a_few_datagrams() {
    let bmc = IpmiBmc::start(Bmc::default()).await.unwrap();
    {
        let mut bmc = bmc.lock();
        bmc.timing.reset = Duration::ZERO;
        bmc.machine.on = true;
        // The first command finds no session any more.
        bmc.bugs.on(Bug::Restart.times(1));
    }
    let client = Client::new(ClientConfig::default());
    let began = Instant::now();
    assert!(power_on(&client, &target_of(&bmc)).await.unwrap());
    // A second, and two: as long as a kept session that was lost.
    assert!(
        began.elapsed() < Duration::from_millis(3500),
        "{:?}",
        began.elapsed()
    );
    client.shutdown().await;
}

#[tokio::test]
async fn a_slow_bmc_keeps_its_session() {
    let bmc = IpmiBmc::start(Bmc::default()).await.unwrap();
    let retry = Retry {
        first: Duration::from_millis(50),
        longest: Duration::from_millis(400),
        sends: 4,
        early: None,
    };
    // Longer than both waits of a session that may be lost, had it answered quickly before.
    bmc.lock().bugs.on(Bug::Slow(Duration::from_millis(180)));
    let client = Client::new(ClientConfig {
        retry,
        retry_kept: Retry { sends: 2, ..retry },
        ..config()
    });
    for _ in 0..3 {
        power_on(&client, &target_of(&bmc)).await.unwrap();
    }
    assert_eq!(bmc.lock().count(0x06, 0x3b), 1, "one session was opened");
    client.shutdown().await;
}

#[tokio::test]
async fn silence_of_a_controller_behind_the_bmc_does_not_cost_the_session() {
    let bmc = IpmiBmc::start(Bmc {
        satellites: vec![Satellite {
            channel: 0,
            address: 0x72,
            controller: Controller::default(),
            behind: vec![],
        }],
        ..Bmc::default()
    })
    .await
    .unwrap();
    bmc.lock().bugs.on(Bug::DeafSatellites);
    let client = Client::new(config());
    let mut target = target_of(&bmc);
    power_on(&client, &target).await.unwrap();
    target.route = Some(Route {
        transit: None,
        target: Hop {
            channel: 0,
            address: 0x72,
        },
        local_address: 0x20,
    });
    let mut operation = client
        .operation(&target, Limits::within(Duration::from_secs(30)))
        .await
        .unwrap();
    let error = operation.run(&GetDeviceId).await.unwrap_err();
    assert!(matches!(error.failure, Failure::Timeout { .. }), "{error}");
    drop(operation);
    target.route = None;
    power_on(&client, &target).await.unwrap();
    assert_eq!(bmc.lock().count(0x06, 0x3b), 1, "one session was opened");
    client.shutdown().await;
}

#[tokio::test]
async fn a_bmc_that_restarts_at_once_is_not_waited_for_and_restarted_once() {
    for kind in [ResetKind::Warm, ResetKind::Cold] {
        let bmc = IpmiBmc::start(Bmc::default()).await.unwrap();
        bmc.lock().bugs.on(Bug::SilentReset);
        let client = Client::new(ClientConfig::default());
        let target = target_of(&bmc);
        let began = Instant::now();
        let mut operation = client.operation(&target, limits()).await.unwrap();
        operation.reset_bmc(kind).await.unwrap();
        drop(operation);
        assert!(
            began.elapsed() < Duration::from_millis(3500),
            "{kind:?}: {:?}",
            began.elapsed()
        );
        let count = |command| bmc.lock().count(0x06, command);
        let resets = count(0x02) + count(0x03);
        assert_eq!(resets, 1);
        power_on(&client, &target).await.unwrap();
        client.shutdown().await;
    }
}

#[tokio::test]
async fn operations_on_one_bmc_take_turns_and_those_on_others_do_not_wait() {
    let (_bmc, target) = serve(Bmc::default()).await;
    let (_other, elsewhere) = serve(Bmc::default()).await;
    let client = Client::new(config());
    let held = client.operation(&target, limits()).await.unwrap();
    let soon = Limits::within(Duration::from_millis(50));
    let error = client.operation(&target, soon).await.unwrap_err();
    assert!(matches!(
        error.failure,
        Failure::Timeout { unanswered: 0, .. }
    ));
    power_on(&client, &elsewhere).await.unwrap();
    drop(held);
    power_on(&client, &target).await.unwrap();
    client.shutdown().await;
}

#[tokio::test]
async fn the_minimum_interval_lies_between_operations() {
    let (_bmc, target) = serve(Bmc::default()).await;
    let client = Client::new(config());
    power_on(&client, &target).await.unwrap();
    let interval = Duration::from_millis(200);
    let began = Instant::now();
    let limits = Limits {
        interval,
        ..limits()
    };
    let mut bmc = client.operation(&target, limits).await.unwrap();
    bmc.run(&GetChassisStatus).await.unwrap();
    assert!(began.elapsed() >= interval);
    drop(bmc);
    client.shutdown().await;
}

#[tokio::test]
async fn the_pool_is_bounded_and_closes_the_session_idle_longest() {
    let client = Client::new(ClientConfig {
        sessions: 2,
        ..config()
    });
    let mut bmcs = vec![];
    for _ in 0..3 {
        let (bmc, target) = serve(Bmc::default()).await;
        power_on(&client, &target).await.unwrap();
        bmcs.push(bmc);
    }
    assert_eq!(client.kept(), 2);
    client.shutdown().await;
    for bmc in bmcs {
        assert!(bmc.lock().unwrap().sessions.is_empty());
    }
}

#[tokio::test]
async fn a_command_is_refused_in_words() {
    let mut bmc = Bmc::default();
    bmc.raw_replies.insert((0x00, 0x01), Err(0xc0));
    let (_bmc, target) = serve(bmc).await;
    let client = Client::new(config());
    let error = power_on(&client, &target).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "Get Chassis Status on BMC 127.0.0.1:{} (IPMI 2.0, cipher suite 17, privilege \
             ADMINISTRATOR) failed: completion code 0xc0 (node busy)",
            target.port
        )
    );
    assert!(error.failure.is_transient());
    client.shutdown().await;
}

#[tokio::test]
async fn a_reset_bmc_gets_one_reset_and_a_new_session_afterwards() {
    let (bmc, target) = serve(Bmc::default()).await;
    bmc.lock().unwrap().timing.reset = Duration::ZERO;
    let client = Client::new(config());
    let mut operation = client.operation(&target, limits()).await.unwrap();
    operation.reset_bmc(ResetKind::Cold).await.unwrap();
    drop(operation);
    let resets = |bmc: &Bmc| {
        bmc.executed
            .iter()
            .filter(|(netfn, command, _)| (*netfn, *command) == (0x06, 0x02))
            .count()
    };
    assert_eq!(resets(&bmc.lock().unwrap()), 1);
    bmc.lock().unwrap().sessions.clear();
    power_on(&client, &target).await.unwrap();
    client.shutdown().await;
}

#[tokio::test]
async fn dropping_a_command_half_way_leaves_the_session_usable() {
    let (bmc, target) = serve(Bmc::default()).await;
    let client = Client::new(config());
    power_on(&client, &target).await.unwrap();
    {
        // Nobody answers while the test holds the BMC.
        let _held = bmc.lock().unwrap();
        let started = power_on(&client, &target);
        let polled = futures::FutureExt::now_or_never(started);
        assert!(polled.is_none(), "the answer cannot be there yet");
    }
    assert!(!power_on(&client, &target).await.unwrap());
    client.shutdown().await;
}

/// Get Device ID is what keeps a session alive.
fn keepalives(bmc: &Arc<Mutex<Bmc>>) -> usize {
    let bmc = bmc.lock().unwrap();
    let asked = |row: &&(u8, u8, Vec<u8>)| (row.0, row.1) == (0x06, 0x01);
    bmc.executed.iter().filter(asked).count()
}

/// Waits until `done`, at most two seconds.
async fn until(done: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(2);
    while !done() {
        assert!(Instant::now() < deadline, "it never happens");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn a_quiet_session_is_kept_alive_and_an_idle_one_closed() {
    let (bmc, target) = serve(Bmc::default()).await;
    let client = Client::new(ClientConfig {
        upkeep: Duration::from_millis(20),
        keepalive: Duration::from_millis(50),
        idle: Duration::from_millis(500),
        ..config()
    });
    power_on(&client, &target).await.unwrap();
    until(|| keepalives(&bmc) >= 2).await;
    assert_eq!(client.kept(), 1);
    until(|| client.kept() == 0 && bmc.lock().unwrap().sessions.is_empty()).await;
    client.shutdown().await;
}

#[tokio::test]
async fn a_pool_full_of_sessions_in_use_refuses_more() {
    let client = Client::new(ClientConfig {
        sessions: 1,
        ..config()
    });
    let (_bmc, target) = serve(Bmc::default()).await;
    let (_other, elsewhere) = serve(Bmc::default()).await;
    let held = client.operation(&target, limits()).await.unwrap();
    let error = client.operation(&elsewhere, limits()).await.unwrap_err();
    assert!(matches!(error.failure, Failure::Overloaded));
    drop(held);
    power_on(&client, &elsewhere).await.unwrap();
    client.shutdown().await;
}

#[tokio::test]
async fn sensor_records_are_read_in_parts_whoever_disturbs() {
    let mut bmc = Bmc::default();
    let mut records = Vec::new();
    // Three sensors with names of different lengths.
    for name in ["CPU", "Inlet Temp", "A sensor's name"] {
        let mut body = vec![0x20, 0, 1, 7, 1, 0x7f, 0x68, 1, 1];
        body.extend([0; 6]);
        body.extend([0x80, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff]);
        body.extend([0; 12]);
        body.push(0xc0 | u8::try_from(name.len()).unwrap());
        body.extend(name.bytes());
        let id = u16::try_from(records.len() + 1).unwrap();
        let mut record = id.to_le_bytes().to_vec();
        record.extend([0x51, 1, u8::try_from(body.len()).unwrap()]);
        record.extend(body);
        records.push(record);
    }
    bmc.controller.records = records.into();
    // Somebody else reserves the repository every few reads, and the buffers are small.
    bmc.controller.reservation_lost_every = 11;
    bmc.controller.sdr_part_max = 16;
    let (_bmc, target) = serve(bmc).await;
    let client = Client::new(config());
    let mut operation = client.operation(&target, limits()).await.unwrap();
    let sensors = operation.sensor_records().await.unwrap();
    let names: Vec<_> = sensors.iter().map(|sensor| &*sensor.name).collect();
    assert_eq!(names, ["CPU", "Inlet Temp", "A sensor's name"]);
    drop(operation);
    client.shutdown().await;
}
