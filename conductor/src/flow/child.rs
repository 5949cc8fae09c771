//! Steps that run on the children of a node.

use drivers_interface::{Outcome, Task};
use schemas_db::{Children, NodeFilter, Page};
use schemas_model::step::{Step, StepKind};
use schemas_model::{Fault, Uuid};
use schemas_rpc::NodeRef;
use serde_json::Value;

use super::reserved::{self, Carried};
use crate::step::{StepFlow, is_reserved};
use crate::task::{NodeTask, Patience};

/// Runs a step on all children, or on those the step names, one after the other.
///
/// # Errors
/// The first child's failure; a child that would have to wait fails unless
/// `[conductor]permit_child_node_step_async_result` is set.
pub async fn run_on_children(
    task: &mut NodeTask,
    flow: &StepFlow,
    step: &Step,
) -> Result<Carried, Fault> {
    let filter = NodeFilter {
        children: Children::Of(task.node().uuid.clone()),
        uuid_in: limited_to(step),
        ..NodeFilter::default()
    };
    let core = task.core().clone();
    for child in core.database.node_list(&filter, &Page::all()).await? {
        tracing::info!(node.uuid = %task.node().uuid, child = %child.uuid, step = %step.step, "running a step on a child");
        let reference = NodeRef::Id(child.id);
        let mut child = core
            .exclusive(task.context(), &reference, Patience::Usual)
            .await?;
        let carried = run_on(&mut child, flow, step).await;
        let uuid = child.node().uuid.clone();
        match child.finish(carried).await? {
            Carried::Done | Carried::Rests => {}
            Carried::Waits if core.config.conductor.permit_child_node_step_async_result => {}
            Carried::Waits => {
                return Err(Fault::invalid(format!(
                    "Step {} on child node {uuid} goes on elsewhere, which \
                     [conductor]permit_child_node_step_async_result forbids",
                    step.step
                )));
            }
        }
    }
    Ok(Carried::Done)
}

fn limited_to(step: &Step) -> Option<Vec<Uuid>> {
    let limit: Vec<Uuid> = step
        .rest
        .get("limit_child_node_execution")
        .and_then(Value::as_array)?
        .iter()
        .filter_map(Value::as_str)
        .map(|uuid| Uuid::from_stored(uuid.to_owned()))
        .collect();
    (!limit.is_empty()).then_some(limit)
}

async fn run_on(child: &mut NodeTask, flow: &StepFlow, step: &Step) -> Result<Carried, Fault> {
    if is_reserved(step) {
        return reserved::carry_out(child, flow, step).await;
    }
    let Some(interface) = step.interface else {
        return Err(Fault::invalid_parameter(format!(
            "Step '{}' names no interface",
            step.step
        )));
    };
    // Children are cleaned by the steps of a deployment, too (Ironic 39.0.0).
    let kind = match flow.kind {
        StepKind::Service => StepKind::Service,
        _ => StepKind::Clean,
    };
    let interfaces = child.interfaces().clone();
    let outcome = interfaces
        .get(interface)
        .run_step(child, kind, step)
        .await?;
    child.save().await?;
    Ok(match outcome {
        Outcome::Done => Carried::Done,
        Outcome::Wait { .. } => Carried::Waits,
    })
}
