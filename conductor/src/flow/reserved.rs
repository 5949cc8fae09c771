//! Steps the conductor carries out itself: `power_on`, `power_off`, `reboot`, `hold`, `wait`.

use std::time::Duration;

use drivers_interface::Task;
use schemas_model::Fault;
use schemas_model::power::PowerState;
use schemas_model::provision::Event;
use schemas_model::step::Step;

use super::engine::kept_target;
use crate::history::EventType;
use crate::power;
use crate::provision::Move;
use crate::step::StepFlow;
use crate::task::NodeTask;

/// What became of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carried {
    /// It is done.
    Done,
    /// It goes on elsewhere; the node has yet to be made to wait.
    Waits,
    /// The node waits or is held already.
    Rests,
}

/// Carries a reserved step out.
///
/// # Errors
/// The failure of a power change; `InvalidParameterValue` for a step that is not reserved.
pub async fn carry_out(
    task: &mut NodeTask,
    flow: &StepFlow,
    step: &Step,
) -> Result<Carried, Fault> {
    let power_state = match step.step.as_str() {
        "power_on" => PowerState::On,
        "power_off" => PowerState::Off,
        "reboot" => PowerState::Reboot,
        "hold" => {
            let target = kept_target(task, flow);
            task.apply(Move::by(Event::Hold).towards(target)).await?;
            return Ok(Carried::Rests);
        }
        "wait" => return wait(task, flow, step).await,
        other => {
            return Err(Fault::invalid_parameter(format!(
                "'{other}' is no reserved step"
            )));
        }
    };
    power::set_power(task, power_state, None).await?;
    Ok(Carried::Done)
}

/// Without a time, the agent's next sign of life ends the wait.
async fn wait(task: &mut NodeTask, flow: &StepFlow, step: &Step) -> Result<Carried, Fault> {
    let target = kept_target(task, flow);
    task.apply(Move::by(Event::Wait).towards(target)).await?;
    let asked = step
        .args
        .as_ref()
        .and_then(|args| args.member("seconds"))
        .and_then(|seconds| seconds.as_u64().or_else(|| seconds.as_str()?.parse().ok()));
    let Some(asked) = asked else {
        return Ok(Carried::Rests);
    };
    let longest = task.config().conductor.max_conductor_wait_step_seconds;
    if asked > longest {
        let event = format!(
            "A wait of {asked} seconds was asked for; [conductor]max_conductor_wait_step_seconds allows {longest}."
        );
        let state = task.node().provision_state;
        task.record(EventType::State(state), &event);
    }
    tokio::time::sleep(Duration::from_secs(asked.min(longest))).await;
    task.apply(Move::by(Event::Resume).towards(target)).await?;
    Ok(Carried::Done)
}
