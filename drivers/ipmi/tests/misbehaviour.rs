//! Every misbehaviour of the simulator × every kind of operation: what can be endured is, and the rest
//! ends in time in a typed fault that names the node and the BMC and tells no credential.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod node;

use std::time::Duration;

use drivers_interface::{HttpMethod, Management, Power, Vendor};
use drivers_ipmi::{Bmcs, IpmitoolManagement, IpmitoolPower, IpmitoolVendor};
use drivers_ipmi_client::{Client, ClientConfig, Error, Limits, Operation};
use drivers_sim::ipmi::bug::Switch;
use drivers_sim::ipmi::{Bmc, Bug, IpmiBmc};
use node::TestTask;
use schemas_model::boot::BootDevice;
use schemas_model::power::PowerState;
use schemas_model::{Class, Fault, Object};
use serde_json::json;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio::time::timeout;

const PASSWORD: &str = "S3cret-of-this-BMC";
/// The slowest story, on a machine that tests of other crates keep busy; without deadlines it would
/// have no end.
const IN_TIME: Duration = Duration::from_secs(120);
/// Stories told at once, of all tests: they mostly wait, but more would make the machine itself slow.
static AT_ONCE: Semaphore = Semaphore::const_new(96);

/// THE table of kinds of operations.
const OPERATIONS: &[&str] = &[
    "power state",
    "power on",
    "power off",
    "soft power off",
    "reboot",
    "boot device",
    "set boot device",
    "set BIOS boot device",
    "sensors",
    "NMI",
    "vendor",
    "indicator",
    "set indicator",
    "raw",
    "warm reset",
    "cold reset",
    "event log",
    "clear event log",
    "inventory",
    "console",
];

/// Misbehaviours that leave nothing to work with, whether or not a session is open already.
fn hopeless() -> Vec<Bug> {
    vec![
        Bug::Silent,
        Bug::Slow(Duration::from_secs(60)),
        Bug::Lose(1),
        Bug::LoseRequests(1),
        Bug::WrongSequence,
        Bug::BadIntegrity,
        Bug::Truncated(0),
        Bug::Truncated(20),
        Bug::Garbage,
        Bug::Huge,
        Bug::WrongLength,
        Bug::Refuse(0xc0),
        Bug::Refuse(0xff),
        Bug::Restart,
    ]
}

/// Misbehaviours that leave no way in.
fn closed() -> Vec<Bug> {
    vec![
        Bug::Replay,
        Bug::Downgrade,
        Bug::WrongPassword,
        Bug::SessionsFull,
    ]
}

/// Misbehaviours that retransmission, a new session or a moment of patience carry every operation over.
fn endurable() -> Vec<Switch> {
    vec![
        Bug::LosePercent(10).into(),
        Bug::Lose(3).into(),
        Bug::LoseRequests(4).into(),
        Bug::Duplicate.into(),
        Bug::Reorder.into(),
        Bug::Slow(Duration::from_millis(30)).into(),
        Bug::FormerSession.into(),
        Bug::Silent.times(2),
        Bug::WrongSequence.times(1),
        Bug::BadIntegrity.times(1),
        Bug::Truncated(20).times(1),
        Bug::Garbage.times(1),
        Bug::Huge.times(1),
        Bug::WrongLength.times(1),
        Bug::SessionsFull.times(1),
        Bug::Refuse(0xc0).times(1),
        Bug::Restart.times(1),
        Bug::RestartAt(2).into(),
    ]
}

/// Over IPMI 1.5 an activation whose every answer is late looks like a wrong password, and a third one
/// might lock the account.
fn endurable_15() -> Vec<Switch> {
    let reorder = Switch::from(Bug::Reorder);
    let mut all = endurable();
    all.retain(|switch| *switch != reorder);
    all
}

/// Misbehaviours that some operations do not meet, or that make some fail.
fn partial() -> Vec<Bug> {
    vec![
        Bug::AlternatingPower,
        Bug::NoReservation,
        Bug::EndlessRecords,
        Bug::HugeInventory,
        Bug::DeafPower,
        Bug::DeafBootFlags,
        Bug::SilentReset,
        Bug::DeafSatellites,
    ]
}

fn object(name: &str, value: serde_json::Value) -> Object {
    [(name.to_owned(), value)].into_iter().collect()
}

/// What has no interface, and is reached by `ferric bmc`.
async fn directly(
    client: &Client,
    task: &TestTask,
    work: impl AsyncFn(&mut Operation) -> Result<(), Error>,
) -> Result<(), Fault> {
    let target = drivers_ipmi::target(&task.node, &task.config)?;
    let patience = Duration::from_secs(task.config.ipmi.command_retry_timeout.cast_unsigned());
    let mut ended = Ok(());
    // A reader tries again.
    for _ in 0..2 {
        let limits = Limits::within(patience);
        ended = match client.operation(&target, limits).await {
            Ok(mut operation) => work(&mut operation).await,
            Err(error) => Err(error),
        };
        if ended.is_ok() {
            break;
        }
    }
    ended.map_err(|error| {
        let node = &task.node.uuid;
        Fault::new(Class::IPMIFailure, format!("node {node}: {error}"))
    })
}

/// Opens the serial line, and closes it in the BMC.
async fn console(client: &Client, task: &TestTask) -> Result<(), Fault> {
    let target = drivers_ipmi::target(&task.node, &task.config)?;
    let patience = Duration::from_secs(task.config.ipmi.command_retry_timeout.cast_unsigned());
    let opened = client.serial_line(&target, Limits::within(patience)).await;
    let line = match opened {
        Ok(line) => line,
        // A console is opened again.
        Err(error) if error.failure.is_transient() => client
            .serial_line(&target, Limits::within(patience))
            .await
            .map_err(|error| named(task, &error))?,
        Err(error) => return Err(named(task, &error)),
    };
    let (input, typed) = mpsc::channel(1);
    let (shown, _seen) = mpsc::channel(8);
    drop(input);
    line.carry(typed, shown)
        .await
        .map_err(|error| named(task, &error))
}

fn named(task: &TestTask, error: &Error) -> Fault {
    let node = &task.node.uuid;
    Fault::new(Class::IPMIFailure, format!("node {node}: {error}"))
}

async fn operate(name: &str, task: &mut TestTask, client: &Client) -> Result<(), Fault> {
    let bmcs = Bmcs::new(client.clone());
    let power = IpmitoolPower::new(bmcs.clone());
    let management = IpmitoolManagement::new(bmcs.clone());
    let vendor = IpmitoolVendor::new(bmcs);
    let patience = Some(Duration::from_secs(4));
    let post = async |task: &mut TestTask, method, info| {
        vendor
            .call(task, method, HttpMethod::Post, &info)
            .await
            .map(drop)
    };
    match name {
        "power state" => power.power_state(task).await.map(drop),
        "power on" => {
            let on = PowerState::On;
            power.set_power_state(task, on, patience).await
        }
        "power off" => {
            let off = PowerState::Off;
            power.set_power_state(task, off, patience).await
        }
        "soft power off" => {
            let off = PowerState::SoftOff;
            power.set_power_state(task, off, patience).await
        }
        "reboot" => power.reboot(task, patience).await,
        "boot device" => management.boot_device(task).await.map(drop),
        "set boot device" => {
            let pxe = BootDevice::Pxe;
            management.set_boot_device(task, pxe, true).await
        }
        "set BIOS boot device" => {
            task.node.properties.set("capabilities", "boot_mode:bios");
            let disk = BootDevice::Disk;
            management.set_boot_device(task, disk, false).await
        }
        "sensors" => management.sensors_data(task).await.map(drop),
        "NMI" => management.inject_nmi(task).await,
        "vendor" => management.detect_vendor(task).await.map(drop),
        "indicator" => management
            .indicator_state(task, "chassis", "identify")
            .await
            .map(drop),
        "set indicator" => {
            management
                .set_indicator_state(task, "chassis", "identify", "on")
                .await
        }
        "raw" => post(task, "send_raw", object("raw_bytes", json!("0x06 0x01"))).await,
        "warm reset" => post(task, "bmc_reset", object("warm", json!(true))).await,
        "cold reset" => post(task, "bmc_reset", object("warm", json!(false))).await,
        "event log" => directly(client, task, async |bmc| bmc.event_log().await.map(drop)).await,
        "clear event log" => directly(client, task, async |bmc| bmc.clear_event_log().await).await,
        "inventory" => directly(client, task, async |bmc| bmc.inventory(0).await.map(drop)).await,
        "console" => console(client, task).await,
        other => panic!("no operation is called {other}"),
    }
}

/// A story: an operation with a BMC of this misbehaviour, which begins before the first session or
/// after it.
#[derive(Debug, Clone)]
struct Story {
    operation: &'static str,
    switch: Switch,
    version: &'static str,
    kept: bool,
    /// `[ipmi]command_retry_timeout`, in seconds.
    patience: i64,
}

impl Story {
    async fn machine(&self) -> (IpmiBmc, TestTask) {
        let mut bmc = Bmc {
            password: PASSWORD[..16].to_owned(),
            ..Bmc::default()
        };
        bmc.machine.on = true;
        // Sessions that a restart or a loss leaves behind are forgotten by the minute.
        bmc.slots = 32;
        bmc.timing.reset = Duration::from_millis(100);
        let bmc = IpmiBmc::start(bmc).await.unwrap();
        let mut task = TestTask::new(json!({
            "ipmi_address": "127.0.0.1",
            "ipmi_port": bmc.address().port(),
            "ipmi_username": "admin",
            "ipmi_password": PASSWORD[..16],
            "ipmi_protocol_version": self.version,
        }));
        task.configure(|config| config.ipmi.command_retry_timeout = self.patience);
        (bmc, task)
    }

    /// Tells it; what the operation came to.
    async fn tell(&self) -> Result<(), Fault> {
        let (bmc, mut task) = self.machine().await;
        let client = Client::new(ClientConfig::default());
        if self.kept {
            operate("power state", &mut task, &client).await.unwrap();
        }
        bmc.lock().bugs.on(self.switch.clone());
        let told = operate(self.operation, &mut task, &client);
        let result = timeout(IN_TIME, told)
            .await
            .unwrap_or_else(|_| panic!("{self:?} has no end"));
        if let Err(fault) = &result {
            let typed = [
                Class::IPMIFailure,
                Class::FailedToGetSensorData,
                Class::PowerStateFailure,
            ];
            assert!(
                typed.contains(&fault.class),
                "{self:?}: {}: {fault}",
                fault.class
            );
            let node = task.node.uuid.as_str();
            assert!(fault.message.contains(node), "{self:?}: no node: {fault}");
            assert!(
                fault.message.contains("127.0.0.1"),
                "{self:?}: no BMC: {fault}"
            );
            let shown = format!("{fault} {fault:?}");
            assert!(!shown.contains(&PASSWORD[..16]), "{self:?}: {shown}");
        }
        assert!(bmc.lock().logins <= 64, "{self:?}");
        assert!(bmc.lock().refused_logins <= 1, "{self:?}");
        client.shutdown().await;
        result
    }
}

/// Tells all stories; those that failed, with how, and the number of those that did not.
async fn tell_all(stories: Vec<Story>) -> (Vec<String>, Vec<String>) {
    let mut telling = JoinSet::new();
    for story in stories {
        telling.spawn(async move {
            let _slot = AT_ONCE.acquire().await.unwrap();
            let told = story.tell().await;
            (format!("{story:?}"), told)
        });
    }
    let (mut failed, mut worked) = (vec![], vec![]);
    for (story, told) in telling.join_all().await {
        match told {
            Ok(()) => worked.push(story),
            Err(fault) => failed.push(format!("{story}: {fault}")),
        }
    }
    (failed, worked)
}

fn stories(
    switches: Vec<Switch>,
    version: &'static str,
    kept: bool,
    patience: i64,
) -> impl Iterator<Item = Story> {
    OPERATIONS.iter().flat_map(move |operation| {
        switches.clone().into_iter().map(move |switch| Story {
            operation,
            switch,
            version,
            kept,
            patience,
        })
    })
}

/// Serial lines need IPMI 2.0.
fn old(switches: Vec<Switch>, patience: i64) -> impl Iterator<Item = Story> {
    stories(switches, "1.5", false, patience).filter(|story| story.operation != "console")
}

fn switches(bugs: Vec<Bug>) -> Vec<Switch> {
    bugs.into_iter().map(Switch::from).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_works_with_a_bmc_that_makes_no_sense() {
    let all = stories(switches(hopeless()), "2.0", false, 2)
        .chain(stories(switches(hopeless()), "2.0", true, 2))
        .chain(stories(switches(closed()), "2.0", false, 2));
    // Packets of IPMI 1.5 may have bytes behind the message.
    let old_too = hopeless().into_iter().filter(|bug| *bug != Bug::Huge);
    let all = all.chain(old(old_too.map(Switch::from).collect(), 2));
    let (_, worked) = tell_all(all.collect()).await;
    assert!(worked.is_empty(), "{worked:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_works_with_a_bmc_that_can_be_endured() {
    let all = stories(endurable(), "2.0", false, 60)
        .chain(stories(endurable(), "2.0", true, 60))
        .chain(old(endurable_15(), 60));
    let (failed, _) = tell_all(all.collect()).await;
    assert!(failed.is_empty(), "{failed:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_ends_with_a_bmc_that_is_wrong_in_part() {
    let all = stories(switches(partial()), "2.0", false, 8);
    let (failed, worked) = tell_all(all.collect()).await;
    let told = |all: &[String], operation: &str, bug: &str| {
        let operation = format!("\"{operation}\"");
        all.iter()
            .any(|story| story.contains(&operation) && story.contains(bug))
    };
    for (operation, bug) in [
        ("power off", "DeafPower"),
        ("set boot device", "DeafBootFlags"),
        ("sensors", "NoReservation"),
        ("sensors", "EndlessRecords"),
        ("event log", "EndlessRecords"),
    ] {
        assert!(told(&failed, operation, bug), "{operation}: {bug}");
    }
    for (operation, bug) in [
        ("power state", "AlternatingPower"),
        ("power off", "AlternatingPower"),
        ("cold reset", "SilentReset"),
        ("warm reset", "SilentReset"),
        ("power state", "EndlessRecords"),
    ] {
        assert!(told(&worked, operation, bug), "{operation}: {bug}");
    }
}
