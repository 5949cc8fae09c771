//! Which kernel and ramdisk a node boots for deployment or rescue.

use drivers_interface::Task;
use schemas_model::provision::State;
use schemas_model::{Fault, Node};

/// Which ramdisk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Deploy,
    Rescue,
}

impl Mode {
    /// Rescue states boot the rescue ramdisk.
    pub(crate) const fn of(state: State) -> Self {
        match state {
            State::Rescuing
            | State::RescueWait
            | State::Rescue
            | State::RescueFailed
            | State::Unrescuing
            | State::UnrescueFailed => Mode::Rescue,
            _ => Mode::Deploy,
        }
    }

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Mode::Deploy => "deploy",
            Mode::Rescue => "rescue",
        }
    }
}

/// Kernel and ramdisk, as given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RamdiskImages {
    pub kernel: String,
    pub ramdisk: String,
}

/// From `driver_info`, else from `[conductor]` (by architecture first).
///
/// # Errors
/// `MissingParameterValue` naming what is missing.
pub(crate) fn find(task: &dyn Task, mode: Mode) -> Result<RamdiskImages, Fault> {
    let node = task.node();
    let kernel = image(task, mode, "kernel");
    let ramdisk = image(task, mode, "ramdisk");
    match (kernel, ramdisk) {
        (Some(kernel), Some(ramdisk)) => Ok(RamdiskImages { kernel, ramdisk }),
        (kernel, ramdisk) => {
            let missing: Vec<String> = [("kernel", kernel), ("ramdisk", ramdisk)]
                .into_iter()
                .filter(|(_, found)| found.is_none())
                .map(|(what, _)| format!("{}_{what}", mode.as_str()))
                .collect();
            Err(Fault::missing_parameter(format!(
                "Node {} cannot boot a ramdisk: {} missing in driver_info and in [conductor].",
                node.uuid,
                missing.join(" and ")
            )))
        }
    }
}

fn image(task: &dyn Task, mode: Mode, what: &str) -> Option<String> {
    let node: &Node = task.node();
    if let Some(own) = node
        .driver_info
        .text_member(&format!("{}_{what}", mode.as_str()))
    {
        return Some(own.to_owned()).filter(|image| !image.is_empty());
    }
    let options = &task.config().conductor;
    let architecture = node.properties.text_member("cpu_arch").unwrap_or_default();
    let (by_architecture, any) = match (mode, what) {
        (Mode::Deploy, "kernel") => (&options.deploy_kernel_by_arch, &options.deploy_kernel),
        (Mode::Deploy, _) => (&options.deploy_ramdisk_by_arch, &options.deploy_ramdisk),
        (Mode::Rescue, "kernel") => (&options.rescue_kernel_by_arch, &options.rescue_kernel),
        (Mode::Rescue, _) => (&options.rescue_ramdisk_by_arch, &options.rescue_ramdisk),
    };
    by_architecture
        .get(architecture)
        .cloned()
        .or_else(|| any.clone())
        .filter(|image| !image.is_empty())
}
