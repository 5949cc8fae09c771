//! `ferric bmc`: what an operator asks a BMC beside the service, and Ironic's API has no place for.
//!
//! Invariants
//! * only what is safe beside a running conductor: nothing here changes power, boot device or a node;
//! * a session of its own, closed at the end, so that no slot of the BMC stays taken;
//! * the password comes from the node, a file or the environment; it is never an argument and never
//!   shown;
//! * an error names the BMC, what was tried, and what to do about it.

mod advice;
mod arguments;
mod event_log;
mod identify;
mod info;
mod inventory;
mod power;
mod reach;
mod report;
mod sensors;

use std::time::Duration;

use drivers_ipmi_client::{Client, ClientConfig, Error, Limits, Operation};

pub(crate) use arguments::Arguments;
use arguments::{Action, EventLog};
use report::Report;

use crate::settings::Settings;
use crate::terminal;

/// Longest time for one action: a long event log of a slow BMC. Silence is noticed much earlier.
const PATIENCE: Duration = Duration::from_secs(300);

/// Runs one action and shows what came of it.
///
/// # Errors
/// One sentence that names the BMC, what was tried and what to do.
pub(crate) async fn run(settings: &Settings, arguments: Arguments) -> Result<(), String> {
    let reached = reach::reach(settings, &arguments).await?;
    let client = Client::new(ClientConfig::default());
    let done = act(&client, &reached, &arguments.action).await;
    client.shutdown().await;
    let report = done.map_err(|error| {
        let node = reached.node.as_deref();
        let about = node.map_or_else(String::new, |node| format!("node {node}: "));
        format!(
            "{about}{error}{}",
            advice::on(&error.failure, node.is_some())
        )
    })?;
    terminal::write_lines(&report.shown(arguments.json))
}

async fn act(client: &Client, reached: &reach::Reached, action: &Action) -> Result<Report, Error> {
    let limits = Limits::within(PATIENCE);
    let mut bmc = client.operation(&reached.target, limits).await?;
    let report = report(&mut bmc, &reached.target.address(), action).await;
    bmc.close().await;
    report
}

async fn report(bmc: &mut Operation, address: &str, action: &Action) -> Result<Report, Error> {
    match action {
        Action::Power { .. } => power::status(bmc).await,
        Action::Info => info::read(bmc).await,
        Action::Sel(EventLog::List) => event_log::list(bmc).await,
        Action::Sel(EventLog::Clear) => event_log::clear(bmc, address).await,
        Action::Fru { device } => inventory::read(bmc, *device).await,
        Action::Sensors => sensors::read(bmc).await,
        Action::Identify { light } => identify::set(bmc, *light).await,
    }
}
