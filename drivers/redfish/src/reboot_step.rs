//! Steps that the machine finishes while it starts: reboot it, and come back.
//!
//! With a ramdisk the agent's next heartbeat runs the same step again, which then looks at the
//! result; the flags that say so are Ironic's, so a Python conductor can go on with them. Without
//! one nobody would come back, so the step itself waits.

use drivers_interface::{Outcome, Task};
use schemas_model::Fault;
use schemas_model::power::PowerState;
use schemas_model::step::StepKind;

/// The keys in `driver_internal_info` for one kind of step.
struct Flags {
    kind: StepKind,
    reboot: &'static str,
    skip: &'static str,
    disable_ramdisk: Option<&'static str>,
}

const FLAGS: &[Flags] = &[
    Flags {
        kind: StepKind::Clean,
        reboot: "cleaning_reboot",
        skip: "skip_current_clean_step",
        disable_ramdisk: Some("cleaning_disable_ramdisk"),
    },
    Flags {
        kind: StepKind::Service,
        reboot: "servicing_reboot",
        skip: "skip_current_service_step",
        disable_ramdisk: Some("service_disable_ramdisk"),
    },
    Flags {
        kind: StepKind::Deploy,
        reboot: "deployment_reboot",
        skip: "skip_current_deploy_step",
        disable_ramdisk: None,
    },
];

/// Whether an agent's heartbeat will run the step again after the reboot.
pub(crate) fn agent_comes_back(task: &dyn Task, kind: StepKind) -> bool {
    let key = FLAGS
        .iter()
        .find(|flags| flags.kind == kind)
        .and_then(|flags| flags.disable_ramdisk);
    let disabled = key.and_then(|key| task.node().driver_internal_info.member(key));
    disabled.and_then(serde_json::Value::as_bool) != Some(true)
}

/// Has the step run again with the agent's next heartbeat. The caller saves.
pub(crate) fn run_again(task: &mut dyn Task, kind: StepKind) {
    if let Some(flags) = FLAGS.iter().find(|flags| flags.kind == kind) {
        task.node_mut().driver_internal_info.set(flags.skip, false);
    }
}

/// Reboots into the ramdisk; the step is run again when the agent is there.
pub(crate) async fn reboot_into_agent(
    task: &mut dyn Task,
    kind: StepKind,
    reason: &str,
) -> Result<Outcome, Fault> {
    if let Some(flags) = FLAGS.iter().find(|flags| flags.kind == kind) {
        let info = &mut task.node_mut().driver_internal_info;
        info.set(flags.reboot, true);
        // The agent asks for a new token, unless it gets one with its boot medium.
        if info
            .member("agent_secret_token_pregenerated")
            .and_then(serde_json::Value::as_bool)
            != Some(true)
        {
            info.unset("agent_secret_token");
        }
    }
    run_again(task, kind);
    task.save().await?;
    drivers_agent::prepare_boot(task).await?;
    task.power_action(PowerState::Reboot, None).await?;
    Ok(Outcome::wait(reason))
}
