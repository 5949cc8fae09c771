//! Many BMCs in one process: what a kept session costs in memory, and that all of them are kept. How
//! fast ten thousand are read is what `tempest-compat/bench/sweep` measures.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout
)]

use std::io::{BufRead, BufReader};
use std::net::Ipv4Addr;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use drivers_ipmi_client::command::chassis::GetChassisStatus;
use drivers_ipmi_client::session::{Credentials, Parameters, Privilege};
use drivers_ipmi_client::{Client, ClientConfig, Limits, Target};
use drivers_sim::ipmi::{Bmc, IpmiBmc};
use futures::{StreamExt, stream};

const BMCS: u32 = 1_000;
/// Most memory for a kept session, in KiB: ten thousand fit into 150 MB.
const SESSION: u64 = 15;
const AT_ONCE: usize = 64;
const PORT: u16 = 26_230;
/// Set in the child process that plays the BMCs.
const ROLE: &str = "FERRIC_TEST_PLAYS_BMCS";

/// 127.1.0.0 and up.
fn address(index: u32) -> Ipv4Addr {
    Ipv4Addr::from_bits(Ipv4Addr::new(127, 1, 0, 1).to_bits() + index)
}

async fn play() {
    let mut bmcs = Vec::new();
    for index in 0..BMCS {
        let at = (address(index), PORT).into();
        bmcs.push(IpmiBmc::start_at(at, Bmc::default()).await.unwrap());
    }
    println!("ready");
    std::future::pending::<()>().await;
    drop(bmcs);
}

/// Resident memory of this process, in KiB.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS"))
        .unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

struct Players(Child);

impl Drop for Players {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

async fn read_all(client: &Client, targets: &[Target]) -> Duration {
    let began = Instant::now();
    stream::iter(targets)
        .for_each_concurrent(AT_ONCE, |target| async move {
            let limits = Limits::within(Duration::from_secs(30));
            let mut bmc = client.operation(target, limits).await.unwrap();
            bmc.run(&GetChassisStatus).await.unwrap();
        })
        .await;
    began.elapsed()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_sessions_are_kept_in_little_memory() {
    if std::env::var_os(ROLE).is_some() {
        return play().await;
    }
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "--nocapture"])
        .arg("a_thousand_sessions_are_kept_in_little_memory")
        .env(ROLE, "1")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    let _players = Players(child);
    output
        .lines()
        .map_while(Result::ok)
        .find(|line| line.contains("ready"))
        .unwrap();

    let credentials = Credentials::new("admin", &"password".into(), None).unwrap();
    let parameters = Parameters::v20(credentials, Privilege::Administrator, &[17]).unwrap();
    let parameters = Arc::new(parameters);
    let targets: Vec<Target> = (0..BMCS)
        .map(|index| Target {
            host: address(index).to_string(),
            port: PORT,
            parameters: Arc::clone(&parameters),
            route: None,
        })
        .collect();
    let client = Client::new(ClientConfig::default());
    let before = resident();
    let opening = read_all(&client, &targets).await;
    let reading = read_all(&client, &targets).await;
    let after = resident();
    println!(
        "{BMCS} BMCs: opened and read in {opening:.2?}, read again in {reading:.2?}; \
         {before} KiB before, {after} KiB after"
    );
    assert_eq!(client.kept(), BMCS as usize);
    let cost = after.saturating_sub(before) / u64::from(BMCS);
    assert!(cost < SESSION, "{cost} KiB a session");
    client.shutdown().await;
}
