//! The console interface without a BMC: what it checks, what it keeps with the node.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod node;

use drivers_console::Consoles;
use drivers_interface::{Console, Interface, Task};
use drivers_ipmi::{Bmcs, IpmitoolSocat};
use node::TestTask;
use schemas_config::value::PortRange;
use schemas_model::Class;
use serde_json::json;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

fn interface() -> (IpmitoolSocat, Consoles) {
    let consoles = Consoles::default();
    (
        IpmitoolSocat::new(Bmcs::default(), consoles.clone()),
        consoles,
    )
}

/// A node whose BMC is a port that nobody listens on.
fn task(range: bool) -> TestTask {
    let mut task = TestTask::new(json!({
        "ipmi_address": "127.0.0.1",
        "ipmi_port": 9,
        "ipmi_username": "admin",
        "ipmi_password": "password",
    }));
    task.configure(|config| {
        config.console.socat_address = "127.0.0.1".parse().unwrap();
        config.console.port_range = range.then(|| vec![PortRange(30_000..50_000)]);
    });
    task
}

#[tokio::test]
async fn a_port_and_ipmi_20_are_needed() {
    let (console, _consoles) = interface();
    let mut task = task(false);
    let fault = console.validate(&task).await.unwrap_err();
    assert_eq!(fault.class, Class::MissingParameterValue);
    assert!(fault.to_string().contains("ipmi_terminal_port"), "{fault}");
    task.node.driver_info.set("ipmi_terminal_port", 20_001);
    console.validate(&task).await.unwrap();
    task.node.driver_info.set("ipmi_protocol_version", "1.5");
    let fault = console.validate(&task).await.unwrap_err();
    assert_eq!(fault.class, Class::InvalidParameterValue);
    task.node.driver_info.set("ipmi_protocol_version", "2.0");
    task.node.driver_info.set("ipmi_terminal_port", "many");
    let fault = console.validate(&task).await.unwrap_err();
    assert_eq!(fault.class, Class::InvalidParameterValue);
}

#[tokio::test]
async fn the_port_is_kept_with_the_node_and_used_again() {
    let (console, consoles) = interface();
    let mut task = task(true);
    console.validate(&task).await.unwrap();
    console.start(&mut task).await.unwrap();
    let allocated = |task: &TestTask| {
        let internal = &task.node.driver_internal_info;
        internal.member("allocated_ipmi_terminal_port").cloned()
    };
    let port = allocated(&task).unwrap();
    let info = console.info(&mut task).await.unwrap().unwrap();
    assert_eq!(info.r#type, "socat");
    assert_eq!(info.url, format!("tcp://127.0.0.1:{port}"));

    // As after a restart: the node remembers, the process does not.
    consoles.stop(&task.node().uuid.clone()).await;
    console.start(&mut task).await.unwrap();
    assert_eq!(allocated(&task).unwrap(), port);

    console.stop(&mut task).await.unwrap();
    assert_eq!(allocated(&task), None);
    assert!(consoles.running().is_empty());
    assert_eq!(console.info(&mut task).await.unwrap(), None);
}

#[tokio::test]
async fn a_bmc_that_is_not_there_stops_no_start_and_is_named_to_who_looks() {
    let (console, consoles) = interface();
    let mut task = task(true);
    task.node
        .driver_info
        .set("ipmi_address", "no-such-host.invalid");
    console.start(&mut task).await.unwrap();
    let port = consoles.port(&task.node().uuid.clone()).unwrap();
    let mut client = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let mut shown = String::new();
    let mut buffer = [0; 256];
    while !shown.contains("tried again in 1 s") {
        let count = client.read(&mut buffer).await.unwrap();
        assert!(count > 0, "{shown}");
        shown.push_str(&String::from_utf8_lossy(&buffer[..count]));
    }
    assert!(shown.contains("no-such-host.invalid"), "{shown}");
    assert!(!shown.contains("password"), "{shown}");
    consoles.close().await;
}

#[test]
fn the_port_is_among_the_properties() {
    let (console, _consoles) = interface();
    let names: Vec<_> = console.properties().iter().map(|row| row.name).collect();
    assert!(names.contains(&"ipmi_terminal_port") && names.contains(&"ipmi_address"));
    assert_eq!(names.len(), drivers_ipmi::PROPERTIES.len() + 1);
}
