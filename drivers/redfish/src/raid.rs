//! The `redfish` RAID interface: volumes of the machine's storage controllers.
//!
//! Configurations are validated as Ironic does. The steps are known but not carried out yet: they
//! fail with a reason before anything is changed.

use drivers_interface::{Argument, Outcome, Raid, StepSpec, Task, async_trait, unsupported};
use schemas_model::step::{Step, StepKind};
use schemas_model::{Fault, Object};
use serde_json::Value;

use crate::driver_info::PROPERTIES;
use crate::redfish_interface;

const fn argument(name: &'static str, description: &'static str, required: bool) -> Argument {
    Argument {
        name,
        description,
        required,
    }
}

const CREATE_ROOT: Argument = argument(
    "create_root_volume",
    "Whether to create the root volume. Default true.",
    false,
);
const CREATE_OTHERS: Argument = argument(
    "create_nonroot_volumes",
    "Whether to create the other volumes. Default true when creating, false when applying.",
    false,
);
const DELETE_EXISTING: Argument = argument(
    "delete_existing",
    "Whether to delete existing volumes first. Default false.",
    false,
);
const APPLY: &[Argument] = &[
    argument("raid_config", "The RAID configuration to apply.", true),
    CREATE_ROOT,
    CREATE_OTHERS,
    DELETE_EXISTING,
];

/// THE table of steps (Ironic 39.0.0, `hardware.json`).
const STEPS: &[StepSpec] = &[
    StepSpec::clean("create_configuration", 0).args(&[CREATE_ROOT, CREATE_OTHERS, DELETE_EXISTING]),
    StepSpec::clean("delete_configuration", 0),
    StepSpec::deploy("apply_configuration", 0).args(APPLY),
    StepSpec::deploy("delete_configuration", 0),
    StepSpec::service("apply_configuration", 0).args(APPLY),
    StepSpec::service("delete_configuration", 0),
];

redfish_interface! {
    /// RAID volumes.
    RedfishRaid, Raid, properties: PROPERTIES, steps: STEPS
}

impl RedfishRaid {
    async fn run(&self, task: &mut dyn Task, _: StepKind, step: &Step) -> Result<Outcome, Fault> {
        Err(unsupported(self, task, &step.step))
    }
}

#[async_trait]
impl Raid for RedfishRaid {
    async fn validate_raid_config(&self, _task: &dyn Task, config: &Object) -> Result<(), Fault> {
        let disks = config
            .member("logical_disks")
            .and_then(Value::as_array)
            .map(Vec::as_slice)
            .unwrap_or_default();
        match disks
            .iter()
            .any(|disk| disk.get("interface_type").and_then(Value::as_str) == Some("scsi"))
        {
            true => Err(Fault::invalid_parameter(
                "Redfish RAID does not support the interface type 'scsi'; use sata, sas or nvme.",
            )),
            false => Ok(()),
        }
    }
}
