//! The `redfish` inspect interface: what the BMC knows about the machine, without booting it.

mod inventory;
mod lldp;
mod local_disk;
mod pci;
mod storage;

use std::time::Duration;

use drivers_interface::{Inspect, Inspection, Outcome, Task, async_trait, unsupported};
use schemas_model::step::{Step, StepKind};
use schemas_model::{Class, Fault, Object};

use crate::dialect::Dialect;
use crate::redfish_interface;

/// Node properties without which an inspection has failed.
const ESSENTIAL: &[&str] = &["memory_mb", "local_gb", "cpu_arch"];

redfish_interface! {
    /// Out-of-band inspection.
    RedfishInspect, Inspect, properties: Dialect::properties, steps: &[]
}

impl RedfishInspect {
    async fn run(&self, task: &mut dyn Task, _: StepKind, step: &Step) -> Result<Outcome, Fault> {
        Err(unsupported(self, task, &step.step))
    }
}

#[async_trait]
impl Inspect for RedfishInspect {
    async fn inspect_hardware(&self, task: &mut dyn Task) -> Result<Outcome, Fault> {
        let patience = task.config().ferric_redfish.inspection_timeout;
        let bmc = self
            .connections
            .of(task)?
            .allowed(Duration::from_secs(patience));
        let system = bmc.system().await?;
        let found = inventory::collect(&bmc, &system).await?;
        let hooks = task.config().redfish.inspection_hooks.clone();
        let inspection = Inspection {
            inventory: found.inventory.clone(),
            plugin_data: found.plugin_data.clone(),
        };
        drivers_agent::run_hooks(task, &inspection, &hooks).await?;
        let properties = &mut task.node_mut().properties;
        properties.set("local_gb", found.local_gb);
        if let Some(memory_mb) = found.memory_mb {
            properties.set("memory_mb", memory_mb);
        }
        if let Some(mode) = found.boot_mode {
            add_capability(properties, "boot_mode", mode.as_str());
        }
        let missing: Vec<&str> = ESSENTIAL
            .iter()
            .copied()
            .filter(|name| !has_value(properties, name))
            .collect();
        if !missing.is_empty() {
            return Err(Fault::new(
                Class::HardwareInspectionFailure,
                format!(
                    "Failed to inspect hardware. Reason: BMC {} does not tell the following properties of node {}: {}. Set them by hand, or inspect with the agent.",
                    bmc.address(),
                    bmc.node,
                    missing.join(", ")
                ),
            ));
        }
        task.save().await?;
        Ok(Outcome::Done)
    }
}

fn has_value(properties: &Object, name: &str) -> bool {
    properties
        .member(name)
        .is_some_and(|value| !value.is_null() && value != "")
}

/// Adds `name:value` to `properties/capabilities` unless the name is there.
fn add_capability(properties: &mut Object, name: &str, value: &str) {
    let capabilities = properties
        .text_member("capabilities")
        .unwrap_or_default()
        .to_owned();
    let present = capabilities
        .split(',')
        .any(|capability| capability.split(':').next() == Some(name));
    if !present {
        let separator = if capabilities.is_empty() { "" } else { "," };
        properties.set(
            "capabilities",
            format!("{capabilities}{separator}{name}:{value}"),
        );
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn capabilities_are_added_once() {
        let mut properties = Object::default();
        add_capability(&mut properties, "boot_mode", "uefi");
        add_capability(&mut properties, "boot_mode", "bios");
        add_capability(&mut properties, "cpu_vt", "true");
        assert_eq!(
            properties.to_value(),
            json!({"capabilities": "boot_mode:uefi,cpu_vt:true"})
        );
    }
}
