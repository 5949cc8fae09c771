//! `agent` inspection: a ramdisk reports what it finds, hooks turn that into ports and properties.

mod hooks;
mod interfaces;

pub use hooks::run_hooks;

use drivers_interface::{Inspect, Inspection, Interface, Outcome, Task, async_trait};
use schemas_model::boot::BootDevice;
use schemas_model::interface::InterfaceKind;
use schemas_model::power::PowerState;
use schemas_model::{Class, Fault, Object};
use serde_json::Value;

use crate::ramdisk;

/// Whether this conductor made the machine boot the ramdisk (key in `driver_internal_info`).
const MANAGES_BOOT: &str = "inspector_manage_boot";
/// BMC addresses by which a ramdisk without a known MAC is recognised (key in `driver_internal_info`).
const LOOKUP_ADDRESSES: &str = "lookup_bmc_addresses";

/// The `agent` inspect interface.
#[derive(Debug, Default)]
pub struct AgentInspect;

#[async_trait]
impl Interface for AgentInspect {
    fn name(&self) -> &'static str {
        "agent"
    }

    fn kind(&self) -> InterfaceKind {
        InterfaceKind::Inspect
    }

    async fn validate(&self, task: &dyn Task) -> Result<(), Fault> {
        if task.config().inspector.require_managed_boot {
            managed_boot(task).await?;
        }
        Ok(())
    }
}

/// Checks that boot and network interfaces can bring the ramdisk up.
async fn managed_boot(task: &dyn Task) -> Result<(), Fault> {
    let interfaces = task.interfaces().clone();
    interfaces.boot.validate_inspection(task).await?;
    interfaces.network.validate_inspection(task).await
}

#[async_trait]
impl Inspect for AgentInspect {
    async fn inspect_hardware(&self, task: &mut dyn Task) -> Result<Outcome, Fault> {
        pre_create_ports(task).await?;
        let manages = match managed_boot(task).await {
            Ok(()) => true,
            Err(fault)
                if fault.class == Class::UnsupportedDriverExtension
                    && !task.config().inspector.require_managed_boot =>
            {
                tracing::debug!(node.uuid = %task.node().uuid, "the ramdisk is booted by somebody else: {fault}");
                false
            }
            Err(fault) => return Err(fault),
        };
        let addresses = bmc_addresses(task);
        let info = &mut task.node_mut().driver_internal_info;
        info.set(MANAGES_BOOT, manages);
        if addresses.is_empty() {
            info.unset(LOOKUP_ADDRESSES);
        } else {
            info.set(LOOKUP_ADDRESSES, addresses);
        }
        task.save().await?;
        let started = if manages {
            start_managed(task).await
        } else {
            start_unmanaged(task).await
        };
        if let Err(fault) = started {
            if manages {
                tear_down(task, false).await;
            }
            return Err(failure(
                task,
                &format!("unable to start inspection: {fault}"),
            ));
        }
        Ok(Outcome::wait(
            "the machine boots the agent's ramdisk for inspection",
        ))
    }

    async fn abort(&self, task: &mut dyn Task) -> Result<(), Fault> {
        task.node_mut().driver_internal_info.unset(LOOKUP_ADDRESSES);
        task.save().await?;
        let errors = tear_down(task, true).await;
        if errors.is_empty() {
            Ok(())
        } else {
            Err(failure(
                task,
                &format!("Inspection clean up failed: {}", errors.join(", ")),
            ))
        }
    }

    async fn continue_inspection(
        &self,
        task: &mut dyn Task,
        inspection: Inspection,
    ) -> Result<Outcome, Fault> {
        let hooks = task.config().inspector.hooks.clone();
        if let Err(fault) = run_hooks(task, &inspection, &hooks).await {
            tear_down(task, false).await;
            return Err(failure(
                task,
                &format!("failed to run inspection hooks: {fault}"),
            ));
        }
        let errors = tear_down(task, true).await;
        if errors.is_empty() {
            Ok(Outcome::Done)
        } else {
            Err(failure(
                task,
                &format!("Inspection clean up failed: {}", errors.join(", ")),
            ))
        }
    }
}

fn failure(task: &dyn Task, why: &str) -> Fault {
    Fault::new(
        Class::HardwareInspectionFailure,
        format!("Failed to inspect node {}: {why}", task.node().uuid),
    )
}

/// Ports for the MAC addresses the BMC knows, so that the ramdisk can be recognised.
async fn pre_create_ports(task: &mut dyn Task) -> Result<(), Fault> {
    if !task.config().inspector.pre_create_ports {
        return Ok(());
    }
    let management = task.interfaces().management.clone();
    match management.mac_addresses(task).await {
        Ok(addresses) => {
            for address in addresses {
                task.port_create(&address, true).await?;
            }
            Ok(())
        }
        Err(fault) if fault.class == Class::UnsupportedDriverExtension => Ok(()),
        Err(fault) => Err(fault),
    }
}

/// Literal addresses in `driver_info` keys that name a BMC.
fn bmc_addresses(task: &dyn Task) -> Vec<Value> {
    let mut found = Vec::new();
    for (key, value) in task.node().driver_info.get() {
        let Some(text) = value.as_str().filter(|_| key.ends_with("_address")) else {
            continue;
        };
        let host = url::Url::parse(text)
            .ok()
            .and_then(|url| url.host_str().map(str::to_owned));
        let host = host.unwrap_or_else(|| text.to_owned());
        let bare = host.trim_matches(['[', ']']);
        if bare
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| !address.is_loopback())
        {
            found.push(Value::String(bare.to_owned()));
        }
    }
    found
}

async fn start_managed(task: &mut dyn Task) -> Result<(), Fault> {
    let api = ramdisk::api_url(task);
    let callback = task
        .config()
        .inspector
        .callback_endpoint_override
        .clone()
        .unwrap_or_else(|| api.clone());
    let callback = format!("{}/v1/continue_inspection", callback.trim_end_matches('/'));
    let mut parameters: Object = kernel_parameters(&task.config().inspector.extra_kernel_params)
        .into_iter()
        .collect();
    parameters.set("ipa-inspection-callback-url", callback);
    if task.config().inspector.force_dhcp && parameters.member("ipa-collect-lldp").is_none() {
        parameters.set("ipa-collect-lldp", "1");
    }
    if task.config().deploy.fast_track {
        parameters.set("ipa-api-url", api);
    }
    ramdisk::power_off(task).await?;
    let interfaces = task.interfaces().clone();
    interfaces.network.add_inspection_network(task).await?;
    interfaces.boot.prepare_ramdisk(task, &parameters).await?;
    power_on(task).await
}

async fn start_unmanaged(task: &mut dyn Task) -> Result<(), Fault> {
    ramdisk::power_off(task).await?;
    let management = task.interfaces().management.clone();
    management
        .set_boot_device(task, BootDevice::Pxe, false)
        .await?;
    power_on(task).await
}

async fn power_on(task: &mut dyn Task) -> Result<(), Fault> {
    let to = if task.node().stays_powered() {
        PowerState::Reboot
    } else {
        PowerState::On
    };
    task.power_action(to, None).await
}

/// `a=1 b` as members; a parameter without a value gets none.
fn kernel_parameters(text: &str) -> Vec<(String, Value)> {
    text.split_whitespace()
        .map(|word| match word.split_once('=') {
            Some((name, value)) => (name.to_owned(), Value::String(value.to_owned())),
            None => (word.to_owned(), Value::Null),
        })
        .collect()
}

/// Removes what the inspection prepared and powers off as configured; says what did not work.
async fn tear_down(task: &mut dyn Task, always_power_off: bool) -> Vec<String> {
    let mut errors = Vec::new();
    let manages =
        task.node_mut().driver_internal_info.unset(MANAGES_BOOT) == Some(Value::Bool(true));
    if manages {
        let interfaces = task.interfaces().clone();
        if let Err(fault) = interfaces.boot.clean_up_ramdisk(task).await {
            errors.push(format!("unable to clean up ramdisk boot: {fault}"));
        }
        if let Err(fault) = interfaces.network.remove_inspection_network(task).await {
            errors.push(format!("unable to remove inspection ports: {fault}"));
        }
    }
    let config = task.config().clone();
    if (manages || always_power_off) && config.inspector.power_off && !config.deploy.fast_track {
        let (to, what) = if task.node().stays_powered() {
            (PowerState::Reboot, "reboot")
        } else {
            (PowerState::Off, "power off")
        };
        if let Err(fault) = task.power_action(to, None).await {
            errors.push(format!("unable to {what} the node: {fault}"));
        }
    }
    errors
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kernel_parameters_with_and_without_values() {
        let parsed = kernel_parameters("ipa-debug=1  nomodeset a=b=c");
        assert_eq!(parsed[0], ("ipa-debug".to_owned(), Value::from("1")));
        assert_eq!(parsed[1], ("nomodeset".to_owned(), Value::Null));
        assert_eq!(parsed[2], ("a".to_owned(), Value::from("b=c")));
    }
}
