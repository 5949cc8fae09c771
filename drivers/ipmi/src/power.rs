//! The `ipmitool` power interface.

use std::time::Duration;

use drivers_interface::{Interface, Power, Property, Task, async_trait};
use drivers_ipmi_client::command::chassis::{ChassisAction, GetChassisStatus};
use schemas_model::interface::InterfaceKind;
use schemas_model::power::PowerState;
use schemas_model::{Class, Fault};
use tokio::time::{Instant, sleep};

use crate::bmcs::Bmcs;
use crate::{driver_info, force_boot_device, properties};

/// Time given to a machine that was reset before its state is read: it still says "on" at first.
const RESET_PAUSE: Duration = Duration::from_secs(15);
/// First and longest pause between two readings while waiting for a state.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// Power over IPMI.
#[derive(Debug, Clone)]
pub struct IpmitoolPower {
    bmcs: Bmcs,
}

impl IpmitoolPower {
    /// Power of the machines behind `bmcs`.
    pub fn new(bmcs: Bmcs) -> Self {
        IpmitoolPower { bmcs }
    }

    async fn read(&self, task: &dyn Task) -> Result<PowerState, Fault> {
        let status = self
            .bmcs
            .run(task, "power status", |bmc| {
                Box::pin(bmc.run(&GetChassisStatus))
            })
            .await?;
        Ok(if status.power_on {
            PowerState::On
        } else {
            PowerState::Off
        })
    }

    /// Sends the command and waits until the machine is in `target`.
    async fn switch(
        &self,
        task: &dyn Task,
        action: ChassisAction,
        target: PowerState,
        timeout: Option<Duration>,
    ) -> Result<(), Fault> {
        let what = match action {
            ChassisAction::PowerDown => "power off",
            ChassisAction::PowerUp => "power on",
            ChassisAction::PowerCycle => "power cycle",
            ChassisAction::HardReset => "power reset",
            ChassisAction::DiagnosticInterrupt => "power diag",
            ChassisAction::SoftShutdown => "power soft",
        };
        self.bmcs
            .run(task, what, move |bmc| {
                Box::pin(async move { bmc.chassis_control(action).await })
            })
            .await?;
        if action == ChassisAction::HardReset {
            sleep(RESET_PAUSE).await;
        }
        let conductor = &task.config().conductor;
        let usual = if action == ChassisAction::SoftShutdown {
            conductor.soft_power_off_timeout
        } else {
            conductor.power_state_change_timeout
        };
        let timeout = timeout.unwrap_or(Duration::from_secs(usual));
        self.wait_for(task, target, timeout).await
    }

    async fn wait_for(
        &self,
        task: &dyn Task,
        target: PowerState,
        timeout: Duration,
    ) -> Result<(), Fault> {
        let deadline = Instant::now() + timeout;
        let mut pause = FIRST_PAUSE;
        loop {
            sleep(pause.min(deadline.saturating_duration_since(Instant::now()))).await;
            let state = self.read(task).await?;
            if state == target {
                return Ok(());
            }
            if Instant::now() >= deadline {
                let node = task.node();
                let address = node.driver_info.text_member("ipmi_address").unwrap_or("");
                return Err(Fault::new(
                    Class::PowerStateFailure,
                    format!(
                        "Failed to set node power state to {target}: node {} (BMC {address}) is \
                         still '{state}' after {} seconds.",
                        node.uuid,
                        timeout.as_secs()
                    ),
                ));
            }
            pause = (pause * 3 / 2).min(LONGEST_PAUSE);
        }
    }

    async fn off(&self, task: &dyn Task, timeout: Option<Duration>) -> Result<(), Fault> {
        self.switch(task, ChassisAction::PowerDown, PowerState::Off, timeout)
            .await
    }

    async fn soft_off(&self, task: &dyn Task, timeout: Option<Duration>) -> Result<(), Fault> {
        self.switch(task, ChassisAction::SoftShutdown, PowerState::Off, timeout)
            .await
    }

    async fn on(&self, task: &mut dyn Task, timeout: Option<Duration>) -> Result<(), Fault> {
        force_boot_device::ensure(task).await?;
        self.switch(task, ChassisAction::PowerUp, PowerState::On, timeout)
            .await
    }
}

#[async_trait]
impl Interface for IpmitoolPower {
    fn name(&self) -> &'static str {
        "ipmitool"
    }

    fn kind(&self) -> InterfaceKind {
        InterfaceKind::Power
    }

    fn properties(&self) -> &'static [Property] {
        properties::PROPERTIES
    }

    async fn validate(&self, task: &dyn Task) -> Result<(), Fault> {
        let target = Bmcs::validate(task)?;
        driver_info::validate_address(task.node(), &target.host)
    }
}

#[async_trait]
impl Power for IpmitoolPower {
    async fn power_state(&self, task: &mut dyn Task) -> Result<Option<PowerState>, Fault> {
        self.read(task).await.map(Some)
    }

    async fn set_power_state(
        &self,
        task: &mut dyn Task,
        state: PowerState,
        timeout: Option<Duration>,
    ) -> Result<(), Fault> {
        Bmcs::validate(task)?;
        match state {
            PowerState::On => self.on(task, timeout).await,
            PowerState::Off => self.off(task, timeout).await,
            PowerState::SoftOff => self.soft_off(task, timeout).await,
            PowerState::SoftReboot if task.node().stays_powered() => Err(Fault::new(
                Class::UnsupportedHardwareFeature,
                format!(
                    "Node {} hardware does not support feature soft power off: its power must \
                     never be turned off (disable_power_off), and IPMI has no soft reset.",
                    task.node().uuid
                ),
            )),
            PowerState::SoftReboot => {
                self.soft_off(task, timeout).await?;
                self.on(task, timeout).await
            }
            PowerState::Reboot | PowerState::Error => Err(Fault::invalid_parameter(format!(
                "set_power_state called with invalid power state {state} for node {}.",
                task.node().uuid
            ))),
        }
    }

    async fn reboot(&self, task: &mut dyn Task, timeout: Option<Duration>) -> Result<(), Fault> {
        Bmcs::validate(task)?;
        if task.node().stays_powered() {
            force_boot_device::ensure(task).await?;
            return self
                .switch(task, ChassisAction::HardReset, PowerState::On, timeout)
                .await;
        }
        // Some BMCs refuse to turn off what is off.
        if self.read(task).await? != PowerState::Off {
            self.off(task, timeout).await?;
        }
        self.on(task, timeout).await
    }

    fn supported_power_states(&self, _task: &dyn Task) -> Vec<PowerState> {
        vec![
            PowerState::On,
            PowerState::Off,
            PowerState::Reboot,
            PowerState::SoftReboot,
            PowerState::SoftOff,
        ]
    }
}
