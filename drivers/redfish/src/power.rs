//! The `redfish` power interface.

mod reset;

use std::time::Duration;

use drivers_interface::{Outcome, Power, Task, async_trait, unsupported};
use drivers_redfish_client::schema::{status, system::ComputerSystem};
use schemas_model::power::PowerState;
use schemas_model::step::{Step, StepKind};
use schemas_model::{Class, Fault};
use tokio::time::Instant;

use crate::connection::NodeBmc;
use crate::dialect::{Dialect, Reboot};
use crate::management::boot_device;
use crate::redfish_interface;

/// How long a machine that was told to restart may still look as if it were on.
const RESTART_SETTLES: Duration = Duration::from_secs(15);
/// Pauses between looks at the power state: the first, and the longest.
const FIRST_LOOK: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

redfish_interface! {
    /// Power through the reset action of the system.
    RedfishPower, Power, properties: Dialect::properties, steps: &[]
}

impl RedfishPower {
    async fn run(&self, task: &mut dyn Task, _: StepKind, step: &Step) -> Result<Outcome, Fault> {
        Err(unsupported(self, task, &step.step))
    }

    /// Tells the machine, then waits until it is where it was told to go.
    async fn bring(
        &self,
        task: &mut dyn Task,
        bmc: &NodeBmc,
        system: &ComputerSystem,
        state: PowerState,
        timeout: Option<Duration>,
    ) -> Result<(), Fault> {
        let managed = task.interfaces().management.name() == bmc.dialect.name;
        if state.settled() == PowerState::On && managed {
            boot_device::restore(task, bmc, system).await?;
        }
        if !reset::send(task, &bmc.afresh(), system, state).await? {
            return Ok(());
        }
        if state == PowerState::Reboot {
            tokio::time::sleep(RESTART_SETTLES).await;
        }
        let patience = timeout.unwrap_or_else(|| {
            Duration::from_secs(task.config().conductor.power_state_change_timeout)
        });
        wait_for(bmc, state.settled(), patience).await
    }
}

/// What a BMC's power state is to Ironic. `None` for what is neither on nor off.
pub(crate) const fn from_redfish(state: status::PowerState) -> Option<PowerState> {
    match state {
        status::PowerState::On | status::PowerState::PoweringOn => Some(PowerState::On),
        status::PowerState::Off | status::PowerState::PoweringOff => Some(PowerState::Off),
        status::PowerState::Paused => None,
    }
}

/// The power state of a system that has been read.
pub(crate) fn state_of(
    bmc: &NodeBmc,
    system: &ComputerSystem,
) -> Result<Option<PowerState>, Fault> {
    let state = system
        .power_state()
        .map_err(bmc.failed("read the power state"))?;
    Ok(state.and_then(from_redfish))
}

async fn wait_for(bmc: &NodeBmc, wanted: PowerState, patience: Duration) -> Result<(), Fault> {
    let end = Instant::now() + patience;
    let mut pause = FIRST_LOOK;
    loop {
        tokio::time::sleep(pause.min(end.saturating_duration_since(Instant::now()))).await;
        let current = state_of(bmc, &bmc.afresh().system().await?)?;
        if current == Some(wanted) {
            return Ok(());
        }
        if Instant::now() >= end {
            let current = current.map_or("unknown", PowerState::as_str);
            return Err(Fault::new(
                Class::PowerStateFailure,
                format!(
                    "Failed to set node power state to {wanted}. Node {}: BMC {} accepted the request, but after {} s the machine is still '{current}'. \
                     Look at the machine's console, or allow more time with [conductor]power_state_change_timeout.",
                    bmc.node,
                    bmc.address(),
                    patience.as_secs()
                ),
            ));
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

#[async_trait]
impl Power for RedfishPower {
    async fn power_state(&self, task: &mut dyn Task) -> Result<Option<PowerState>, Fault> {
        let bmc = self.connections.of(task)?;
        state_of(&bmc, &bmc.system().await?)
    }

    async fn set_power_state(
        &self,
        task: &mut dyn Task,
        state: PowerState,
        timeout: Option<Duration>,
    ) -> Result<(), Fault> {
        let bmc = self.connections.of(task)?;
        let system = bmc.system().await?;
        self.bring(task, &bmc, &system, state, timeout).await
    }

    async fn reboot(&self, task: &mut dyn Task, timeout: Option<Duration>) -> Result<(), Fault> {
        let bmc = self.connections.of(task)?;
        let system = bmc.system().await?;
        let next = match state_of(&bmc, &system)? {
            Some(PowerState::On)
                if bmc.dialect.reboot == Reboot::Restart || task.node().stays_powered() =>
            {
                PowerState::Reboot
            }
            Some(PowerState::On) => {
                self.bring(task, &bmc, &system, PowerState::Off, timeout)
                    .await?;
                PowerState::On
            }
            _ => PowerState::On,
        };
        self.bring(task, &bmc, &system, next, timeout).await
    }

    fn supported_power_states(&self, _task: &dyn Task) -> Vec<PowerState> {
        let resets = self.connections.dialect().resets.iter();
        resets.map(|(state, _)| *state).collect()
    }
}
