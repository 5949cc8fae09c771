//! All BMCs of this process: one client with its kept sessions, and the rules of `[ipmi]`.

use std::pin::Pin;
use std::time::{Duration, Instant};

use drivers_interface::Task;
use drivers_ipmi_client::{Client, ClientConfig, Error, Limits, Operation, Target};
use schemas_config::Config;
use schemas_model::{Class, Fault, Node};

use crate::driver_info;
use crate::retryable::is_retryable;

/// Pause between two attempts where `[ipmi]min_command_interval` is 0.
const SHORTEST_PAUSE: Duration = Duration::from_millis(200);

/// The BMCs. Clones share one client.
#[derive(Debug, Clone)]
pub struct Bmcs {
    client: Client,
}

impl Default for Bmcs {
    fn default() -> Self {
        Bmcs {
            client: Client::new(ClientConfig::default()),
        }
    }
}

/// What is done with a BMC during one operation.
pub(crate) type Work<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;

impl Bmcs {
    /// BMCs reached through a client that exists already.
    pub fn new(client: Client) -> Self {
        Bmcs { client }
    }

    /// The client, for lines that have a session of their own.
    pub(crate) fn client(&self) -> Client {
        self.client.clone()
    }

    /// Closes all sessions and joins the client's tasks.
    pub async fn shutdown(&self) {
        self.client.shutdown().await;
    }

    /// The failed `validate` of an interface, or nothing.
    pub(crate) fn validate(task: &dyn Task) -> Result<Target, Fault> {
        driver_info::target(task.node(), task.config())
    }

    /// Does `work` on the node's BMC. What fails for a passing reason is done again until
    /// `[ipmi]command_retry_timeout` is over; the rest fails at once, because a wrong password does
    /// not get right by repetition and may lock the account.
    pub(crate) async fn run<T, F>(&self, task: &dyn Task, what: &str, work: F) -> Result<T, Fault>
    where
        F: Fn(&mut Operation) -> Work<'_, T> + Send + Sync,
        T: Send,
    {
        let target = Self::validate(task)?;
        self.run_on(task.node(), task.config(), &target, what, work)
            .await
            .map_err(|error| failure(task.node(), what, &error))
    }

    /// As [`Bmcs::run`], with the client's own error.
    pub(crate) async fn run_on<T, F>(
        &self,
        node: &Node,
        config: &Config,
        target: &Target,
        what: &str,
        work: F,
    ) -> Result<T, Error>
    where
        F: Fn(&mut Operation) -> Work<'_, T> + Send + Sync,
        T: Send,
    {
        let limits = limits(config);
        loop {
            let error = match self.client.operation(target, limits).await {
                Err(error) => error,
                Ok(mut operation) => match work(&mut operation).await {
                    Ok(done) => return Ok(done),
                    Err(error) => error,
                },
            };
            let again = Instant::now() + limits.interval.max(SHORTEST_PAUSE);
            if !is_retryable(&error, config) || again >= limits.deadline {
                return Err(error);
            }
            tracing::warn!(
                node.uuid = %node.uuid,
                bmc = %error.bmc,
                %error,
                "IPMI {what} failed, it will be tried again"
            );
            tokio::time::sleep_until(again.into()).await;
        }
    }
}

fn limits(config: &Config) -> Limits {
    let seconds = |value: i64| Duration::from_secs(value.try_into().unwrap_or(0));
    let interval = seconds(config.ipmi.min_command_interval);
    // Ironic tries at least once, whatever the timeout.
    let patience = seconds(config.ipmi.command_retry_timeout).max(interval + interval);
    Limits {
        deadline: Instant::now() + patience.max(Duration::from_secs(1)),
        interval,
    }
}

/// The failure that an operator sees.
pub(crate) fn failure(node: &Node, what: &str, error: &Error) -> Fault {
    tracing::error!(
        node.uuid = %node.uuid,
        bmc = %error.bmc,
        %error,
        "IPMI {what} failed"
    );
    Fault::new(
        Class::IPMIFailure,
        format!("IPMI call failed: {what} for node {}. {error}", node.uuid),
    )
}
