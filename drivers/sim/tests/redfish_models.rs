//! Every model's tree is walked with our own client, and does what its row says.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use drivers_redfish_client::{
    AuthType, Bmc, BmcAddress, BmcSettings, Credentials, ErrorKind, ResourcePath, Retry, Timeouts,
};
use drivers_sim::redfish::model::{MODELS, VolumeChange};
use drivers_sim::redfish::{Bug, RedfishBmc, model};
use serde_json::{Value, json};

fn settings(sim: &RedfishBmc, auth: AuthType, password: &str) -> BmcSettings {
    let credentials = Credentials {
        username: "admin".to_owned(),
        password: password.into(),
    };
    let mut settings = BmcSettings::new(
        BmcAddress::parse(sim.origin(), None).unwrap(),
        auth,
        Some(credentials),
    );
    settings.timeouts = Timeouts {
        connect: Duration::from_millis(500),
        read: Duration::from_millis(500),
        operation: Duration::from_secs(3),
    };
    settings.retry = Retry {
        attempts: 3,
        interval: Duration::from_millis(10),
    };
    settings
}

fn client(sim: &RedfishBmc, auth: AuthType) -> Bmc {
    Bmc::new(settings(sim, auth, "password"))
}

fn path(text: &str) -> ResourcePath {
    ResourcePath::parse(text).unwrap()
}

/// Every `@odata.id` in a document.
fn links(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member.as_str() {
                    Some(link) if name == "@odata.id" => {
                        let link = link.split('#').next().unwrap().trim_end_matches('/');
                        into.insert(link.to_owned());
                    }
                    _ => links(member, into),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| links(item, into)),
        _ => {}
    }
}

#[tokio::test]
async fn every_model_has_no_dead_link_and_no_lost_resource() {
    for row in MODELS {
        let sim = RedfishBmc::start(row).await.unwrap();
        let bmc = client(&sim, AuthType::Session);
        let mut found = BTreeSet::from(["/redfish/v1".to_owned()]);
        let mut todo = vec!["/redfish/v1".to_owned()];
        while let Some(next) = todo.pop() {
            let document = bmc.get(&path(&next)).await.unwrap_or_else(|error| {
                panic!("{}: {next}: {error}", row.name);
            });
            let mut here = BTreeSet::new();
            links(document.body(), &mut here);
            todo.extend(here.difference(&found).cloned());
            found.extend(here);
        }
        let lost: Vec<String> = sim
            .paths()
            .into_iter()
            .filter(|known| {
                !found.contains(known)
                    && !known.ends_with(row.bios_settings)
                    && !known.ends_with(".json")
            })
            .collect();
        assert_eq!(lost, [""; 0], "{}", row.name);
        assert_eq!(sim.sessions(), 1);
        bmc.close().await;
        assert_eq!(sim.sessions(), 0, "{}", row.name);
    }
}

#[tokio::test]
async fn every_model_starts_with_what_was_pending() {
    for row in MODELS {
        let sim = RedfishBmc::start(row).await.unwrap();
        let bmc = client(&sim, AuthType::Basic);
        let attribute = &row.attributes[0];
        let model::AttributeValue::Enumeration(values) = attribute.default else {
            panic!("the first attribute is a choice");
        };
        let pending = bmc.get(&path(&row.bios_settings())).await.unwrap();
        bmc.patch(&pending, json!({"Attributes": {attribute.name: values[1]}}))
            .await
            .unwrap();
        let bad = json!({"Attributes": {attribute.name: "nonsense"}});
        let error = bmc.patch(&pending, bad).await.unwrap_err();
        assert_eq!(error.status(), Some(400), "{error}");
        let system = bmc.get(&path(&row.system())).await.unwrap();
        let boot = json!({"Boot": {"BootSourceOverrideTarget": "Pxe", "BootSourceOverrideEnabled": "Once", "BootSourceOverrideMode": "UEFI"}});
        bmc.patch(&system, boot).await.unwrap();
        let bios = format!("{}/Bios", row.system());
        let pointer = format!("/Attributes/{}", attribute.name.replace('/', "~1"));
        assert_eq!(sim.at(&bios, &pointer), values[0]);
        assert_eq!(
            sim.at(&row.system(), "/Boot/BootSourceOverrideTarget"),
            "Pxe"
        );
        let reset = path(&format!("{}/Actions/ComputerSystem.Reset", row.system()));
        bmc.post(&reset, Some(json!({"ResetType": "On"})))
            .await
            .unwrap();
        assert!(sim.is_on());
        assert_eq!(sim.at(&bios, &pointer), values[1], "{}", row.name);
        assert_eq!(
            sim.at(&row.system(), "/Boot/BootSourceOverrideEnabled"),
            "Disabled"
        );
        let error = bmc
            .post(&reset, Some(json!({"ResetType": "Explode"})))
            .await
            .unwrap_err();
        assert_eq!(error.status(), Some(400));
        assert_eq!(sim.resets(), ["On"]);
    }
}

#[tokio::test]
async fn every_model_makes_volumes_its_own_way() {
    for row in MODELS {
        let sim = RedfishBmc::start(row).await.unwrap();
        let bmc = client(&sim, AuthType::Basic);
        let body = match row.storage {
            model::StorageStyle::Standard => json!({"RAIDType": "RAID1", "Name": "root",
                "Links": {"Drives": [row.link(&sim.disk(0)), row.link(&sim.disk(1))]}}),
            model::StorageStyle::Huawei => {
                json!({"Oem": {"Huawei": {"VolumeName": "root", "VolumeRaidLevel": "RAID1", "Drives": [0, 1]}}})
            }
        };
        let answer = bmc
            .post(&path(&sim.volumes()), Some(body.clone()))
            .await
            .unwrap();
        match row.volumes {
            VolumeChange::AtOnce => {}
            VolumeChange::Task => {
                bmc.wait_for_task(&answer.task().unwrap()).await.unwrap();
            }
            VolumeChange::OnReset => {
                assert_eq!(sim.at(&sim.volumes(), "/Members"), json!([]));
                let reset = path(&format!("{}/Actions/ComputerSystem.Reset", row.system()));
                bmc.post(&reset, Some(json!({"ResetType": "ForceRestart"})))
                    .await
                    .unwrap();
            }
        }
        let made = sim.at(&sim.volumes(), "/Members/0/@odata.id");
        let volume = made.as_str().unwrap().trim_end_matches('/');
        assert_eq!(
            sim.at(volume, "/CapacityBytes"),
            1_000_204_886_016_u64,
            "{}",
            row.name
        );
        let error = bmc
            .post(&path(&sim.volumes()), Some(body))
            .await
            .unwrap_err();
        assert_eq!(error.status(), Some(400), "the disks are taken");
        bmc.delete(&path(volume)).await.unwrap();
    }
}

#[tokio::test]
async fn a_wrong_password_counts_and_locks() {
    let sim = RedfishBmc::builder(&model::GENERIC)
        .lock_after(2)
        .start()
        .await
        .unwrap();
    let wrong = Bmc::new(settings(&sim, AuthType::Session, "guess"));
    for _ in 0..5 {
        wrong.get(&path(&sim.system())).await.unwrap_err();
    }
    assert_eq!(sim.refused(), 1, "it is not tried again and again");
    assert!(!sim.is_locked());
}

#[tokio::test]
async fn bugs_end_in_errors_of_their_kind_within_the_deadline() {
    type Expected = fn(&ErrorKind) -> bool;
    let table: [(Bug, Expected); 10] = [
        (Bug::Silent, |kind| matches!(kind, ErrorKind::Timeout(..))),
        (Bug::Slow(Duration::from_secs(30)), |kind| {
            matches!(kind, ErrorKind::Timeout(..))
        }),
        (Bug::Drip(Duration::from_millis(100)), |kind| {
            matches!(kind, ErrorKind::Timeout(..))
        }),
        (Bug::Reset, |kind| {
            matches!(kind, ErrorKind::Broken(_) | ErrorKind::Connect(_))
        }),
        (Bug::Truncated, |kind| matches!(kind, ErrorKind::Broken(_))),
        (Bug::Huge, |kind| matches!(kind, ErrorKind::TooLarge(_))),
        (Bug::Deep, |kind| matches!(kind, ErrorKind::TooDeep(_))),
        (Bug::Html, |kind| matches!(kind, ErrorKind::NotJson(_))),
        (Bug::Busy, |kind| matches!(kind, ErrorKind::Http { .. })),
        (Bug::InternalError, |kind| {
            matches!(kind, ErrorKind::Http { .. })
        }),
    ];
    for (bug, expected) in table {
        let sim = RedfishBmc::start(&model::GENERIC).await.unwrap();
        let bmc = client(&sim, AuthType::Basic);
        bmc.get(&path(&sim.system())).await.unwrap();
        sim.on(bug.clone());
        let began = Instant::now();
        let error = bmc.get(&path(&sim.system())).await.unwrap_err();
        assert!(expected(error.kind()), "{bug:?}: {:?}", error.kind());
        assert!(began.elapsed() < Duration::from_secs(6), "{bug:?}");
        assert!(!error.to_string().contains("password"));
        sim.heal();
        bmc.get(&path(&sim.system())).await.unwrap();
    }
}

#[tokio::test]
async fn an_update_of_the_bmc_takes_it_away_for_a_while() {
    let sim = RedfishBmc::start(&model::GENERIC).await.unwrap();
    let bmc = client(&sim, AuthType::Session);
    let update = path("/redfish/v1/UpdateService/Actions/UpdateService.SimpleUpdate");
    let answer = bmc
        .post(
            &update,
            Some(json!({"ImageURI": "http://127.0.0.1/bmc-2.5.bin"})),
        )
        .await
        .unwrap();
    let monitor = answer.task().unwrap().clone();
    while sim.at(&sim.manager(), "/FirmwareVersion") == "1.00" {
        bmc.get(&monitor).await.ok();
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(sim.at(&sim.manager(), "/FirmwareVersion"), "2.5");
    assert_eq!(sim.sessions(), 0, "they are gone with the restart");
    tokio::time::sleep(Duration::from_millis(400)).await;
    bmc.get(&path(&sim.manager())).await.unwrap();
}

#[tokio::test]
async fn collections_that_never_end_and_redirects_elsewhere_are_refused() {
    type Expected = fn(&ErrorKind) -> bool;
    let elsewhere = RedfishBmc::start(&model::GENERIC).await.unwrap();
    let many: Expected = |kind| matches!(kind, ErrorKind::TooMany(_));
    let table: [(Bug, Expected); 4] = [
        (Bug::IdLoop, many),
        (Bug::EndlessPages, many),
        (Bug::ManyMembers(5000), many),
        (
            Bug::Redirect(format!("{}/redfish/v1/Systems", elsewhere.origin())),
            |kind| matches!(kind, ErrorKind::Redirect { .. }),
        ),
    ];
    for (bug, expected) in table {
        let sim = RedfishBmc::start(&model::GENERIC).await.unwrap();
        let bmc = client(&sim, AuthType::Basic);
        sim.on(bug.clone().at("/redfish/v1/Systems"));
        let error = bmc.members(&path("/redfish/v1/Systems")).await.unwrap_err();
        assert!(expected(error.kind()), "{bug:?}: {error}");
        assert!(sim.seen().len() < 1000, "{bug:?}");
    }
    assert!(elsewhere.seen().is_empty(), "nobody is sent elsewhere");
}

#[tokio::test]
async fn a_session_that_ends_is_opened_again_once() {
    let sim = RedfishBmc::start(&model::GENERIC).await.unwrap();
    let bmc = client(&sim, AuthType::Session);
    bmc.get(&path(&sim.system())).await.unwrap();
    sim.on(Bug::Unauthorized.times(1));
    bmc.get(&path(&sim.system())).await.unwrap();
    let logins = sim.bodies("POST", model::GENERIC.sessions);
    assert_eq!(logins.len(), 2);
    assert_eq!(sim.sessions(), 1);
    sim.on(Bug::SessionsFull);
    sim.on(Bug::Unauthorized.times(1));
    bmc.get(&path(&sim.system())).await.unwrap_err();
}

/// The certificates serve the client's tests.
#[tokio::test]
async fn https_with_a_certificate() {
    use drivers_redfish_client::{TlsPolicy, Verify};
    use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
    let data =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../redfish-client/tests/data/tls");
    let certificate = CertificateDer::from_pem_file(data.join("leaf.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(data.join("leaf.key")).unwrap();
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let sim = RedfishBmc::builder(&model::LENOVO)
        .tls(std::sync::Arc::new(tls))
        .start()
        .await
        .unwrap();
    assert!(sim.origin().starts_with("https://"));
    for (verify, good) in [
        (Verify::Bundle(data.join("ca.pem")), true),
        (Verify::System, false),
    ] {
        let mut settings = settings(&sim, AuthType::Session, "password");
        settings.tls = TlsPolicy {
            verify,
            ..TlsPolicy::default()
        };
        let got = Bmc::new(settings).get(&path(&sim.system())).await;
        assert_eq!(got.is_ok(), good);
    }
}
