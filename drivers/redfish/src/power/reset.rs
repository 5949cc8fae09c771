//! Sending a reset, and telling a refusal from "already there".

use std::time::Duration;

use drivers_interface::Task;
use drivers_redfish_client::{
    Error,
    schema::{status::ResetType, system::ComputerSystem},
};
use schemas_model::Fault;
use schemas_model::power::PowerState;

use super::state_of;
use crate::connection::NodeBmc;

/// What BMCs say, in place of a power state, to a request for the state they are in.
const ALREADY: &[(PowerState, &[&str])] = &[
    (
        PowerState::Off,
        &["host is powered off", "already powered off"],
    ),
    (
        PowerState::On,
        &["host is powered on", "already powered on"],
    ),
];

/// Tells the machine to go to `state`. False if it is there already.
pub(super) async fn send(
    task: &dyn Task,
    bmc: &NodeBmc,
    system: &ComputerSystem,
    state: PowerState,
) -> Result<bool, Fault> {
    let mut resets = bmc.dialect.resets.iter();
    let Some((_, reset)) = resets.find(|(known, _)| *known == state) else {
        return Err(Fault::invalid_parameter(format!(
            "Node {}: '{state}' is not a power state that Redfish can bring about.",
            bmc.node
        )));
    };
    match attempts(task, bmc, system, state, *reset).await {
        Ok(()) => Ok(true),
        Err(error)
            if matches!(error.status(), Some(400 | 409))
                && is_there(bmc, &error, state.settled()).await =>
        {
            tracing::info!(node.uuid = %bmc.node, %error, "the BMC refused '{state}', but the machine is in that state already");
            Ok(false)
        }
        Err(error) => Err(bmc.failed(&format!("set the power state to '{state}'"))(
            error,
        )),
    }
}

/// A power on is tried again while the BMC settles after a power off (Dell iDRAC 10 answers 409
/// `ActionParameterValueConflict` for up to a minute).
async fn attempts(
    task: &dyn Task,
    bmc: &NodeBmc,
    system: &ComputerSystem,
    state: PowerState,
    reset: ResetType,
) -> Result<(), Error> {
    let config = &task.config().redfish;
    let mut left = config.power_on_conflict_retry_attempts;
    loop {
        let error = match bmc.afresh().bmc.reset(system, reset).await {
            Ok(_) => return Ok(()),
            Err(error) => error,
        };
        let settling = state == PowerState::On
            && error.status() == Some(409)
            && error.mentions("ActionParameterValueConflict");
        if !settling || left == 0 {
            return Err(error);
        }
        left -= 1;
        tracing::warn!(node.uuid = %bmc.node, left, "the BMC refuses to power on while it settles; it is asked again");
        tokio::time::sleep(Duration::from_secs(config.power_on_conflict_retry_interval)).await;
    }
}

async fn is_there(bmc: &NodeBmc, refusal: &Error, wanted: PowerState) -> bool {
    let current = match bmc.afresh().system().await {
        Ok(system) => state_of(bmc, &system).ok().flatten(),
        Err(_) => None,
    };
    let said = || {
        let phrases = ALREADY
            .iter()
            .find(|(state, _)| *state == wanted)
            .map(|(_, phrases)| *phrases)
            .unwrap_or_default();
        refusal
            .detail()
            .is_some_and(|detail| phrases.iter().any(|phrase| detail.says(phrase)))
    };
    current.map_or_else(said, |current| current == wanted)
}
