//! Serial over LAN on a BMC that echoes: every kind of protection, packets lost and doubled.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;
use std::time::Duration;

use drivers_ipmi_client::session::{Credentials, Parameters, Privilege};
use drivers_ipmi_client::{
    Client, ClientConfig, Error, Failure, Limits, SerialInput, SerialOutput, Target,
};
use drivers_sim::ipmi::{Bmc, Bug, IpmiBmc};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(30);

async fn bmc() -> IpmiBmc {
    let bmc = Bmc {
        sol_enabled: true,
        sol_echo: true,
        ..Bmc::default()
    };
    IpmiBmc::start(bmc).await.unwrap()
}

fn target(bmc: &IpmiBmc, password: &str, suites: &[u8]) -> Target {
    let credentials = Credentials::new("admin", &password.into(), None).unwrap();
    let parameters = Parameters::v20(credentials, Privilege::Administrator, suites).unwrap();
    Target {
        host: bmc.address().ip().to_string(),
        port: bmc.address().port(),
        parameters: Arc::new(parameters),
        route: None,
    }
}

/// A line that is carried by a task.
struct Line {
    input: Option<mpsc::Sender<SerialInput>>,
    output: mpsc::Receiver<SerialOutput>,
    carried: JoinHandle<Result<(), Error>>,
}

impl Line {
    async fn open(client: &Client, target: &Target) -> Result<Self, Error> {
        let line = client.serial_line(target, Limits::within(PATIENCE)).await?;
        let (input, typed) = mpsc::channel(8);
        let (shown, output) = mpsc::channel(8);
        Ok(Line {
            input: Some(input),
            output,
            carried: tokio::spawn(line.carry(typed, shown)),
        })
    }

    async fn open_if_free(client: &Client, target: &Target) -> Result<(), Error> {
        let limits = Limits::within(PATIENCE);
        client.free_serial_line(target, limits).await.map(drop)
    }

    async fn type_in(&self, text: &[u8]) {
        let input = self.input.as_ref().unwrap();
        for piece in text.chunks(100) {
            let piece = SerialInput::Characters(piece.to_vec());
            input.send(piece).await.unwrap();
        }
    }

    async fn sees(&mut self, text: &[u8]) {
        let mut seen = Vec::new();
        while seen.len() < text.len() {
            match timeout(PATIENCE, self.output.recv()).await.unwrap() {
                Some(SerialOutput::Characters(more)) => seen.extend(more),
                Some(SerialOutput::Notice(_)) => {}
                None => panic!("the line ended after {} characters", seen.len()),
            }
        }
        assert_eq!(seen, text);
    }

    async fn hang_up(mut self) -> Result<(), Error> {
        self.input = None;
        timeout(PATIENCE, self.carried).await.unwrap().unwrap()
    }
}

/// 2,000 characters that tell where they belong.
fn text() -> Vec<u8> {
    (0..400)
        .flat_map(|number| format!("{number:04} ").into_bytes())
        .collect()
}

#[tokio::test]
async fn characters_go_both_ways_under_every_kind_of_protection() {
    for suite in [17, 3, 2, 1] {
        let bmc = bmc().await;
        let client = Client::new(ClientConfig::default());
        let mut line = Line::open(&client, &target(&bmc, "password", &[suite]))
            .await
            .unwrap();
        line.type_in(&text()).await;
        line.sees(&text()).await;
        // False while the BMC waits for our acknowledgement of the characters before.
        while !bmc.sol_print(b"kernel panic").await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        line.sees(b"kernel panic").await;
        line.hang_up().await.unwrap();
        assert_eq!(
            bmc.lock().sol_typed(),
            None,
            "closed in the BMC, suite {suite}"
        );
        client.shutdown().await;
    }
}

#[tokio::test]
async fn what_is_typed_arrives_once_and_in_order_whatever_the_network_does() {
    for bug in [
        Bug::LoseRequests(3),
        Bug::Lose(3),
        Bug::Duplicate,
        Bug::Reorder,
    ] {
        let bmc = bmc().await;
        let client = Client::new(ClientConfig::default());
        let line = Line::open(&client, &target(&bmc, "password", &[17]))
            .await
            .unwrap();
        bmc.lock().sol_echo = false;
        bmc.lock().bugs.on(bug.clone());
        let sent = text();
        line.type_in(&sent).await;
        let arrived = async {
            while bmc
                .lock()
                .sol_typed()
                .is_none_or(|typed| typed.len() < sent.len())
            {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(PATIENCE, arrived).await.unwrap();
        assert_eq!(bmc.lock().sol_typed().unwrap(), sent, "{bug:?}");
        bmc.lock().bugs.heal();
        line.hang_up().await.unwrap();
        client.shutdown().await;
    }
}

#[tokio::test]
async fn a_break_stands_where_it_was_sent() {
    let bmc = bmc().await;
    let client = Client::new(ClientConfig::default());
    let mut line = Line::open(&client, &target(&bmc, "password", &[17]))
        .await
        .unwrap();
    line.type_in(b"before").await;
    line.sees(b"before").await;
    line.input
        .as_ref()
        .unwrap()
        .send(SerialInput::Break)
        .await
        .unwrap();
    line.type_in(b"after").await;
    line.sees(b"after").await;
    let breaks: u32 = {
        let bmc = bmc.lock();
        bmc.sessions
            .values()
            .filter_map(|session| session.sol.as_ref())
            .map(|sol| sol.breaks)
            .sum()
    };
    assert_eq!(breaks, 1);
    line.hang_up().await.unwrap();
    client.shutdown().await;
}

#[tokio::test]
async fn a_line_that_somebody_has_open_is_taken_over_and_a_disabled_one_enabled() {
    let bmc = bmc().await;
    let client = Client::new(ClientConfig::default());
    let target = target(&bmc, "password", &[17]);
    let first = Line::open(&client, &target).await.unwrap();
    let mut second = Line::open(&client, &target).await.unwrap();
    second.type_in(b"mine").await;
    second.sees(b"mine").await;
    first.carried.abort();
    // Somebody who asks politely does not get it, and does not disturb.
    let error = Line::open_if_free(&client, &target).await.unwrap_err();
    assert!(matches!(error.failure, Failure::LineTaken), "{error}");
    second.type_in(b" still").await;
    second.sees(b" still").await;
    second.hang_up().await.unwrap();
    bmc.lock().sol_enabled = false;
    let mut line = Line::open(&client, &target).await.unwrap();
    assert!(bmc.lock().sol_enabled);
    line.type_in(b"on").await;
    line.sees(b"on").await;
    line.hang_up().await.unwrap();
    client.shutdown().await;
}

/// It takes the time until the first check.
#[tokio::test]
async fn who_loses_the_line_to_another_session_notices_and_leaves_it_alone() {
    let bmc = bmc().await;
    let client = Client::new(ClientConfig::default());
    let target = target(&bmc, "password", &[17]);
    let first = Line::open(&client, &target).await.unwrap();
    let mut second = Line::open(&client, &target).await.unwrap();
    let error = timeout(PATIENCE, first.carried).await.unwrap().unwrap();
    let error = error.unwrap_err();
    assert!(matches!(error.failure, Failure::LineClosed(_)), "{error}");
    second.type_in(b"mine").await;
    second.sees(b"mine").await;
    second.hang_up().await.unwrap();
    client.shutdown().await;
}

#[tokio::test]
async fn a_wrong_password_is_told_from_a_bmc_that_is_not_there() {
    let bmc = bmc().await;
    let client = Client::new(ClientConfig::default());
    let error = Line::open(&client, &target(&bmc, "wrong", &[17]))
        .await
        .err()
        .unwrap();
    assert!(
        matches!(error.failure, Failure::WrongCredentials { .. }),
        "{error}"
    );
    client.shutdown().await;
}

/// The longest test: it takes the time after which a line counts as dead.
#[tokio::test]
async fn a_bmc_that_restarts_ends_the_line() {
    let bmc = bmc().await;
    let client = Client::new(ClientConfig::default());
    let mut line = Line::open(&client, &target(&bmc, "password", &[3]))
        .await
        .unwrap();
    line.type_in(b"x").await;
    line.sees(b"x").await;
    bmc.lock().restart(std::time::Instant::now());
    line.type_in(b"anybody there?").await;
    let error = timeout(PATIENCE, line.carried)
        .await
        .unwrap()
        .unwrap()
        .unwrap_err();
    assert!(error.failure.is_transient(), "{error}");
    client.shutdown().await;
}
