//! Steps that the machine or its BMC finishes later, and the flags that say so.
//!
//! The flags are Ironic's, so that a Python conductor can go on with them. What goes on is asked
//! after by a poll; where a ramdisk runs, the agent's heartbeat does the same unless told that
//! somebody else polls.

use drivers_interface::{Outcome, Task};
use schemas_model::power::PowerState;
use schemas_model::step::StepKind;
use schemas_model::{Fault, Node};
use serde_json::Value;

/// The keys in `driver_internal_info` for one kind of step.
struct Flags {
    kind: StepKind,
    reboot: &'static str,
    skip: &'static str,
    polling: &'static str,
    disable_ramdisk: Option<&'static str>,
}

const FLAGS: &[Flags] = &[
    Flags {
        kind: StepKind::Clean,
        reboot: "cleaning_reboot",
        skip: "skip_current_clean_step",
        polling: "cleaning_polling",
        disable_ramdisk: Some("cleaning_disable_ramdisk"),
    },
    Flags {
        kind: StepKind::Service,
        reboot: "servicing_reboot",
        skip: "skip_current_service_step",
        polling: "servicing_polling",
        disable_ramdisk: Some("service_disable_ramdisk"),
    },
    Flags {
        kind: StepKind::Deploy,
        reboot: "deployment_reboot",
        skip: "skip_current_deploy_step",
        polling: "deployment_polling",
        disable_ramdisk: None,
    },
];

/// How a step that waits is taken up again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Waiting {
    /// The machine reboots for it.
    pub(crate) reboot: bool,
    /// The step runs once more, to look at the result.
    pub(crate) again: bool,
    /// Only the poll takes it up, never a heartbeat.
    pub(crate) polled: bool,
}

/// The kind of the node's current step.
pub(crate) fn current_kind(node: &Node) -> StepKind {
    if !node.clean_step.is_empty() {
        StepKind::Clean
    } else if !node.service_step.is_empty() {
        StepKind::Service
    } else {
        StepKind::Deploy
    }
}

fn flags(kind: StepKind) -> Option<&'static Flags> {
    FLAGS.iter().find(|flags| flags.kind == kind)
}

fn is_set(node: &Node, key: &str) -> bool {
    node.driver_internal_info
        .member(key)
        .and_then(Value::as_bool)
        .unwrap_or_default()
}

/// Whether the flow does without a ramdisk, so that no heartbeat will come.
pub(crate) fn without_ramdisk(node: &Node, kind: StepKind) -> bool {
    flags(kind)
        .and_then(|flags| flags.disable_ramdisk)
        .is_some_and(|key| is_set(node, key))
}

/// Notes how the step is taken up again. The caller saves.
pub(crate) fn wait(task: &mut dyn Task, kind: StepKind, how: Waiting) {
    let Some(flags) = flags(kind) else { return };
    let info = &mut task.node_mut().driver_internal_info;
    info.set(flags.reboot, how.reboot);
    if how.again {
        info.set(flags.skip, false);
    } else {
        info.unset(flags.skip);
    }
    if how.polled {
        info.set(flags.polling, true);
    } else {
        info.unset(flags.polling);
    }
    // The agent asks for a new token after a reboot, unless it gets one with its boot medium.
    if how.reboot && !is_set(task.node(), "agent_secret_token_pregenerated") {
        task.node_mut()
            .driver_internal_info
            .unset("agent_secret_token");
    }
}

/// Reboots the machine, into the ramdisk if the flow uses one, for a step that then waits.
pub(crate) async fn reboot(
    task: &mut dyn Task,
    kind: StepKind,
    reason: &str,
) -> Result<Outcome, Fault> {
    task.save().await?;
    if !without_ramdisk(task.node(), kind) {
        drivers_agent::prepare_boot(task).await?;
    }
    task.power_action(PowerState::Reboot, None).await?;
    Ok(Outcome::wait(reason))
}
