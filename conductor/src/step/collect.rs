//! Asking a node's interfaces for their steps.

use std::collections::BTreeMap;

use drivers_interface::Task;
use schemas_model::Fault;
use schemas_model::step::{Step, StepKind};

use super::order;
use super::validate::{is_reserved, on_child_nodes, step_id};

/// The steps of a kind for a node, with the priorities that configuration overrides.
///
/// `enabled_only` leaves out priority 0 and sorts; service steps are never sorted, since people give
/// their order.
///
/// # Errors
/// What an interface fails with when it has to ask an agent.
pub async fn collect(
    task: &mut dyn Task,
    kind: StepKind,
    enabled_only: bool,
) -> Result<Vec<Step>, Fault> {
    let interfaces = task.interfaces().clone();
    let mut steps = Vec::new();
    for interface in order::interfaces(kind) {
        steps.extend(interfaces.get(*interface).steps(task, kind).await?);
    }
    let conductor = &task.config().conductor;
    match kind {
        StepKind::Clean => {
            override_priorities(&mut steps, conductor.clean_step_priority_override.iter())
        }
        StepKind::Verify => {
            override_priorities(&mut steps, conductor.verify_step_priority_override.iter())
        }
        StepKind::Deploy | StepKind::Service => {}
    }
    if enabled_only {
        steps.retain(|step| step.priority != Some(0));
        if kind != StepKind::Service {
            order::sort(kind, &mut steps);
        }
    }
    Ok(steps)
}

fn override_priorities<'c>(
    steps: &mut [Step],
    overrides: impl Iterator<Item = &'c BTreeMap<String, String>> + Clone,
) {
    for step in steps {
        // A later line wins, as it does when the lines are merged.
        let wanted = overrides
            .clone()
            .filter_map(|line| line.get(&step_id(step)))
            .last();
        let Some(text) = wanted else { continue };
        match text.trim().parse() {
            Ok(priority) => step.priority = Some(priority),
            Err(_) => tracing::warn!(
                step = %step_id(step),
                value = %text,
                "the priority override of a step is no number and is ignored"
            ),
        }
    }
}

/// Whether every step asked for runs without a ramdisk (those of child nodes and reserved ones do).
///
/// # Errors
/// As [`collect`].
pub async fn all_without_ramdisk(task: &mut dyn Task, steps: &[Step]) -> Result<bool, Fault> {
    let known = collect(task, StepKind::Clean, false).await?;
    Ok(steps
        .iter()
        .filter(|step| !on_child_nodes(step) && !is_reserved(step))
        .all(|step| {
            known
                .iter()
                .find(|candidate| step_id(candidate) == step_id(step))
                .is_some_and(|found| !super::validate::requires_ramdisk(found))
        }))
}
