//! `agent` power: a machine without a BMC is rebooted by its own ramdisk.

use std::time::Duration;

use drivers_interface::{Interface, Power, Task, async_trait};
use schemas_model::interface::InterfaceKind;
use schemas_model::power::PowerState;
use schemas_model::provision::State;
use schemas_model::{Class, Fault};
use serde_json::json;

use crate::client::Agent;

/// The `agent` power interface.
#[derive(Debug, Default)]
pub struct AgentPower;

#[async_trait]
impl Interface for AgentPower {
    fn name(&self) -> &'static str {
        "agent"
    }

    fn kind(&self) -> InterfaceKind {
        InterfaceKind::Power
    }

    async fn validate(&self, task: &dyn Task) -> Result<(), Fault> {
        if task.config().deploy.fast_track {
            return Ok(());
        }
        Err(Fault::invalid_parameter(format!(
            "Node {} has the 'agent' power interface, which needs [deploy]fast_track to be true.",
            task.node().uuid
        )))
    }
}

#[async_trait]
impl Power for AgentPower {
    async fn power_state(&self, task: &mut dyn Task) -> Result<Option<PowerState>, Fault> {
        Ok(task
            .node()
            .driver_internal_info
            .text_member("agent_url")
            .map(|_| PowerState::On))
    }

    async fn set_power_state(
        &self,
        task: &mut dyn Task,
        state: PowerState,
        timeout: Option<Duration>,
    ) -> Result<(), Fault> {
        match state {
            PowerState::Reboot | PowerState::SoftReboot => self.reboot(task, timeout).await,
            other => Err(Fault::new(
                Class::PowerStateFailure,
                format!(
                    "Node {} has no BMC (power interface 'agent'): it can be rebooted, not brought to '{other}'.",
                    task.node().uuid
                ),
            )),
        }
    }

    async fn reboot(&self, task: &mut dyn Task, _timeout: Option<Duration>) -> Result<(), Fault> {
        let node = task.node();
        if matches!(node.provision_state, State::Active | State::Rescue) {
            return Err(Fault::new(
                Class::PowerStateFailure,
                format!(
                    "Node {} runs an instance; its power interface 'agent' cannot reboot that.",
                    node.uuid
                ),
            ));
        }
        let agent = Agent::of(task)?;
        agent.run("standby.run_image", json!({}), false).await?;
        let info = &mut task.node_mut().driver_internal_info;
        info.unset("agent_url");
        info.unset("agent_secret_token");
        info.unset("agent_secret_token_pregenerated");
        task.save().await
    }

    fn supported_power_states(&self, _task: &dyn Task) -> Vec<PowerState> {
        vec![PowerState::Reboot, PowerState::SoftReboot]
    }

    fn supports_power_sync(&self, _task: &dyn Task) -> bool {
        false
    }
}
