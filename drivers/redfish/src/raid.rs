//! The `redfish` RAID interface: volumes of the machine's storage controllers.
//!
//! What is wanted becomes a plan before anything is changed ([`plan`]); then volumes are created or
//! deleted one after the other. What a BMC does not finish with its answer, at once or with a start
//! of the machine, is asked after by a poll ([`progress`]).

mod level;
mod logical_disk;
mod order;
mod plan;
mod progress;
mod volume;

use drivers_interface::{
    Argument, CREATE_NONROOT_VOLUMES, CREATE_ROOT_VOLUME, Outcome, Poll, PollOf, Polled,
    RAID_CONFIG, Raid, RaidArguments, StepSpec, Task, async_trait, parse_args, unsupported,
};
use schemas_model::step::{Step, StepKind};
use schemas_model::{Fault, Object};
use serde_json::Value;

use crate::connection::NodeBmc;
use crate::dialect::Dialect;
use crate::redfish_interface;

const DELETE_EXISTING: Argument = Argument::new(
    "delete_existing",
    "Whether to delete existing volumes first. Default false.",
    false,
);
const APPLY: &[Argument] = &[
    RAID_CONFIG,
    CREATE_ROOT_VOLUME,
    CREATE_NONROOT_VOLUMES,
    DELETE_EXISTING,
];

/// THE table of steps (Ironic 39.0.0, `hardware.json`).
const STEPS: &[StepSpec] = &[
    StepSpec::clean("create_configuration", 0).args(&[
        CREATE_ROOT_VOLUME,
        CREATE_NONROOT_VOLUMES,
        DELETE_EXISTING,
    ]),
    StepSpec::clean("delete_configuration", 0),
    StepSpec::deploy("apply_configuration", 0).args(APPLY),
    StepSpec::deploy("delete_configuration", 0),
    StepSpec::service("apply_configuration", 0).args(APPLY),
    StepSpec::service("delete_configuration", 0),
];

/// THE table of what has to be asked after (Ironic 39.0.0).
const POLLS: &[Poll] = &[
    Poll {
        name: "RAID changes over Redfish",
        marker: progress::STATE,
        of: PollOf::Waiting,
        interval: |config| config.redfish.raid_config_status_interval,
    },
    Poll {
        name: "failed RAID changes over Redfish",
        marker: progress::STATE,
        of: PollOf::Failed,
        interval: |config| config.redfish.raid_config_fail_interval,
    },
];

redfish_interface! {
    /// RAID volumes.
    RedfishRaid, Raid, properties: Dialect::properties, steps: STEPS, polls: POLLS
}

impl RedfishRaid {
    async fn run(
        &self,
        task: &mut dyn Task,
        kind: StepKind,
        step: &Step,
    ) -> Result<Outcome, Fault> {
        let bmc = self.connections.of(task)?;
        match step.step.as_str() {
            "create_configuration" | "apply_configuration" => {
                create(task, &bmc, kind, parse_args(step)?).await
            }
            "delete_configuration" => {
                let submitted = volume::delete(&bmc).await?;
                progress::finish(task, &bmc, kind, submitted, false).await
            }
            other => Err(unsupported(self, task, other)),
        }
    }

    async fn look(&self, task: &mut dyn Task, poll: &Poll) -> Result<Polled, Fault> {
        let bmc = self.connections.of(task)?;
        match poll.of {
            PollOf::Waiting => progress::look(task, &bmc).await,
            PollOf::Failed => progress::give_up(task, &bmc).await.map(|()| Polled::Done),
        }
    }
}

async fn create(
    task: &mut dyn Task,
    bmc: &NodeBmc,
    kind: StepKind,
    arguments: RaidArguments,
) -> Result<Outcome, Fault> {
    let applies = arguments.applies();
    let (root, others) = (arguments.wants_root(), arguments.wants_others());
    let wanted = arguments
        .raid_config
        .unwrap_or_else(|| task.node().target_raid_config.to_value());
    let wanted = logical_disk::parse(&bmc.node, &wanted)?;
    if applies {
        // As Ironic does, so that the configuration can be seen and compared.
        task.node_mut().target_raid_config = Object::from_parsed(logical_disk::as_config(&wanted));
    }
    if arguments.delete_existing.unwrap_or(false) {
        let deleting = volume::delete(bmc).await?;
        if !deleting.monitors.is_empty() {
            // Once they are gone, the step runs again and finds nothing more to delete.
            return progress::finish(task, bmc, kind, deleting, true).await;
        }
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
    let submitted = volume::create(bmc, order::orders(&selected, &disks)).await?;
    progress::finish(task, bmc, kind, submitted, false).await
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
