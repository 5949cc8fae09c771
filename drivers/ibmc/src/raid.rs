//! The `ibmc` RAID interface: volumes below `/Storages`, in iBMC's own words (Ironic 25.0.0,
//! python-ibmcclient 0.2.5.1).
//!
//! What is wanted becomes a plan before anything is changed ([`plan`]); then iBMC does one thing
//! after the other, without a reboot, and the step waits for it.

pub(crate) mod change;
pub(crate) mod controller;
pub mod level;
pub mod logical_disk;
pub mod plan;
pub mod selection;

use std::sync::Arc;

use chrono::Utc;
use drivers_interface::{
    Argument, CREATE_NONROOT_VOLUMES, CREATE_ROOT_VOLUME, Interface, Outcome, Property,
    RAID_CONFIG, Raid, RaidArguments, StepSpec, Task, async_trait, parse_args, unsupported,
};
use drivers_redfish::{Connections, NodeBmc};
use schemas_model::interface::InterfaceKind;
use schemas_model::step::{Step, StepKind};
use schemas_model::{Class, Fault, Object};
use serde_json::{Map, Value, json};

use change::Change;
pub use change::Pauses;
use level::Level;

use crate::driver_info::access;

const DELETE_EXISTING: Argument = Argument::new(
    "delete_existing",
    "Whether to delete existing volumes first. Default false when creating, true when applying.",
    false,
);

/// THE table of steps (Ironic 25.0.0).
const STEPS: &[StepSpec] = &[
    StepSpec::clean("create_configuration", 0).args(&[
        CREATE_ROOT_VOLUME,
        CREATE_NONROOT_VOLUMES,
        DELETE_EXISTING,
    ]),
    StepSpec::clean("delete_configuration", 0),
    StepSpec::deploy("apply_configuration", 0).args(&[
        RAID_CONFIG,
        CREATE_ROOT_VOLUME,
        CREATE_NONROOT_VOLUMES,
        DELETE_EXISTING,
    ]),
    StepSpec::deploy("delete_configuration", 0),
];

/// RAID volumes.
#[derive(Debug)]
pub struct IbmcRaid {
    connections: Arc<Connections>,
    pauses: Pauses,
}

impl IbmcRaid {
    /// The interface on a pool of sessions.
    pub fn new(connections: &Arc<Connections>, pauses: Pauses) -> Self {
        IbmcRaid {
            connections: Arc::clone(connections),
            pauses,
        }
    }

    async fn create(
        &self,
        task: &mut dyn Task,
        bmc: &NodeBmc,
        arguments: RaidArguments,
    ) -> Result<(), Fault> {
        let applies = arguments.applies();
        let (root, others) = (arguments.wants_root(), arguments.wants_others());
        let delete_existing = arguments.delete_existing.unwrap_or(applies);
        let config = match arguments.raid_config {
            Some(config) => {
                let object = config.as_object().cloned().unwrap_or_default();
                task.node_mut().target_raid_config = Object::from_parsed(object);
                config
            }
            None => task.node().target_raid_config.to_value(),
        };
        let wanted = logical_disk::parse(&bmc.node, &config, root, others)?;
        // As the old driver kept it.
        task.node_mut()
            .driver_internal_info
            .set("raid_config", json!({ "logical_disks": &wanted }));
        task.save().await?;
        let change = Change {
            bmc,
            pauses: self.pauses,
        };
        if delete_existing {
            change
                .delete_all()
                .await
                .map_err(bmc.failed("delete the RAID volumes"))?;
        }
        let failed = || bmc.failed("create the RAID volumes");
        change.ready().await.map_err(failed())?;
        let controllers = controller::all(&bmc.afresh()).await.map_err(failed())?;
        let actions = plan::plan(&wanted, &controllers).map_err(|why| {
            Fault::new(
                Class::RedfishError,
                format!(
                    "Node {}: the RAID configuration does not fit what iBMC {} shows: {why}.",
                    bmc.node,
                    bmc.address()
                ),
            )
        })?;
        change
            .carry_out(&controllers, &actions)
            .await
            .map_err(failed())
    }
}

/// Writes what there is now into `raid_config`.
async fn record(task: &mut dyn Task, bmc: &NodeBmc) -> Result<(), Fault> {
    let controllers = controller::all(&bmc.afresh())
        .await
        .map_err(bmc.failed("read the RAID volumes"))?;
    let volumes = controllers.iter().flat_map(|controller| {
        controller
            .volumes
            .iter()
            .map(move |volume| (controller, volume))
    });
    let logical_disks: Vec<Value> = volumes
        .map(|(controller, volume)| {
            let level = volume.level.as_deref();
            json!({
                "id": volume.id,
                "name": volume.volume_name,
                "controller": controller.id,
                "size_gb": volume.capacity >> 30,
                "raid_level": level.and_then(Level::of_oem).map_or(level, |level| Some(level.name)),
            })
        })
        .collect();
    let now = Utc::now().format("%Y-%m-%d %H:%M:%S%.6f%:z").to_string();
    let config = Map::from_iter([
        ("logical_disks".to_owned(), Value::Array(logical_disks)),
        ("last_updated".to_owned(), json!(now)),
    ]);
    task.node_mut().raid_config = Object::from_parsed(config);
    task.save().await
}

#[async_trait]
impl Interface for IbmcRaid {
    fn name(&self) -> &'static str {
        self.connections.dialect().name
    }

    fn kind(&self) -> InterfaceKind {
        InterfaceKind::Raid
    }

    fn properties(&self) -> &'static [Property] {
        self.connections.dialect().properties
    }

    async fn validate(&self, task: &dyn Task) -> Result<(), Fault> {
        access(task.node(), task.config()).map(drop)
    }

    fn step_table(&self) -> &'static [StepSpec] {
        STEPS
    }

    async fn run_step(
        &self,
        task: &mut dyn Task,
        _: StepKind,
        step: &Step,
    ) -> Result<Outcome, Fault> {
        let bmc = self.connections.of(task)?;
        match step.step.as_str() {
            "create_configuration" | "apply_configuration" => {
                self.create(task, &bmc, parse_args(step)?).await?;
            }
            "delete_configuration" => {
                let change = Change {
                    bmc: &bmc,
                    pauses: self.pauses,
                };
                change
                    .delete_all()
                    .await
                    .map_err(bmc.failed("delete the RAID volumes"))?;
            }
            other => return Err(unsupported(self, task, other)),
        }
        record(task, &bmc).await?;
        Ok(Outcome::Done)
    }
}

impl Raid for IbmcRaid {}
