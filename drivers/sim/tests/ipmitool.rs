//! Debian's `ipmitool` as the client: every command it has for what the simulator offers.
//!
//! `cargo test -p drivers-sim --test ipmitool -- --ignored`
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::net::Ipv4Addr;

use drivers_sim::ipmi::{Bmc, Controller, IpmiBmc, Satellite};

/// Runs `ipmitool`; its exit state and everything it said.
async fn ipmitool(bmc: &IpmiBmc, arguments: &str) -> (bool, String) {
    assert_eq!(bmc.address().ip(), Ipv4Addr::LOCALHOST);
    let mut command = tokio::process::Command::new("ipmitool");
    command.args(["-H", "127.0.0.1", "-N", "2", "-R", "3", "-p"]);
    command.arg(bmc.address().port().to_string());
    command.args(["-U", "admin"]);
    if !arguments.contains("-P ") {
        command.args(["-P", "password"]);
    }
    if !arguments.contains("-I ") {
        command.args(["-I", "lanplus"]);
    }
    command.args(arguments.split_whitespace());
    command.stdin(std::process::Stdio::null());
    let output = command.output().await.unwrap();
    let text = [output.stdout, output.stderr].concat();
    (
        output.status.success(),
        String::from_utf8_lossy(&text).into_owned(),
    )
}

/// Runs it and expects these words in what it says.
async fn says(bmc: &IpmiBmc, arguments: &str, words: &[&str]) {
    let (success, text) = ipmitool(bmc, arguments).await;
    assert!(success, "{arguments}: {text}");
    for word in words {
        assert!(text.contains(word), "{arguments}: {word}: {text}");
    }
}

async fn refused(bmc: &IpmiBmc, arguments: &str) {
    let (success, text) = ipmitool(bmc, arguments).await;
    assert!(!success, "{arguments}: {text}");
}

#[tokio::test]
#[ignore = "needs ipmitool"]
async fn power_and_chassis() {
    let bmc = IpmiBmc::start(Bmc::default()).await.unwrap();
    for (action, on) in [
        ("on", true),
        ("off", false),
        ("on", true),
        ("cycle", true),
        ("reset", true),
    ] {
        says(
            &bmc,
            &format!("chassis power {action}"),
            &["Chassis Power Control"],
        )
        .await;
        assert_eq!(bmc.lock().is_on(), on, "{action}");
    }
    says(&bmc, "power diag", &[]).await;
    assert_eq!(bmc.lock().machine.interrupts, 1);
    says(&bmc, "power soft", &[]).await;
    bmc.lock().advance(std::time::Duration::from_secs(1));
    says(&bmc, "power status", &["Chassis Power is off"]).await;
    refused(&bmc, "power cycle").await;
    says(
        &bmc,
        "chassis status",
        &[
            "System Power         : off",
            "Power Restore Policy : always-off",
        ],
    )
    .await;
    says(&bmc, "chassis policy always-on", &[]).await;
    says(&bmc, "chassis status", &["always-on"]).await;
    says(&bmc, "chassis policy list", &["always-on"]).await;
    says(&bmc, "chassis identify 30", &["30"]).await;
    assert_eq!(bmc.lock().machine.identify, Some(30));
    says(&bmc, "chassis identify force", &[]).await;
    assert_eq!(bmc.lock().machine.identify, Some(255));
    says(&bmc, "chassis identify 0", &["off"]).await;
    says(&bmc, "chassis poh", &["POH Counter"]).await;
    says(&bmc, "chassis restart_cause", &["System restart cause"]).await;
    says(&bmc, "chassis selftest", &["passed"]).await;
}

#[tokio::test]
#[ignore = "needs ipmitool"]
async fn boot_devices() {
    let bmc = IpmiBmc::start(Bmc::default()).await.unwrap();
    for (device, options, first, second) in [
        ("pxe", "", 0x80, 0x04),
        ("disk", "options=efiboot", 0xa0, 0x08),
        ("cdrom", "options=persistent", 0xc0, 0x14),
        ("bios", "options=efiboot,persistent", 0xe0, 0x18),
        ("safe", "", 0x80, 0x0c),
        ("diag", "", 0x80, 0x10),
        ("floppy", "", 0x80, 0x3c),
    ] {
        says(
            &bmc,
            &format!("chassis bootdev {device} {options}"),
            &["Set Boot Device to"],
        )
        .await;
        let bytes = bmc.lock().machine.boot.bytes;
        assert_eq!(bytes[..2], [first, second], "{device} {options}");
    }
    says(&bmc, "chassis bootdev pxe options=efiboot,persistent", &[]).await;
    let told = [
        "Boot Flag Valid",
        "Options apply to all future boots",
        "BIOS EFI boot",
        "Force PXE",
    ];
    says(&bmc, "chassis bootparam get 5", &told).await;
    says(&bmc, "chassis bootdev none", &[]).await;
    says(&bmc, "raw 0x00 0x08 0x03 0x08", &[]).await;
    assert_eq!(bmc.lock().machine.boot.keep, 0x08);
}

#[tokio::test]
#[ignore = "needs ipmitool"]
async fn the_controller_itself() {
    let bmc = IpmiBmc::start(Bmc::default()).await.unwrap();
    says(
        &bmc,
        "mc info",
        &[
            "IPMI Version              : 2.0",
            "Firmware Revision         : 2.10",
        ],
    )
    .await;
    says(&bmc, "mc guid", &["System GUID"]).await;
    says(&bmc, "mc selftest", &["passed"]).await;
    says(&bmc, "mc getenables", &["System Event Logging"]).await;
    says(
        &bmc,
        "lan print 1",
        &["127.0.0.1", "RMCP+ Cipher Suites     : 17,16,15,3,2,1"],
    )
    .await;
    says(&bmc, "user list 1", &["admin", "ADMINISTRATOR"]).await;
    says(&bmc, "user summary 1", &["Enabled User Count"]).await;
    says(&bmc, "channel info 1", &["802.3 LAN"]).await;
    says(
        &bmc,
        "channel authcap 1 4",
        &[
            "Channel supports IPMI v1.5 : yes",
            "Channel supports IPMI v2.0 : yes",
        ],
    )
    .await;
    says(
        &bmc,
        "channel getciphers ipmi 1",
        &["aes_cbc_128", "hmac_sha256"],
    )
    .await;
    says(&bmc, "session info active", &["privilege level"]).await;
    says(&bmc, "raw 0x06 0x01", &["20 81 02 10 02"]).await;
    refused(&bmc, "raw 0x3e 0x77 0x01").await;
    bmc.lock()
        .raw_replies
        .insert((0x3e, 0x77), Ok(vec![0xbe, 0xef]));
    says(&bmc, "raw 0x3e 0x77 0x01", &["be ef"]).await;
    bmc.lock().timing.reset = std::time::Duration::from_secs(60);
    for kind in ["warm", "cold"] {
        says(&bmc, &format!("mc reset {kind}"), &["Sent"]).await;
        refused(&bmc, "power status").await;
        bmc.lock().advance(std::time::Duration::from_secs(61));
        says(&bmc, "power status", &["is off"]).await;
    }
}

#[tokio::test]
#[ignore = "needs ipmitool"]
async fn sensors_records_inventory_and_log() {
    let bmc = IpmiBmc::start(Bmc::default()).await.unwrap();
    says(
        &bmc,
        "sdr list",
        &[
            "CPU Temp",
            "41 degrees C",
            "6120 RPM",
            "12.03 Volts",
            "-5 degrees C",
            "PS1 Status",
        ],
    )
    .await;
    says(
        &bmc,
        "sdr elist all",
        &["BMC", "Mainboard", "Presence detected", "Fully Redundant"],
    )
    .await;
    for kind in ["full", "compact", "event", "mcloc", "fru", "generic"] {
        says(&bmc, &format!("sdr elist {kind}"), &[]).await;
    }
    says(&bmc, "sdr type Temperature", &["Inlet Temp"]).await;
    says(&bmc, "sdr info", &["Record Count"]).await;
    says(&bmc, "sdr entity 3.1", &["CPU Temp"]).await;
    says(&bmc, "-v sdr get FAN\u{20}1", &[]).await;
    says(&bmc, "sensor list", &["CPU Temp", "41.000", "95.000"]).await;
    says(&bmc, "sensor get 12V", &["12.028", "Upper Critical"]).await;
    says(&bmc, "sensor thresh 12V ucr 13.206", &["Upper Critical"]).await;
    assert_eq!(bmc.lock().controller.sensors[&4].thresholds[5], 213);
    says(
        &bmc,
        "fru print",
        &[
            "Chassis Serial",
            "CH0001",
            "Product Name          : 3500RX",
            "Power Supply",
        ],
    )
    .await;
    says(&bmc, "fru print 1", &["PS-800"]).await;
    says(&bmc, "sel info", &["Entries          : 3"]).await;
    says(
        &bmc,
        "sel list",
        &["Upper Critical going high", "Power Supply"],
    )
    .await;
    says(&bmc, "sel elist", &["CPU Temp", "Asserted"]).await;
    says(&bmc, "sel get 1", &["Upper Critical"]).await;
    says(&bmc, "sel time get", &["UTC"]).await;
    says(&bmc, "sel delete 2", &["Deleted"]).await;
    says(&bmc, "event 1", &["Sending SAMPLE event"]).await;
    assert_eq!(bmc.lock().controller.log.entries.len(), 3);
    says(&bmc, "sel clear", &["Clearing SEL"]).await;
    assert!(bmc.lock().controller.log.entries.is_empty());
}

#[tokio::test]
#[ignore = "needs ipmitool"]
async fn protocols_suites_keys_and_levels() {
    let bmc = IpmiBmc::start(Bmc::default()).await.unwrap();
    for suite in ["17", "16", "15", "3", "2", "1"] {
        says(&bmc, &format!("-C {suite} power status"), &["is off"]).await;
    }
    refused(&bmc, "-C 0 power status").await;
    refused(&bmc, "-P wrong power status").await;
    for kind in ["MD5", "PASSWORD"] {
        says(&bmc, &format!("-I lan -A {kind} power status"), &["is off"]).await;
    }
    for level in ["USER", "OPERATOR", "ADMINISTRATOR"] {
        says(&bmc, &format!("-L {level} power status"), &["is off"]).await;
    }
    refused(&bmc, "-L USER power on").await;
    says(&bmc, "-L OPERATOR power on", &[]).await;
    // It does not wait for an answer, so it cannot tell that it was refused.
    says(&bmc, "-L OPERATOR mc reset cold", &["Sent"]).await;
    says(&bmc, "power status", &["is on"]).await;
    bmc.lock().privilege_limit = 3;
    refused(&bmc, "-L ADMINISTRATOR power status").await;
    bmc.lock().privilege_limit = 4;
    bmc.lock().suites = vec![3];
    says(&bmc, "-C 3 power status", &["is on"]).await;
    refused(&bmc, "-C 17 power status").await;
    let mut kg = [0; 20];
    kg[..6].copy_from_slice(b"secret");
    bmc.lock().kg = Some(kg);
    says(&bmc, "-k secret power status", &["is on"]).await;
    says(&bmc, "-y 736563726574 power status", &["is on"]).await;
    refused(&bmc, "power status").await;
}

#[tokio::test]
#[ignore = "needs ipmitool"]
async fn bridging() {
    let leaf = |channel, address, product, behind| Satellite {
        channel,
        address,
        controller: Controller::bare(address, 0x1292, product),
        behind,
    };
    let bmc = IpmiBmc::start(Bmc {
        satellites: vec![
            leaf(0, 0x30, 0x0f03, vec![]),
            leaf(0, 0x82, 0x0f05, vec![leaf(7, 0x72, 0x0f04, vec![])]),
        ],
        ..Bmc::default()
    })
    .await
    .unwrap();
    says(
        &bmc,
        "-m 0x20 -t 0x30 -b 0 raw 0x06 0x01",
        &["30 81 02", "92 12 00 03"],
    )
    .await;
    says(
        &bmc,
        "-m 0x20 -B 0 -T 0x82 -b 7 -t 0x72 raw 0x06 0x01",
        &["72 81 02", "92 12 00 04"],
    )
    .await;
    refused(&bmc, "-m 0x20 -t 0x66 -b 0 raw 0x06 0x01").await;
}

#[tokio::test]
#[ignore = "needs ipmitool"]
async fn serial_over_lan() {
    let bmc = IpmiBmc::start(Bmc::default()).await.unwrap();
    says(
        &bmc,
        "sol info 1",
        &["Enabled                         : true", "115.2"],
    )
    .await;
    says(&bmc, "sol payload status 1 2", &["enabled"]).await;
    says(&bmc, "sol set enabled false 1", &[]).await;
    refused(&bmc, "sol activate").await;
    says(&bmc, "sol set enabled true 1", &[]).await;
    refused(&bmc, "sol deactivate").await;
}
