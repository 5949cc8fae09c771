//! The client against a real Redfish service, by hand:
//!
//! ```text
//! REDFISH_BMC=http://127.0.0.1:8000 [REDFISH_USER=admin REDFISH_PASSWORD=...] \
//!     cargo test -p drivers-redfish-client --test live -- --ignored --nocapture
//! ```
//! It turns the machine on and off, changes the boot override and inserts and ejects a medium.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    missing_docs
)]

use std::time::Duration;

use drivers_redfish_client::{
    AuthType, Bmc, BmcAddress, BmcSettings, Credentials,
    quirks::Quirks,
    schema::{
        boot::{BootChange, BootEnabled, BootTarget},
        status::{PowerState, ResetType},
        virtual_media::MediaType,
    },
};

fn bmc() -> Bmc {
    let address = BmcAddress::parse(&std::env::var("REDFISH_BMC").unwrap(), None).unwrap();
    let credentials = std::env::var("REDFISH_USER")
        .ok()
        .map(|username| Credentials {
            username,
            password: std::env::var("REDFISH_PASSWORD").unwrap_or_default().into(),
        });
    Bmc::new(BmcSettings::new(address, AuthType::Auto, credentials))
}

#[tokio::test]
#[ignore = "needs a BMC"]
async fn a_tour() {
    let bmc = bmc().within(Duration::from_secs(120));
    let system = bmc.system(None).await.unwrap();
    println!(
        "system {} {:?} power {:?}",
        system.document().path(),
        system.manufacturer().unwrap(),
        system.power_state().unwrap()
    );
    for (reset, wanted) in [
        (ResetType::On, PowerState::On),
        (ResetType::ForceOff, PowerState::Off),
    ] {
        bmc.reset(&system, reset).await.unwrap();
        loop {
            let state = bmc
                .system(Some(system.document().path()))
                .await
                .unwrap()
                .power_state()
                .unwrap();
            if state == Some(wanted) {
                break;
            }
            assert!(
                bmc.pause(Duration::from_millis(500)).await,
                "still {state:?}"
            );
        }
        println!("{reset}: {wanted}");
    }
    for target in [BootTarget::Pxe, BootTarget::Hdd] {
        let change = BootChange {
            target: Some(target),
            enabled: Some(BootEnabled::Continuous),
            ..BootChange::default()
        };
        bmc.set_boot(&system, &change, Quirks::of(None))
            .await
            .unwrap();
        let system = bmc.system(Some(system.document().path())).await.unwrap();
        let boot = bmc.boot_override(&system).await.unwrap();
        assert_eq!(boot.target, Some(target));
        println!("boot {:?} {:?} {:?}", boot.target, boot.enabled, boot.mode);
    }
    let secure_boot = bmc.secure_boot(&system).await;
    println!(
        "secure boot {:?}",
        secure_boot
            .map(|secure_boot| secure_boot.enabled().unwrap())
            .map_err(|error| error.to_string())
    );
    let drives = bmc.virtual_media(&system).await.unwrap();
    let cd = drives
        .iter()
        .find(|drive| drive.takes(MediaType::Cd).unwrap())
        .unwrap();
    let inserted = bmc.insert_media(cd, "http://127.0.0.1:9/none.iso").await;
    println!("insert {:?}", inserted.map_err(|error| error.to_string()));
    println!(
        "ejected {}",
        bmc.eject_all_media(&system, None).await.unwrap()
    );
    for interface in bmc.ethernet_interfaces(&system).await.unwrap() {
        println!(
            "mac {:?} {:?}",
            interface.mac_address().unwrap(),
            interface.status().unwrap()
        );
    }
    for chassis in bmc.chassis(&system).await.unwrap() {
        println!(
            "thermal {:?}",
            bmc.thermal(&chassis)
                .await
                .map_err(|error| error.to_string())
        );
        println!("led {:?}", chassis.indicator_led().unwrap());
    }
    println!(
        "nmi {:?}",
        bmc.reset(&system, ResetType::Nmi)
            .await
            .map_err(|error| error.to_string())
    );
    for storage in bmc.storage(&system).await.unwrap_or_default() {
        println!(
            "storage {:?} drives {}",
            storage.name().unwrap(),
            bmc.drives(&storage)
                .await
                .map(|drives| drives.len())
                .unwrap_or_default()
        );
    }
    println!(
        "processors {}",
        bmc.processors(&system)
            .await
            .map(|all| all.len())
            .unwrap_or_default()
    );
    println!(
        "bios {:?}",
        bmc.bios(&system)
            .await
            .map(|bios| bios.attributes().unwrap().len())
            .map_err(|error| error.to_string())
    );
    bmc.close().await;
}
