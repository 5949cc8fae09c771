//! A conversation recorded between Ironic 39.0.0 (sushy) and sushy-emulator 2.2.0: our client reads
//! the same replies and sends the same changes. `data/sushy-emulator.json` has each distinct
//! exchange once.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use drivers_redfish_client::{
    AuthType, ResourcePath,
    quirks::Quirks,
    schema::{
        boot::{BootChange, BootEnabled, BootMode, BootTarget},
        status::{Health, IndicatorLed, PowerState, ResetType},
        virtual_media::MediaType,
    },
};
use serde_json::Value;
use support::{Act, FakeBmc, Seen, json};

const SYSTEM: &str = "/redfish/v1/Systems/27946b59-9e44-4fa7-8e91-f3527a1ef000";
const MAC: &str = "52:54:00:77:00:10";

fn recording() -> Vec<Value> {
    serde_json::from_str(include_str!("data/sushy-emulator.json")).unwrap()
}

/// The recorded reply to a request: the same method, path and body.
fn replay(recording: &[Value], seen: &Seen) -> Act {
    let sent: Value = serde_json::from_str(&seen.body).unwrap_or_default();
    let exchange = recording.iter().find(|exchange| {
        exchange["method"] == seen.method.as_str()
            && exchange["path"] == seen.path.as_str()
            && exchange["request"] == sent
    });
    match exchange {
        Some(exchange) => match u16::try_from(exchange["status"].as_u64().unwrap()).unwrap() {
            204 => Act::Say(204, vec![], String::new()),
            status => json(status, exchange["response"].clone()),
        },
        None => json(
            400,
            serde_json::json!({"error": {"message": format!("not recorded: {} {}", seen.line(), seen.body)}}),
        ),
    }
}

async fn emulator() -> FakeBmc {
    let recording = recording();
    FakeBmc::start(move |seen, _| replay(&recording, seen)).await
}

fn system_path() -> ResourcePath {
    ResourcePath::parse(SYSTEM).unwrap()
}

#[tokio::test]
async fn the_system_and_what_belongs_to_it_are_read() {
    let fake = emulator().await;
    let bmc = fake.bmc(AuthType::Auto);
    let system = bmc.system(Some(&system_path())).await.unwrap();
    assert_eq!(system.power_state().unwrap(), Some(PowerState::Off));
    assert_eq!(system.indicator_led().unwrap(), Some(IndicatorLed::Lit));
    assert_eq!(system.status().unwrap().health, Some(Health::Ok));
    assert_eq!(system.memory_gib().unwrap(), Some(1.0));
    let boot = bmc.boot_override(&system).await.unwrap();
    assert_eq!(
        (boot.target, boot.enabled, boot.mode),
        (Some(BootTarget::Pxe), Some(BootEnabled::Continuous), None)
    );
    assert_eq!(
        bmc.secure_boot(&system).await.unwrap().enabled().unwrap(),
        Some(false)
    );
    assert_eq!(
        bmc.manager(&system)
            .await
            .unwrap()
            .firmware_version()
            .unwrap(),
        Some("1.00")
    );
    assert_eq!(
        bmc.chassis(&system).await.unwrap()[0]
            .indicator_led()
            .unwrap(),
        Some(IndicatorLed::Lit)
    );
    let interfaces = bmc.ethernet_interfaces(&system).await.unwrap();
    assert_eq!(interfaces[0].mac_address().unwrap().as_deref(), Some(MAC));
    let bios = bmc.bios(&system).await.unwrap();
    assert_eq!(bios.attributes().unwrap()["BootMode"], "Uefi");
    let registry = bmc.bios_registry(&bios, "en").await.unwrap();
    assert!(registry.iter().any(|attribute| attribute.name == "BootMode"
        && attribute.allowable.contains(&"Uefi".to_owned())));
    let drives = bmc.virtual_media(&system).await.unwrap();
    assert!(
        drives[0].takes(MediaType::Cd).unwrap() && drives[1].takes(MediaType::UsbStick).unwrap()
    );
    assert_eq!(drives[0].image().unwrap(), None);
}

#[tokio::test]
async fn changes_are_those_that_were_recorded() {
    let fake = emulator().await;
    let bmc = fake.bmc(AuthType::Auto);
    let system = bmc.system(Some(&system_path())).await.unwrap();
    for reset in [ResetType::On, ResetType::ForceOff] {
        bmc.reset(&system, reset).await.unwrap();
    }
    let pxe = BootChange {
        target: Some(BootTarget::Pxe),
        enabled: Some(BootEnabled::Once),
        ..BootChange::default()
    };
    bmc.set_boot(&system, &pxe, Quirks::of(None)).await.unwrap();
    let disk = BootChange {
        target: Some(BootTarget::Hdd),
        ..BootChange::default()
    };
    bmc.set_boot(&system, &disk, Quirks::of(None))
        .await
        .unwrap();
    let legacy = BootChange {
        mode: Some(BootMode::Legacy),
        ..BootChange::default()
    };
    assert_eq!(
        bmc.set_boot(&system, &legacy, Quirks::of(None))
            .await
            .unwrap_err()
            .status(),
        Some(500)
    );
    let drives = bmc.virtual_media(&system).await.unwrap();
    let recording = recording();
    let image = recording
        .iter()
        .find_map(|exchange| exchange["request"]["Image"].as_str())
        .unwrap();
    bmc.insert_media(&drives[0], image).await.unwrap();
    bmc.eject_media(&drives[0]).await.unwrap();
}
