//! The `redfish` firmware interface: the versions of BIOS, BMC and network adapters, and updating
//! them.
//!
//! The step `update` only begins the first update; what follows is decided by looking at the BMC
//! again and again ([`watch`]), over restarts of the BMC, of the machine and of this conductor.

mod adapter;
mod args;
mod checksum;
mod component;
mod decide;
pub(crate) mod moment;
mod source;
mod stability;
pub(crate) mod staging;
pub(crate) mod submit;
mod update;
mod watch;

use chrono::Utc;
use drivers_interface::{
    Argument, Firmware, Outcome, Poll, PollOf, Polled, StepSpec, Task, async_trait, unsupported,
};
use drivers_redfish_client::Error;
use schemas_model::step::{Step, StepKind};
use schemas_model::{Fault, FirmwareComponent, NodeId};

use crate::connection::NodeBmc;
use crate::dialect::Dialect;
use crate::redfish_interface;

const SETTINGS: &[Argument] = &[Argument {
    name: "settings",
    description: "A list of firmware components to update, each with 'component' and 'url'.",
    required: true,
}];

/// THE table of steps (Ironic 39.0.0, `hardware.json`).
const STEPS: &[StepSpec] = &[
    StepSpec::clean("update", 0).args(SETTINGS),
    StepSpec::deploy("update", 0).args(SETTINGS).not_abortable(),
    StepSpec::service("update", 0).args(SETTINGS).out_of_band(),
];

/// THE table of what has to be asked after (Ironic 39.0.0).
const POLLS: &[Poll] = &[
    Poll {
        name: "firmware updates over Redfish",
        marker: update::UPDATES,
        of: PollOf::Waiting,
        interval: |config| config.redfish.firmware_update_status_interval,
    },
    Poll {
        name: "failed firmware updates over Redfish",
        marker: update::UPDATES,
        of: PollOf::Failed,
        interval: |config| config.redfish.firmware_update_fail_interval,
    },
];

redfish_interface! {
    /// Firmware components.
    RedfishFirmware, Firmware, properties: Dialect::properties, steps: STEPS, polls: POLLS
}

impl RedfishFirmware {
    async fn run(&self, task: &mut dyn Task, _: StepKind, step: &Step) -> Result<Outcome, Fault> {
        if step.step != "update" {
            return Err(unsupported(self, task, &step.step));
        }
        let mut updates = args::updates(step)?;
        let bmc = self.connections.of(task)?;
        if let Err(fault) = watch::begin(task, &bmc, &mut updates).await {
            watch::clear(task).await?;
            return Err(fault);
        }
        let started = moment::stamp(Utc::now());
        task.node_mut()
            .driver_internal_info
            .set(update::STARTED, started);
        task.save().await?;
        Ok(Outcome::wait("the BMC updates the firmware"))
    }

    async fn look(&self, task: &mut dyn Task, poll: &Poll) -> Result<Polled, Fault> {
        if poll.of == PollOf::Failed {
            tracing::error!(node.uuid = %task.node().uuid, "the firmware update failed; what was left of it is discarded");
            watch::clear(task).await?;
            return Ok(Polled::Done);
        }
        let bmc = self.connections.of(task)?;
        let polled = watch::look(task, &bmc).await?;
        if polled == Polled::Done
            && let Err(fault) = self.cache_firmware_components(task).await
        {
            tracing::warn!(node.uuid = %bmc.node, %fault, "the versions after the firmware update are not known");
        }
        Ok(polled)
    }
}

/// A component as it was read.
struct Read {
    component: String,
    version: String,
    vendor: Option<String>,
    model: Option<String>,
    serial_number: Option<String>,
}

impl Read {
    fn row(self, node_id: NodeId) -> FirmwareComponent {
        FirmwareComponent {
            node_id,
            component: self.component,
            initial_version: self.version.clone(),
            current_version: Some(self.version),
            last_version_flashed: None,
            vendor: self.vendor,
            model: self.model,
            serial_number: self.serial_number,
            created_at: None,
            updated_at: None,
        }
    }
}

fn plain(component: &str, version: &str) -> Read {
    Read {
        component: component.to_owned(),
        version: version.to_owned(),
        vendor: None,
        model: None,
        serial_number: None,
    }
}

async fn bmc_firmware(
    bmc: &NodeBmc,
    system: &drivers_redfish_client::schema::system::ComputerSystem,
) -> Result<Option<Read>, Error> {
    let manager = bmc.bmc.manager(system).await?;
    let model = manager.model()?.map(str::to_owned);
    Ok(manager.firmware_version()?.map(|version| Read {
        model,
        ..plain("bmc", version)
    }))
}

#[async_trait]
impl Firmware for RedfishFirmware {
    async fn cache_firmware_components(&self, task: &mut dyn Task) -> Result<(), Fault> {
        let bmc = self.connections.of(task)?;
        let system = bmc.system().await?;
        let bios = system
            .bios_version()
            .map_err(bmc.failed("read the BIOS version"))?;
        let mut components: Vec<Read> = bios
            .filter(|version| !version.is_empty())
            .map(|version| plain("bios", version))
            .into_iter()
            .collect();
        match bmc_firmware(&bmc, &system).await {
            Ok(found) => components.extend(found),
            Err(error) if error.is_overdue() => {
                return Err(bmc.failed("read the version of the BMC")(error));
            }
            Err(error) => {
                tracing::warn!(node.uuid = %bmc.node, %error, "the version of the BMC is not known")
            }
        }
        // HPE answers 400 here while the operating system is not up.
        match adapter::all(&bmc, &system).await {
            Ok(found) => components.extend(found),
            Err(error) if error.is_overdue() => {
                return Err(bmc.failed("read the versions of the network adapters")(
                    error,
                ));
            }
            Err(error) => {
                tracing::warn!(node.uuid = %bmc.node, %error, "the versions of the network adapters are not known")
            }
        }
        if components.is_empty() {
            return Err(unsupported(
                self,
                task,
                "firmware components: the BMC names no version, so cache_firmware_components",
            ));
        }
        let node_id = task.node().id;
        task.firmware_components_update(
            components
                .into_iter()
                .map(|read| read.row(node_id))
                .collect(),
        )
        .await
    }
}
