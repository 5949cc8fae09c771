//! A wrong password: one login, then a pause that whoever asks is told of, and none for other
//! credentials.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;
use std::time::Duration;

use drivers_ipmi_client::command::chassis::GetChassisStatus;
use drivers_ipmi_client::session::{Credentials, Parameters, Privilege};
use drivers_ipmi_client::{Client, ClientConfig, Error, Failure, Limits, LoginPause, Target};
use drivers_sim::ipmi::{Bmc, IpmiBmc};
use schemas_model::secret::Secret;

async fn bmc() -> IpmiBmc {
    IpmiBmc::start(Bmc::default()).await.unwrap()
}

fn target(bmc: &IpmiBmc, password: &str, kg: Option<&[u8]>) -> Target {
    let kg = kg.map(|kg| Secret::new(kg.to_vec()));
    let credentials = Credentials::new("admin", &password.into(), kg.as_ref()).unwrap();
    at(
        bmc,
        Parameters::v20(credentials, Privilege::Administrator, &[17]).unwrap(),
    )
}

fn at(bmc: &IpmiBmc, parameters: Parameters) -> Target {
    Target {
        host: "127.0.0.1".into(),
        port: bmc.address().port(),
        parameters: Arc::new(parameters),
        route: None,
    }
}

fn client(first: Duration) -> Client {
    Client::new(ClientConfig {
        login_pause: LoginPause {
            first,
            longest: first * 100,
        },
        ..ClientConfig::default()
    })
}

fn limits() -> Limits {
    Limits::within(Duration::from_secs(30))
}

async fn power(client: &Client, target: &Target) -> Result<bool, Error> {
    let mut operation = client.operation(target, limits()).await?;
    Ok(operation.run(&GetChassisStatus).await?.power_on)
}

const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn whoever_asks_during_the_pause_is_told_the_refusal_and_nothing_is_sent() {
    let bmc = bmc().await;
    let client = client(HOUR);
    let wrong = target(&bmc, "a guess", None);
    let error = power(&client, &wrong).await.unwrap_err();
    assert!(matches!(error.failure, Failure::WrongCredentials { .. }));
    assert_eq!(bmc.lock().logins, 1);
    for _ in 0..5 {
        let error = power(&client, &wrong).await.unwrap_err();
        assert!(
            matches!(error.failure, Failure::LoginPaused { refusals: 1, .. }),
            "{error}"
        );
        for part in [
            "Get Chassis Status",
            &wrong.address(),
            "wrong user name or password",
            "the next login is possible in 36",
        ] {
            assert!(error.to_string().contains(part), "{part}: {error}");
        }
    }
    // A console has a session of its own, and the same credentials.
    let error = client.serial_line(&wrong, limits()).await.unwrap_err();
    assert!(
        matches!(error.failure, Failure::LoginPaused { .. }),
        "{error}"
    );
    let mut operation = client.operation(&wrong, limits()).await.unwrap();
    operation.open().await.unwrap_err();
    drop(operation);
    assert_eq!(bmc.lock().logins, 1);
    client.shutdown().await;
}

#[tokio::test]
async fn changed_credentials_are_tried_at_once() {
    let bmc = bmc().await;
    let client = client(HOUR);
    for guess in ["one", "another"] {
        let error = power(&client, &target(&bmc, guess, None))
            .await
            .unwrap_err();
        assert!(matches!(error.failure, Failure::WrongCredentials { .. }));
    }
    power(&client, &target(&bmc, "password", None))
        .await
        .unwrap();
    assert_eq!(bmc.lock().logins, 3);
    client.shutdown().await;
}

#[tokio::test]
async fn a_password_corrected_on_the_bmc_is_taken_after_the_pause() {
    let bmc = bmc().await;
    bmc.lock().password = "old".to_owned();
    let client = client(Duration::ZERO);
    let target = target(&bmc, "password", None);
    for logins in 1..=3 {
        let error = power(&client, &target).await.unwrap_err();
        assert!(matches!(error.failure, Failure::WrongCredentials { .. }));
        assert_eq!(bmc.lock().logins, logins);
    }
    bmc.lock().password = "password".to_owned();
    power(&client, &target).await.unwrap();
    client.shutdown().await;
}

#[tokio::test]
async fn ipmi_15_proves_a_wrong_password_twice_and_rests() {
    let bmc = bmc().await;
    let client = client(HOUR);
    let credentials = Credentials::new("admin", &"a guess".into(), None).unwrap();
    let wrong = at(
        &bmc,
        Parameters::v15(credentials, Privilege::Administrator).unwrap(),
    );
    for _ in 0..3 {
        power(&client, &wrong).await.unwrap_err();
        assert!(bmc.lock().logins <= 2);
    }
    assert!(bmc.lock().refused_logins >= 1);
    client.shutdown().await;
}

#[tokio::test]
async fn a_wrong_kg_key_rests_too_as_each_try_leaves_a_session_in_the_bmc() {
    let bmc = bmc().await;
    let mut kg = [0; 20];
    kg[..3].copy_from_slice(b"key");
    bmc.lock().kg = Some(kg);
    let client = client(HOUR);
    let wrong = target(&bmc, "password", Some(b"yek"));
    let error = power(&client, &wrong).await.unwrap_err();
    assert!(matches!(error.failure, Failure::WrongKg));
    let error = power(&client, &wrong).await.unwrap_err();
    assert!(error.to_string().contains("wrong Kg key; not tried again"));
    assert_eq!(bmc.lock().logins, 1);
    power(&client, &target(&bmc, "password", Some(b"key")))
        .await
        .unwrap();
    client.shutdown().await;
}
