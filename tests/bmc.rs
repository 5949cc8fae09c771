//! `ferric bmc` as an operator runs it: the executable itself, against BMCs on the loopback interface.
//!
//! `FERRIC_IPMI_SIM=127.0.0.1:9001 cargo test --test bmc -- --ignored` runs it against `ipmi_sim`
//! with the user `admin`/`password` configured.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;
use std::time::Duration;

use drivers_ipmi_client::session::{Credentials, Parameters, Privilege};
use drivers_ipmi_client::wire::message::{NetFn, Request};
use drivers_ipmi_client::{Client, ClientConfig, Limits, Target};
use drivers_sim::ipmi::{Bmc, Bug, IpmiBmc};
use schemas_db::{ConnectOptions, Database};
use schemas_model::interface::InterfaceKind;
use schemas_model::{Node, Uuid};
use serde_json::{Value, json};

const PASSWORD: &str = "Tr0ub4dor&3";

/// Runs the executable without anything of this process's environment.
async fn ferric(words: &[&str], password: &str) -> Output {
    let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    let password = password.to_owned();
    tokio::task::spawn_blocking(move || {
        Command::new(env!("CARGO_BIN_EXE_ferric"))
            .args(words)
            .env_clear()
            .env("HOME", "/nonexistent")
            .env("FERRIC_BMC_PASSWORD", password)
            .output()
            .unwrap()
    })
    .await
    .unwrap()
}

/// What it says on standard output when all is well.
fn said(output: &Output) -> String {
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(output.stderr.is_empty());
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Why it failed.
fn complained(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr.clone()).unwrap()
}

async fn bmc() -> IpmiBmc {
    IpmiBmc::start(Bmc {
        password: PASSWORD.to_owned(),
        ..Bmc::default()
    })
    .await
    .unwrap()
}

/// Asks the BMC at its address.
async fn ask(bmc: &IpmiBmc, action: &[&str]) -> Output {
    let port = bmc.address().port().to_string();
    let at = [
        "bmc",
        "--address",
        "127.0.0.1",
        "--port",
        &port,
        "--user",
        "admin",
    ];
    ferric(&[&at[..], action].concat(), PASSWORD).await
}

async fn told(bmc: &IpmiBmc, action: &[&str]) -> Value {
    let output = ask(bmc, &[action, &["--json"]].concat()).await;
    serde_json::from_str(&said(&output)).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_action_shows_what_the_bmc_has() {
    let bmc = bmc().await;
    bmc.lock().machine.on = true;
    let power = said(&ask(&bmc, &["power", "status"]).await);
    assert_eq!(
        power,
        "Power state  Faults\n-----------  ------\npower on     none\n"
    );
    let info = told(&bmc, &["info"]).await;
    assert_eq!(
        (&info["manufacturer"], &info["ipmi"]),
        (&json!("Intel Corporation"), &json!("2.0"))
    );
    assert_eq!(info["firmware"], "2.10");

    let fru = told(&bmc, &["fru"]).await;
    assert_eq!(fru["product"]["serial_number"], "SIM000001");
    assert_eq!(fru["board"]["manufacturer"], "Contoso");
    let supply = said(&ask(&bmc, &["fru", "--device", "1"]).await);
    assert!(supply.contains("board  serial number  PS0001"), "{supply}");

    let sensors = told(&bmc, &["sensors"]).await;
    let sensor = |name: &str| {
        let all = sensors.as_array().unwrap().iter();
        all.clone()
            .find(|sensor| sensor["name"] == name)
            .unwrap()
            .clone()
    };
    assert_eq!(sensor("CPU Temp")["unit"], "degrees C");
    assert_eq!(sensor("CPU Temp")["status"], "ok");
    assert!(sensor("FAN 1")["value"].as_f64().unwrap() > 1000.0);
    assert_eq!(sensor("PS1 Status")["value"], Value::Null);
    assert_eq!(sensor("PS1 Status")["status"], "Presence detected");
    assert!(said(&ask(&bmc, &["sensors"]).await).contains("degrees C"));

    let light = ask(&bmc, &["identify", "30"]).await;
    assert_eq!(said(&light), "the identify light is on for 30 s\n");
    said(&ask(&bmc, &["identify", "off"]).await);
    assert_eq!(bmc.lock().count(0x00, 0x04), 2);
    // Whatever was asked, no session is left to take a slot.
    assert!(bmc.lock().sessions.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_event_log_is_listed_and_erased() {
    let bmc = bmc().await;
    bmc.lock().controller.log.erase_polls = 1;
    let events = told(&bmc, &["sel", "list"]).await;
    let third = &events.as_array().unwrap()[2];
    assert_eq!(third["time"], "2023-09-12T06:07:28Z");
    assert_eq!(third["sensor_type"], "Power Supply");
    assert_eq!(third["event"], "Power Supply input lost (AC/DC)");
    assert_eq!(
        (&third["direction"], &third["id"]),
        (&json!("asserted"), &json!(3))
    );
    let table = said(&ask(&bmc, &["sel", "list"]).await);
    assert!(
        table.contains("3   2023-09-12 06:07:28  Power Supply 0x08"),
        "{table}"
    );
    let erased = said(&ask(&bmc, &["sel", "clear"]).await);
    assert_eq!(
        erased,
        format!("erased the event log of BMC {}\n", bmc.address())
    );
    assert!(bmc.lock().controller.log.entries.is_empty());
    assert_eq!(told(&bmc, &["sel", "list"]).await, json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn failures_name_the_bmc_and_what_to_do_and_no_password() {
    let bmc = bmc().await;
    let port = bmc.address().port().to_string();
    let at = [
        "bmc",
        "--address",
        "127.0.0.1",
        "--port",
        &port,
        "--user",
        "admin",
    ];
    let wrong = complained(&ferric(&[&at[..], &["info"]].concat(), "a guess").await);
    for part in [
        &*format!("on BMC 127.0.0.1:{port}"),
        "Get Device ID",
        "wrong user name or password",
        "correct --user, and the password in --password-file or FERRIC_BMC_PASSWORD",
    ] {
        assert!(wrong.contains(part), "{part}: {wrong}");
    }
    assert!(!wrong.contains("a guess"));
    assert!(bmc.lock().refused_logins <= 1, "an account would be locked");
    let refused = complained(&ask(&bmc, &["fru", "--device", "77"]).await);
    assert!(refused.contains("Get FRU Inventory Area Info"), "{refused}");
    bmc.lock().bugs.on(Bug::EndlessRecords);
    let endless = complained(&ask(&bmc, &["sensors"]).await);
    assert!(endless.contains("has no end"), "{endless}");
}

/// A configuration whose database has two nodes: one of IPMI, one that nothing is known of.
async fn site(directory: &Path, port: u16) -> PathBuf {
    let url = format!("sqlite:///{}", directory.join("ironic.sqlite").display());
    let file = directory.join("ironic.conf");
    std::fs::write(&file, format!("[database]\nconnection = {url}\n")).unwrap();
    let database = Database::connect(&ConnectOptions::new(url)).await.unwrap();
    database.create_schema().await.unwrap();
    let mut node = Node::new(Uuid::random(), "ipmi");
    node.name = Some("rack1-7".to_owned());
    for kind in [InterfaceKind::Power, InterfaceKind::Management] {
        node.interfaces.set(kind, Some("ipmitool".to_owned()));
    }
    for (name, value) in [
        ("ipmi_address", json!("127.0.0.1")),
        ("ipmi_port", json!(port)),
        ("ipmi_username", json!("admin")),
        ("ipmi_password", json!(PASSWORD)),
    ] {
        node.driver_info.set(name, value);
    }
    database.node_insert(&node).await.unwrap();
    let mut other = Node::new(Uuid::random(), "redfish");
    other.name = Some("rack1-8".to_owned());
    other
        .interfaces
        .set(InterfaceKind::Power, Some("redfish".to_owned()));
    database.node_insert(&other).await.unwrap();
    file
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_says_how_its_bmc_is_reached() {
    let bmc = bmc().await;
    let directory = tempfile::tempdir().unwrap();
    let file = site(directory.path(), bmc.address().port()).await;
    let file = file.to_str().unwrap();
    let of = |words: &'static str| async move {
        let words: Vec<&str> = words.split(' ').collect();
        ferric(
            &[&["bmc", "--config-file", file], &words[..]].concat(),
            "not this one",
        )
        .await
    };
    let power: Value = serde_json::from_str(&said(&of("rack1-7 power --json").await)).unwrap();
    assert_eq!(power, json!({"power_state": "power off", "faults": []}));
    let redfish = complained(&of("rack1-8 info").await);
    assert!(
        redfish.contains("driver redfish with power interface redfish"),
        "{redfish}"
    );
    let missing = complained(&of("rack1-9 info").await);
    assert!(missing.contains("rack1-9"), "{missing}");
    assert!(missing.contains("--config-file"), "{missing}");
    bmc.lock().password = "changed".to_owned();
    let wrong = complained(&of("rack1-7 sel list").await);
    for part in [
        "node rack1-7: ",
        "correct ipmi_username and ipmi_password in its driver_info",
    ] {
        assert!(wrong.contains(part), "{part}: {wrong}");
    }
    assert!(!wrong.contains(PASSWORD));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_password_is_the_first_line_of_a_file() {
    let bmc = bmc().await;
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("password");
    std::fs::write(&file, format!("{PASSWORD}\nnot this\n")).unwrap();
    let (port, file) = (bmc.address().port().to_string(), file.to_str().unwrap());
    let words = [
        "bmc",
        "--address",
        "127.0.0.1",
        "--port",
        &port,
        "--user",
        "admin",
    ];
    let with = async |file: &str| {
        ferric(
            &[&words[..], &["--password-file", file, "power"]].concat(),
            "",
        )
        .await
    };
    said(&with(file).await);
    assert!(
        complained(&with("/nonexistent/file").await)
            .contains("the password file /nonexistent/file cannot be read")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs ipmi_sim with an inventory and an event log"]
async fn ipmi_sim_shows_its_log_and_its_inventory() {
    let address = std::env::var("FERRIC_IPMI_SIM").expect("FERRIC_IPMI_SIM=host:port");
    let (host, port) = address.rsplit_once(':').unwrap();
    let ask = |words: &'static str| async move {
        let at = [
            "bmc",
            "--json",
            "--address",
            host,
            "--port",
            port,
            "--user",
            "admin",
        ];
        let words: Vec<&str> = words.split(' ').collect();
        let output = ferric(
            &[&at[..], &["--cipher-suite", "3"], &words[..]].concat(),
            "password",
        )
        .await;
        serde_json::from_str::<Value>(&said(&output)).unwrap()
    };
    assert_eq!(ask("sel clear").await, json!({"cleared": true}));
    assert_eq!(ask("sel list").await, json!([]));
    add_event(host, port.parse().unwrap()).await;
    let events = ask("sel list").await;
    let events = events.as_array().unwrap();
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["sensor_type"], "Power Supply");
    assert_eq!(events[0]["event"], "Power Supply Failure detected");
    assert_eq!(events[0]["direction"], "asserted");
    ask("sel clear").await;
    assert_eq!(ask("sel list").await, json!([]));
    let fru = ask("fru").await;
    assert!(fru["board"]["manufacturer"].is_string(), "{fru}");
    assert_eq!(
        ask("info").await["manufacturer"],
        "MontaVista Software, Inc."
    );
    assert!(!ask("sensors").await.as_array().unwrap().is_empty());
}

/// Add SEL Entry: a power supply has failed.
async fn add_event(host: &str, port: u16) {
    let credentials = Credentials::new("admin", &"password".into(), None).unwrap();
    let parameters = Parameters::v20(credentials, Privilege::Administrator, &[3]).unwrap();
    let target = Target {
        host: host.to_owned(),
        port,
        parameters: Arc::new(parameters),
        route: None,
    };
    let client = Client::new(ClientConfig::default());
    let limits = Limits::within(Duration::from_secs(10));
    let mut bmc = client.operation(&target, limits).await.unwrap();
    let data = vec![
        0, 0, 2, 0, 0, 0, 0x65, 0x20, 0, 4, 0x08, 0x01, 0x6f, 0x01, 0xff, 0xff,
    ];
    bmc.raw(&Request {
        netfn: NetFn::STORAGE,
        lun: 0,
        command: 0x44,
        data,
    })
    .await
    .unwrap();
    bmc.close().await;
    client.shutdown().await;
}
