//! Every row of the table of vendors' peculiarities, by the requests it makes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod machine;
mod node;

use drivers_redfish_client::quirks::{Quirks, Vendor};
use machine::{FakeMachine, SYSTEM};
use node::TestTask;
use schemas_model::boot::{BootDevice, BootMode};
use serde_json::{Value, json};

/// A vendor as the node's properties name it, and the bodies for: the CD once, PXE always (which is in
/// force already), and the boot mode `bios`.
type Row = (&'static str, [Value; 3]);

fn rows() -> Vec<Row> {
    let whole = |vendor| {
        let body = |target: &str, enabled: &str, mode: &str| json!({"Boot": {"BootSourceOverrideTarget": target, "BootSourceOverrideEnabled": enabled, "BootSourceOverrideMode": mode}});
        let bodies = [
            body("Cd", "Once", "UEFI"),
            body("Pxe", "Continuous", "UEFI"),
            body("Hdd", "Continuous", "Legacy"),
        ];
        (vendor, bodies)
    };
    let mode_alone = || json!({"Boot": {"BootSourceOverrideMode": "Legacy"}});
    let once = |target: &str| json!({"Boot": {"BootSourceOverrideTarget": target, "BootSourceOverrideEnabled": "Once"}});
    vec![
        whole("American Megatrends International LLC."),
        whole("AMI"),
        whole("ASRockRack"),
        whole("redfish_compatible"),
        whole("Huawei"),
        (
            "Supermicro",
            [
                once("UsbCd"),
                json!({"Boot": {"BootSourceOverrideTarget": "Pxe", "BootSourceOverrideEnabled": "Continuous"}}),
                mode_alone(),
            ],
        ),
        (
            "Somebody Else",
            [
                once("Cd"),
                json!({"Boot": {"BootSourceOverrideTarget": "Pxe"}}),
                mode_alone(),
            ],
        ),
    ]
}

async fn first_body(vendor: &str, manufacturer: &str, change: usize) -> Value {
    let machine = FakeMachine::start().await;
    let listed = json!(["Pxe", "Cd", "UsbCd", "Hdd"]);
    machine.change(SYSTEM, json!({"Manufacturer": manufacturer, "Boot": {"BootSourceOverrideTarget@Redfish.AllowableValues": listed}}));
    let mut task = TestTask::new(&machine.bmc.origin);
    task.node.properties.set("vendor", vendor);
    let management = task.set().management.clone();
    match change {
        0 => {
            management
                .set_boot_device(&mut task, BootDevice::Cdrom, false)
                .await
        }
        1 => {
            management
                .set_boot_device(&mut task, BootDevice::Pxe, true)
                .await
        }
        _ => management.set_boot_mode(&mut task, BootMode::Bios).await,
    }
    .unwrap();
    machine.bodies(&format!("PATCH {SYSTEM}")).remove(0)
}

#[tokio::test]
async fn every_vendor_gets_what_it_needs() {
    let rows = rows();
    let known = |vendor: &str| Quirks::of(Some(vendor)).vendor;
    let table = Quirks::table().iter();
    let vendors: Vec<Vendor> = table.map(|quirks| quirks.vendor).collect();
    let tested: Vec<Vendor> = rows.iter().map(|(vendor, _)| known(vendor)).collect();
    assert_eq!(tested, vendors, "a row of the table is not tested");
    for (vendor, bodies) in rows {
        for (change, body) in bodies.into_iter().enumerate() {
            assert_eq!(
                first_body(vendor, "M", change).await,
                body,
                "{vendor}, change {change}"
            );
        }
    }
}

#[tokio::test]
async fn a_supermicro_is_known_by_itself() {
    let body = first_body("", "Supermicro", 0).await;
    assert_eq!(body["Boot"]["BootSourceOverrideTarget"], "UsbCd");
}
