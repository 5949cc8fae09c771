//! Reads the power state of many BMCs over kept sessions for a while, and counts.
//!
//! `power_reads SECONDS IN_FLIGHT USER PASSWORD PORT...`: BMCs on the loopback address, cipher
//! suite 3. Prints one line of JSON. `tempest-compat/bench/run` compares it with `ipmitool`.

use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use drivers_ipmi_client::command::chassis::GetChassisStatus;
use drivers_ipmi_client::session::parameters::{Credentials, Parameters, Privilege};
use drivers_ipmi_client::{Client, ClientConfig, Limits, Target};
use futures::future::join_all;
use schemas_model::secret::Secret;
use tokio::task::JoinSet;

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

// One thread serves all BMCs: there is more waiting than work, and waking threads would be most of it.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [seconds, in_flight, user, password, ports @ ..] = words.as_slice() else {
        return Err("usage: power_reads SECONDS IN_FLIGHT USER PASSWORD PORT...".into());
    };
    let (seconds, in_flight) = (seconds.parse()?, in_flight.parse::<usize>()?);
    let mut targets = Vec::new();
    for port in ports {
        let credentials = Credentials::new(user, &Secret::new(password.clone()), None)?;
        let parameters = Parameters::v20(credentials, Privilege::Administrator, &[3])?;
        targets.push(Target {
            host: "127.0.0.1".to_owned(),
            port: port.parse()?,
            parameters: Arc::new(parameters),
            route: None,
        });
    }
    let client = Client::new(ClientConfig::default());
    // open every session before the clock starts
    let opened = join_all(targets.iter().map(|target| read(&client, target))).await;
    opened.into_iter().collect::<Outcome<Vec<bool>>>()?;

    let started = Instant::now();
    let end = started + Duration::from_secs_f64(seconds);
    // each worker has BMCs of its own: with shared ones, all would soon wait for the slowest
    let mut workers = JoinSet::new();
    for first in 0..in_flight.min(targets.len()) {
        let client = client.clone();
        let own: Vec<Target> = targets
            .iter()
            .skip(first)
            .step_by(in_flight)
            .cloned()
            .collect();
        workers.spawn(async move {
            let mut reads = 0_usize;
            for target in own.iter().cycle() {
                if Instant::now() >= end {
                    break;
                }
                read(&client, target).await?;
                reads += 1;
            }
            Outcome::Ok(reads)
        });
    }
    let mut reads = 0;
    while let Some(worker) = workers.join_next().await {
        reads += worker??;
    }
    let took = started.elapsed().as_secs_f64();
    client.shutdown().await;
    writeln!(
        std::io::stdout(),
        "{{\"reads\": {reads}, \"seconds\": {took}}}"
    )?;
    Ok(())
}

/// Whether the machine is on.
async fn read(client: &Client, target: &Target) -> Outcome<bool> {
    let limits = Limits::within(Duration::from_secs(10));
    let mut bmc = client.operation(target, limits).await?;
    Ok(bmc.run(&GetChassisStatus).await?.power_on)
}
