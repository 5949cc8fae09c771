//! `autodetect`: chooses the deploy interface by what the instance asks for.
//!
//! It never works itself; the conductor switches the node over before a flow and back after it.

use drivers_interface::{Deploy, Interface, Outcome, StepSpec, Task, async_trait};
use schemas_model::interface::InterfaceKind;
use schemas_model::{Class, Fault, Node};

/// The `autodetect` deploy interface.
#[derive(Debug, Default)]
pub struct AutodetectDeploy;

const STEPS: &[StepSpec] = &[StepSpec::deploy("deploy", 100)];

/// Whether an instance is a ramdisk or an ISO: `ironic_ramdisk_deploy` and something to boot.
pub(super) fn wants_ramdisk(node: &Node) -> bool {
    let info = &node.instance_info;
    let asked = match info.member("ironic_ramdisk_deploy") {
        Some(serde_json::Value::Bool(asked)) => *asked,
        Some(serde_json::Value::String(word)) => matches!(
            word.to_ascii_lowercase().as_str(),
            "true" | "1" | "yes" | "on" | "t" | "y"
        ),
        _ => false,
    };
    let bootable = info.member("boot_iso").is_some()
        || (info.member("kernel").is_some() && info.member("ramdisk").is_some());
    asked && bootable
}

/// Whether an instance is a bootable container.
pub(super) fn wants_bootc(node: &Node) -> bool {
    let info = &node.instance_info;
    let from_registry = info
        .text_member("image_source")
        .is_some_and(|source| source.starts_with("oci://"));
    from_registry && info.text_member("image_disk_format") == Some("bootc")
}

impl AutodetectDeploy {
    /// The first name of `[DEFAULT]autodetect_deploy_interfaces` that fits, else the last.
    fn choose(node: &Node, names: &[String]) -> Option<&'static str> {
        const KNOWN: &[&str] = &["ramdisk", "bootc", "direct", "custom-agent"];
        let fits = |name: &&str| match *name {
            "ramdisk" => wants_ramdisk(node),
            "bootc" => wants_bootc(node),
            _ => false,
        };
        let candidates: Vec<&'static str> = names
            .iter()
            .filter_map(|name| KNOWN.iter().copied().find(|known| known == name))
            .collect();
        candidates
            .iter()
            .copied()
            .find(|name| fits(name))
            .or_else(|| candidates.last().copied())
    }

    fn not_switched(&self, task: &dyn Task, what: &str) -> Fault {
        Fault::new(
            Class::InstanceDeployFailure,
            format!(
                "Node {}: {what} was asked of the deploy interface 'autodetect', which only chooses another one; check \
                 [DEFAULT]autodetect_deploy_interfaces.",
                task.node().uuid
            ),
        )
    }
}

#[async_trait]
impl Interface for AutodetectDeploy {
    fn name(&self) -> &'static str {
        "autodetect"
    }

    fn kind(&self) -> InterfaceKind {
        InterfaceKind::Deploy
    }

    fn step_table(&self) -> &'static [StepSpec] {
        STEPS
    }

    async fn validate(&self, task: &dyn Task) -> Result<(), Fault> {
        match self.switch_to(task) {
            Some("ramdisk") => super::RamdiskDeploy.validate(task).await,
            Some("bootc") => super::AgentDeploy::BOOTC.validate(task).await,
            Some("custom-agent") => super::AgentDeploy::CUSTOM.validate(task).await,
            Some(_) => super::AgentDeploy::DIRECT.validate(task).await,
            None => Err(Fault::invalid_parameter(
                "[DEFAULT]autodetect_deploy_interfaces names no deploy interface that exists.",
            )),
        }
    }
}

#[async_trait]
impl Deploy for AutodetectDeploy {
    fn switch_to(&self, task: &dyn Task) -> Option<&'static str> {
        Self::choose(
            task.node(),
            &task.config().default.autodetect_deploy_interfaces,
        )
    }

    async fn prepare(&self, task: &mut dyn Task) -> Result<(), Fault> {
        Err(self.not_switched(task, "preparation"))
    }

    async fn clean_up(&self, task: &mut dyn Task) -> Result<(), Fault> {
        Err(self.not_switched(task, "cleaning up"))
    }

    async fn tear_down(&self, task: &mut dyn Task) -> Result<Outcome, Fault> {
        Err(self.not_switched(task, "tearing down"))
    }

    async fn take_over(&self, task: &mut dyn Task) -> Result<(), Fault> {
        Err(self.not_switched(task, "taking over"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use schemas_model::{Object, Uuid};

    fn chosen(instance_info: &str) -> Option<&'static str> {
        let mut node = Node::new(Uuid::random(), "fake-hardware");
        node.instance_info = Object::from_text(instance_info);
        let names: Vec<String> = ["ramdisk", "bootc", "direct"].map(String::from).to_vec();
        AutodetectDeploy::choose(&node, &names)
    }

    #[test]
    fn the_instance_decides() {
        assert_eq!(chosen("{}"), Some("direct"));
        assert_eq!(chosen(r#"{"image_source": "http://h/i"}"#), Some("direct"));
        assert_eq!(
            chosen(r#"{"boot_iso": "http://h/i", "ironic_ramdisk_deploy": true}"#),
            Some("ramdisk")
        );
        assert_eq!(chosen(r#"{"boot_iso": "http://h/i"}"#), Some("direct"));
        assert_eq!(
            chosen(r#"{"image_source": "oci://h/i", "image_disk_format": "bootc"}"#),
            Some("bootc")
        );
    }
}
