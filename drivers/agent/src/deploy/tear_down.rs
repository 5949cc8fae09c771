//! The agent's work is done: the machine goes off, by the agent itself when it can.

use std::time::Duration;

use drivers_interface::{Outcome, Task};
use schemas_model::power::PowerState;
use schemas_model::{Class, Fault};
use serde_json::{Value, json};

use crate::client::Agent;
use crate::logs::{self, After};

/// The deploy step `tear_down_agent`.
///
/// # Errors
/// `InstanceDeployFailure` when the machine cannot be switched off; its logs are collected before.
pub(super) async fn tear_down_agent(task: &mut dyn Task) -> Result<Outcome, Fault> {
    logs::collect(task, After::Success).await;
    match end_agent(task).await {
        Ok(()) => Ok(Outcome::Done),
        Err(fault) => {
            logs::collect(task, After::Failure(None)).await;
            Err(Fault::new(
                Class::InstanceDeployFailure,
                format!(
                    "Node {} could not be switched off after its deployment: {fault}",
                    task.node().uuid
                ),
            ))
        }
    }
}

async fn end_agent(task: &mut dyn Task) -> Result<(), Fault> {
    let agent = Agent::of(task)?;
    if task.node().stays_powered() {
        agent.run("system.lockdown", json!({}), false).await?;
        return Ok(());
    }
    let power = task.interfaces().power.clone();
    let can_power_on = power.supported_power_states(task).contains(&PowerState::On);
    let by_bmc = task
        .node()
        .driver_info
        .member("deploy_forces_oob_reboot")
        .is_some_and(is_true);
    if can_power_on && !by_bmc {
        return soft_power_off(task, &agent).await;
    }
    if let Err(fault) = agent.run("standby.sync", json!({}), true).await {
        tracing::warn!(node.uuid = %task.node().uuid, "the agent did not flush its disks: {fault}");
    }
    let to = if can_power_on {
        PowerState::Off
    } else {
        PowerState::Reboot
    };
    task.power_action(to, None).await
}

/// The agent shuts the machine down; the BMC says when it is off, and forces it when it does not go.
async fn soft_power_off(task: &mut dyn Task, agent: &Agent) -> Result<(), Fault> {
    // The answer may be lost although the request arrived, so its failure decides nothing.
    if let Err(fault) = agent.run("standby.power_off", json!({}), false).await {
        tracing::warn!(node.uuid = %task.node().uuid, "the agent did not confirm that it powers off: {fault}");
    }
    let options = &task.config().agent;
    let attempts = options.post_deploy_get_power_state_retries.clamp(0, 10_000) + 1;
    let seconds = options
        .post_deploy_get_power_state_retry_interval
        .clamp(0, 3600);
    let pause = Duration::from_secs(seconds.unsigned_abs());
    let power = task.interfaces().power.clone();
    for attempt in 0..attempts {
        if attempt > 0 {
            tokio::time::sleep(pause).await;
        }
        match power.power_state(task).await {
            Ok(Some(PowerState::Off)) => break,
            Ok(_) => {}
            Err(fault) => {
                tracing::debug!(node.uuid = %task.node().uuid, "the power state is not known: {fault}");
            }
        }
    }
    // Nothing is done when it is off already; that it is gets recorded.
    task.power_action(PowerState::Off, None).await
}

fn is_true(value: &Value) -> bool {
    match value {
        Value::Bool(flag) => *flag,
        Value::String(text) => matches!(
            text.to_ascii_lowercase().as_str(),
            "1" | "t" | "true" | "on" | "y" | "yes"
        ),
        Value::Number(number) => number.as_i64() == Some(1),
        _ => false,
    }
}
