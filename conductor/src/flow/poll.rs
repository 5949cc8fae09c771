//! Asking after work that goes on inside a BMC, and what follows for the node.

use drivers_interface::{Poll, PollOf, Polled, Task};
use schemas_model::interface::InterfaceKind;
use schemas_model::step::Step;
use schemas_model::{Class, Fault};

use super::{fail, heartbeat};
use crate::step::StepFlow;
use crate::task::NodeTask;

/// Polls a node once, through its interface of a kind.
///
/// # Errors
/// Those of saving; a failed step is recorded.
pub async fn run(task: &mut NodeTask, kind: InterfaceKind, poll: &Poll) -> Result<(), Fault> {
    let interfaces = task.interfaces().clone();
    let interface = interfaces.get(kind);
    if poll.of == PollOf::Failed {
        interface.poll(task, poll).await?;
        return task.save().await;
    }
    let state = task.node().provision_state;
    let Some(flow) = StepFlow::ALL.iter().find(|flow| flow.waiting == state) else {
        return Ok(());
    };
    let followed = match interface.poll(task, poll).await {
        Ok(Polled::Silent) => return task.save().await,
        Ok(Polled::Busy) => {
            let now = task.core().database.now();
            task.node_mut().provision_updated_at = Some(now);
            return task.save().await;
        }
        Ok(Polled::Done) => Box::pin(heartbeat::go_on(task, flow)).await,
        Err(fault) => Err(fault),
    };
    match followed {
        Err(fault) if fault.is_a(Class::NodeLocked) => Err(fault),
        Err(fault) => Box::pin(failed(task, flow, &fault)).await,
        Ok(()) => Ok(()),
    }
}

async fn failed(task: &mut NodeTask, flow: &'static StepFlow, fault: &Fault) -> Result<(), Fault> {
    let state = task.node().provision_state;
    if state != flow.running && state != flow.waiting {
        return Err(fault.clone());
    }
    match serde_json::from_value::<Step>(flow.current(task.node()).to_value()) {
        Ok(step) => fail::step(task, flow, &step, fault).await,
        Err(_) => fail::steps(task, flow, &fault.to_string()).await,
    }
}
