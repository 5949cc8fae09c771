//! The `redfish` RAID interface: volumes of the machine's storage controllers.
//!
//! What is wanted becomes a plan before anything is changed ([`plan`]); then volumes are created or
//! deleted one after the other. Where a BMC changes them only with a start of the machine, the
//! machine is rebooted and the step comes back ([`crate::reboot_step`]).

mod level;
mod logical_disk;
mod plan;
mod progress;
mod volume;

use drivers_interface::{
    Argument, Outcome, Raid, StepSpec, Task, async_trait, parse_args, unsupported,
};
use schemas_model::step::{Step, StepKind};
use schemas_model::{Fault, Object};
use serde_json::Value;

use crate::connection::NodeBmc;
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

/// The arguments of a creation.
#[derive(serde::Deserialize)]
struct Arguments {
    raid_config: Option<Value>,
    create_root_volume: Option<bool>,
    create_nonroot_volumes: Option<bool>,
    delete_existing: Option<bool>,
}

impl RedfishRaid {
    async fn run(
        &self,
        task: &mut dyn Task,
        kind: StepKind,
        step: &Step,
    ) -> Result<Outcome, Fault> {
        let bmc = self.connections.of(task)?;
        if let Some(waiting) = progress::look(task, &bmc, kind).await? {
            return match waiting {
                Outcome::Done => volume::record(task, &bmc).await.map(|()| Outcome::Done),
                waits => Ok(waits),
            };
        }
        match step.step.as_str() {
            "create_configuration" | "apply_configuration" => {
                create(task, &bmc, kind, parse_args(step)?).await
            }
            "delete_configuration" => {
                let deferred = volume::delete_all(&bmc).await?;
                progress::finish(task, &bmc, kind, "delete", deferred).await
            }
            other => Err(unsupported(self, task, other)),
        }
    }
}

async fn create(
    task: &mut dyn Task,
    bmc: &NodeBmc,
    kind: StepKind,
    arguments: Arguments,
) -> Result<Outcome, Fault> {
    let applies = arguments.raid_config.is_some();
    let wanted = arguments
        .raid_config
        .unwrap_or_else(|| task.node().target_raid_config.to_value());
    let wanted = logical_disk::parse(&bmc.node, &wanted)?;
    if applies {
        // As Ironic does, so that the configuration can be seen and compared.
        task.node_mut().target_raid_config = Object::from_parsed(logical_disk::as_config(&wanted));
    }
    let root = arguments.create_root_volume.unwrap_or(true);
    let others = arguments.create_nonroot_volumes.unwrap_or(!applies);
    if arguments.delete_existing.unwrap_or(false) && !volume::delete_all(bmc).await?.is_empty() {
        return Err(Fault::new(
            schemas_model::Class::RedfishError,
            format!(
                "Node {}: BMC {} deletes volumes only when the machine starts. Run the step delete_configuration before this one.",
                bmc.node,
                bmc.address()
            ),
        ));
    }
    let disks = volume::physical_disks(bmc).await?;
    let planned = plan::plan(&wanted, &disks).map_err(|why| {
        Fault::new(
            schemas_model::Class::RedfishError,
            format!(
                "Node {}: the RAID configuration does not fit the disks that BMC {} shows: {why}.",
                bmc.node,
                bmc.address()
            ),
        )
    })?;
    let selected: Vec<_> = planned
        .into_iter()
        .filter(|volume| if volume.is_root { root } else { others })
        .collect();
    let deferred = volume::create(bmc, &disks, &selected).await?;
    progress::finish(task, bmc, kind, "create", deferred).await
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
