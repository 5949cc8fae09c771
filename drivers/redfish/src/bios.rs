//! The `redfish` BIOS interface.

mod settings;
mod state;

use drivers_interface::{
    Argument, Bios, Outcome, Poll, PollOf, Polled, StepSpec, Task, async_trait, parse_args,
    unsupported,
};
use drivers_redfish_client::schema::bios as schema;
use schemas_model::step::{Step, StepKind};
use schemas_model::{Class, Fault};
use serde_json::{Map, Value};

use crate::async_step::{self, Waiting, without_ramdisk};
use crate::connection::NodeBmc;
use crate::dialect::Dialect;
use crate::redfish_interface;

const SETTINGS: &[Argument] = &[Argument {
    name: "settings",
    description: "A list of BIOS settings to apply, each with 'name' and 'value'.",
    required: true,
}];

/// THE table of steps (Ironic 39.0.0, `hardware.json`).
const STEPS: &[StepSpec] = &[
    StepSpec::clean("apply_configuration", 0)
        .args(SETTINGS)
        .out_of_band(),
    StepSpec::clean("factory_reset", 0).out_of_band(),
    StepSpec::deploy("apply_configuration", 0).args(SETTINGS),
    StepSpec::deploy("factory_reset", 0),
    StepSpec::service("apply_configuration", 0)
        .args(SETTINGS)
        .out_of_band(),
    StepSpec::service("factory_reset", 0).out_of_band(),
];

/// THE table of what has to be asked after (Ironic 39.0.0).
const POLLS: &[Poll] = &[Poll {
    name: "BIOS settings over Redfish",
    marker: state::STATE,
    of: PollOf::Waiting,
    interval: |config| config.redfish.firmware_update_status_interval,
}];

/// `BootProgress.LastState` of a machine that has left its firmware.
const STARTED: &[&str] = &["OSBootStarted", "OSRunning"];

redfish_interface! {
    /// BIOS settings: cache, apply, factory reset.
    RedfishBios, Bios, properties: Dialect::properties, steps: STEPS, polls: POLLS
}

impl RedfishBios {
    async fn run(
        &self,
        task: &mut dyn Task,
        kind: StepKind,
        step: &Step,
    ) -> Result<Outcome, Fault> {
        let bmc = self.connections.of(task)?;
        let outcome = match step.step.as_str() {
            "apply_configuration" => apply(task, &bmc, kind, parse_args(step)?).await?,
            "factory_reset" => factory_reset(task, &bmc, kind).await?,
            other => return Err(unsupported(self, task, other)),
        };
        if outcome == Outcome::Done {
            self.cache_bios_settings(task).await?;
        }
        Ok(outcome)
    }

    /// Whether the machine has started with its new settings.
    async fn look(&self, task: &mut dyn Task, _: &Poll) -> Result<Polled, Fault> {
        let Some(requested) = state::requested(task.node()) else {
            return Ok(Polled::Silent);
        };
        let bmc = self.connections.of(task)?;
        let started = has_started(&bmc, &requested).await;
        Ok(started.unwrap_or_else(|fault| {
            tracing::info!(node.uuid = %bmc.node, %fault, "the BMC does not answer while its machine starts");
            Polled::Silent
        }))
    }
}

/// A machine whose BMC shows no boot progress has started when its settings are in force; how long
/// that may take is left to the time-out of the wait.
async fn has_started(bmc: &NodeBmc, requested: &Map<String, Value>) -> Result<Polled, Fault> {
    let system = bmc.system().await?;
    let progress = system
        .boot_progress()
        .map_err(bmc.failed("read the boot progress"))?;
    let not_yet = match progress {
        Some(state) if !STARTED.contains(&state) => return Ok(Polled::Busy),
        Some(_) => Polled::Busy,
        None => Polled::Silent,
    };
    let bios = bmc
        .bmc
        .bios(&system)
        .await
        .map_err(bmc.failed("read the BIOS settings"))?;
    match unapplied(bmc, &bios, requested).await?.is_empty() {
        true => Ok(Polled::Done),
        false => Ok(not_yet),
    }
}

/// The BIOS resource. A machine without one fails the step.
async fn read(bmc: &NodeBmc) -> Result<schema::Bios, Fault> {
    let system = bmc.system().await?;
    bmc.bmc
        .bios(&system)
        .await
        .map_err(bmc.failed("read the BIOS settings"))
}

/// What the BMC's registry says of its settings; nothing where it can't be read.
///
/// # Errors
/// `RedfishConnectionError` when the operation has taken its time.
async fn registry(bmc: &NodeBmc, bios: &schema::Bios) -> Result<Vec<schema::Attribute>, Fault> {
    match bmc.bmc.bios_registry(bios, "en").await {
        Ok(registry) => Ok(registry),
        Err(error) if error.is_overdue() => {
            Err(bmc.failed("read the registry of BIOS settings")(error))
        }
        Err(error) => {
            tracing::info!(node.uuid = %bmc.node, %error, "the BMC's registry of BIOS settings can't be read");
            Ok(Vec::new())
        }
    }
}

async fn apply(
    task: &mut dyn Task,
    bmc: &NodeBmc,
    kind: StepKind,
    wanted: settings::Wanted,
) -> Result<Outcome, Fault> {
    let bios = read(bmc).await?;
    if let Some(requested) = state::requested(task.node()) {
        state::forget(task).await?;
        let missing = unapplied(bmc, &bios, &requested).await?;
        return if missing.is_empty() {
            Ok(Outcome::Done)
        } else {
            Err(not_applied(bmc, &missing))
        };
    }
    let registry = registry(bmc, &bios).await?;
    let requested = wanted.attributes(&bmc.node, &registry)?;
    if unapplied(bmc, &bios, &requested).await?.is_empty() {
        tracing::info!(node.uuid = %bmc.node, "the BIOS settings are as wanted already");
        return Ok(Outcome::Done);
    }
    bmc.bmc
        .set_bios_attributes(&bios, &requested)
        .await
        .map_err(bmc.failed("apply the BIOS settings"))?;
    finish_by_reboot(task, kind, requested).await
}

async fn factory_reset(
    task: &mut dyn Task,
    bmc: &NodeBmc,
    kind: StepKind,
) -> Result<Outcome, Fault> {
    let bios = read(bmc).await?;
    if state::requested(task.node()).is_some() {
        state::forget(task).await?;
        return Ok(Outcome::Done);
    }
    bmc.bmc
        .reset_bios(&bios)
        .await
        .map_err(bmc.failed("reset the BIOS settings"))?;
    finish_by_reboot(task, kind, Map::new()).await
}

/// Settings take effect while the machine starts. Then the step runs again and looks at the result,
/// called by the poll or by the agent's heartbeat, whichever comes first.
async fn finish_by_reboot(
    task: &mut dyn Task,
    kind: StepKind,
    requested: Map<String, Value>,
) -> Result<Outcome, Fault> {
    state::remember(task, &requested);
    let how = Waiting {
        reboot: true,
        again: true,
        polled: without_ramdisk(task.node(), kind),
    };
    async_step::wait(task, kind, how);
    let reason = "the machine reboots to take over its BIOS settings";
    async_step::reboot(task, kind, reason).await
}

/// The names of settings that are not in force yet.
///
/// Some BMCs keep in the pending settings only what waits (Dell), others everything that can be
/// written (HPE, Lenovo): only in a short list does a name mean that it still waits.
async fn unapplied(
    bmc: &NodeBmc,
    bios: &schema::Bios,
    requested: &Map<String, Value>,
) -> Result<Vec<String>, Fault> {
    let current = bios
        .attributes()
        .map_err(bmc.failed("read the BIOS settings"))?;
    let pending = bmc
        .bmc
        .pending_bios_attributes(bios)
        .await
        .unwrap_or_default();
    let only_what_waits = pending.len() <= requested.len()
        && bios
            .settings()
            .is_ok_and(|settings| settings != *bios.document().path());
    let waits = |name: &String, value: &Value| match only_what_waits {
        true => pending.contains_key(name),
        false => pending.get(name).is_some_and(|pending| pending != value),
    };
    let missing = requested
        .iter()
        .filter(|(name, value)| current.get(*name) != Some(value) || waits(name, value));
    Ok(missing.map(|(name, _)| name.clone()).collect())
}

fn not_applied(bmc: &NodeBmc, missing: &[String]) -> Fault {
    Fault::new(
        Class::RedfishError,
        format!(
            "Node {}: the BIOS settings {} were sent to BMC {} but are not in force after the reboot. See the BMC's job queue or lifecycle log.",
            bmc.node,
            missing.join(", "),
            bmc.address()
        ),
    )
}

#[async_trait]
impl Bios for RedfishBios {
    async fn cache_bios_settings(&self, task: &mut dyn Task) -> Result<(), Fault> {
        let bmc = self.connections.of(task)?;
        let system = bmc.system().await?;
        let bios = match bmc.bmc.bios(&system).await {
            Ok(bios) => bios,
            Err(error) if error.is_missing() => {
                return Err(unsupported(
                    self,
                    task,
                    "BIOS settings: the BMC has none, so cache_bios_settings",
                ));
            }
            Err(error) => return Err(bmc.failed("read the BIOS settings")(error)),
        };
        let attributes = bios
            .attributes()
            .map_err(bmc.failed("read the BIOS settings"))?;
        let registry = registry(&bmc, &bios).await?;
        let cached = settings::cached(task.node().id, &attributes, &registry);
        task.bios_settings_replace(cached).await
    }
}
