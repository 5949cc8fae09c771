//! Reads the power state of many BMCs over kept sessions for a while, and counts.
//!
//! `power_reads SECONDS IN_FLIGHT USER PASSWORD PORT...`: BMCs on the loopback address, cipher
//! suite 3. Prints one line of JSON. `tempest-compat/bench/run` compares it with `ipmitool`.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use drivers_ipmi_client::command::chassis::GetChassisStatus;
use drivers_ipmi_client::session::parameters::{Credentials, Parameters, Privilege};
use drivers_ipmi_client::{Client, ClientConfig, Limits, Target};
use futures::future::join_all;
use schemas_model::secret::Secret;

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
    let (next, reads) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let workers = (0..in_flight).map(|_| async {
        while Instant::now() < end {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if let Some(target) = targets.get(index % targets.len().max(1)) {
                read(&client, target).await?;
                reads.fetch_add(1, Ordering::Relaxed);
            }
        }
        Outcome::Ok(())
    });
    join_all(workers)
        .await
        .into_iter()
        .collect::<Outcome<Vec<()>>>()?;
    let took = started.elapsed().as_secs_f64();
    client.shutdown().await;
    let reads = reads.load(Ordering::Relaxed);
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
