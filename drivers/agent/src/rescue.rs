//! `agent` rescue: the tenant's rescue password goes into a ramdisk on the rescuing network.

use drivers_interface::{Interface, Outcome, Rescue, Task, async_trait};
use schemas_model::interface::InterfaceKind;
use schemas_model::power::PowerState;
use schemas_model::{Class, Fault};
use serde_json::json;

use crate::client::Agent;
use crate::ramdisk;

/// The `agent` rescue interface.
#[derive(Debug, Default)]
pub struct AgentRescue;

#[async_trait]
impl Interface for AgentRescue {
    fn name(&self) -> &'static str {
        "agent"
    }

    fn kind(&self) -> InterfaceKind {
        InterfaceKind::Rescue
    }

    async fn validate(&self, task: &dyn Task) -> Result<(), Fault> {
        let interfaces = task.interfaces().clone();
        interfaces.network.validate_rescue(task).await?;
        if task.config().agent.manage_agent_boot {
            interfaces.boot.validate(task).await?;
            interfaces.boot.validate_rescue(task).await?;
        }
        match task.node().instance_info.text_member("rescue_password") {
            None => Err(Fault::missing_parameter(format!(
                "Node {}: instance_info/rescue_password is missing; a rescue needs it.",
                task.node().uuid
            ))),
            Some(password) if password.trim().is_empty() => Err(Fault::invalid_parameter(format!(
                "Node {}: instance_info/rescue_password must not be empty.",
                task.node().uuid
            ))),
            Some(_) => Ok(()),
        }
    }
}

#[async_trait]
impl Rescue for AgentRescue {
    async fn rescue(&self, task: &mut dyn Task) -> Result<Outcome, Fault> {
        ramdisk::power_off(task).await?;
        let interfaces = task.interfaces().clone();
        interfaces.boot.clean_up_instance(task).await?;
        interfaces.network.unconfigure_tenant_networks(task).await?;
        interfaces.network.add_rescuing_network(task).await?;
        ramdisk::prepare_boot(task).await?;
        let to = if task.node().stays_powered() {
            PowerState::Reboot
        } else {
            PowerState::On
        };
        task.power_action(to, None).await?;
        Ok(Outcome::wait("the machine boots the rescue ramdisk"))
    }

    async fn finalize(&self, task: &mut dyn Task) -> Result<Outcome, Fault> {
        let info = &task.node().instance_info;
        let hashed = info.text_member("hashed_rescue_password");
        let password = hashed
            .or_else(|| info.text_member("rescue_password"))
            .ok_or_else(|| {
                Fault::new(
                    Class::InstanceRescueFailure,
                    format!(
                        "Node {}: the rescue password is gone from instance_info.",
                        task.node().uuid
                    ),
                )
            })?;
        let params = json!({"rescue_password": password, "hashed": hashed.is_some()});
        let agent = Agent::of(task)?;
        let answer = agent.run("rescue.finalize_rescue", params, false).await?;
        if answer.command_status == "FAILED" {
            return Err(Fault::new(
                Class::InstanceRescueFailure,
                format!(
                    "The agent of node {} refused the rescue: {}",
                    task.node().uuid,
                    answer.error_text()
                ),
            ));
        }
        Ok(Outcome::Done)
    }

    async fn unrescue(&self, task: &mut dyn Task) -> Result<Outcome, Fault> {
        ramdisk::power_off(task).await?;
        self.clean_up(task).await?;
        let interfaces = task.interfaces().clone();
        interfaces.network.configure_tenant_networks(task).await?;
        interfaces.boot.prepare_instance(task).await?;
        let to = if task.node().stays_powered() {
            PowerState::Reboot
        } else {
            PowerState::On
        };
        task.power_action(to, None).await?;
        Ok(Outcome::Done)
    }

    async fn clean_up(&self, task: &mut dyn Task) -> Result<(), Fault> {
        let info = &mut task.node_mut().instance_info;
        info.unset("rescue_password");
        info.unset("hashed_rescue_password");
        task.save().await?;
        ramdisk::clean_up_boot(task).await?;
        let network = task.interfaces().network.clone();
        network.remove_rescuing_network(task).await
    }
}
