//! `agent` RAID: arrays made by the hardware managers of the ramdisk.

use drivers_interface::{Argument, Interface, Outcome, Raid, StepSpec, Task, async_trait};
use schemas_model::interface::InterfaceKind;
use schemas_model::step::{Step, StepKind};
use schemas_model::{Class, Fault, Object};
use serde_json::{Map, Value};

use crate::client::Command;
use crate::steps;

/// The `agent` RAID interface.
#[derive(Debug, Default)]
pub struct AgentRaid;

const APPLY_ARGUMENTS: &[Argument] = &[
    Argument {
        name: "raid_config",
        description: "The RAID configuration to apply",
        required: true,
    },
    Argument {
        name: "delete_existing",
        description: "Whether arrays that exist are deleted first (default true)",
        required: false,
    },
];

const STEPS: &[StepSpec] = &[
    StepSpec::deploy("apply_configuration", 0).args(APPLY_ARGUMENTS),
    StepSpec::service("apply_configuration", 0).args(APPLY_ARGUMENTS),
];

#[async_trait]
impl Interface for AgentRaid {
    fn name(&self) -> &'static str {
        "agent"
    }

    fn kind(&self) -> InterfaceKind {
        InterfaceKind::Raid
    }

    fn step_table(&self) -> &'static [StepSpec] {
        STEPS
    }

    /// What a deployment can do is for the agent to say; before it has, there is nothing (Ironic 39.0.0,
    /// observed).
    async fn steps(&self, task: &mut dyn Task, kind: StepKind) -> Result<Vec<Step>, Fault> {
        let own = self
            .step_table()
            .iter()
            .filter(|row| row.kind == kind && kind != StepKind::Deploy)
            .map(|row| row.to_step(self.kind()));
        let priorities = match kind {
            StepKind::Clean => vec![
                (
                    "delete_configuration",
                    task.config().deploy.delete_configuration_priority,
                ),
                (
                    "create_configuration",
                    task.config().deploy.create_configuration_priority,
                ),
            ],
            _ => Vec::new(),
        };
        let mut offered: Vec<Step> = own.collect();
        for step in steps::cached(task.node(), kind, Some(InterfaceKind::Raid), &priorities) {
            if !offered.iter().any(|known| known.step == step.step) {
                offered.push(step);
            }
        }
        Ok(offered)
    }

    async fn run_step(
        &self,
        task: &mut dyn Task,
        kind: StepKind,
        step: &Step,
    ) -> Result<Outcome, Fault> {
        if step.step == "create_configuration" {
            let wanted = filtered(task, step)?;
            task.node_mut()
                .driver_internal_info
                .set("target_raid_config", Value::Object(wanted));
            task.save().await?;
        }
        steps::execute(task, kind, step).await
    }
}

/// `target_raid_config` without the logical disks the arguments leave out.
fn filtered(task: &dyn Task, step: &Step) -> Result<Map<String, Value>, Fault> {
    let wants = |key: &str| {
        step.args
            .as_ref()
            .and_then(|args| args.member(key).and_then(Value::as_bool))
            .unwrap_or(true)
    };
    let (root, others) = (wants("create_root_volume"), wants("create_nonroot_volumes"));
    let mut config = task.node().target_raid_config.get().clone();
    let mut left = 0;
    if let Some(Value::Array(disks)) = config.get_mut("logical_disks") {
        disks.retain(|disk| {
            let is_root = disk
                .get("is_root_volume")
                .and_then(Value::as_bool)
                .unwrap_or(false);
            if is_root { root } else { others }
        });
        left = disks.len();
    }
    if left == 0 {
        return Err(Fault::missing_parameter(format!(
            "Node {}: target_raid_config has no logical disks left to create.",
            task.node().uuid
        )));
    }
    Ok(config)
}

impl Raid for AgentRaid {}

/// Takes over what an ended RAID step of the agent reports.
///
/// # Errors
/// When the agent says that arrays were made but not which.
pub(crate) async fn after_step(
    task: &mut dyn Task,
    kind: StepKind,
    step: &Object,
    command: &Command,
) -> Result<(), Fault> {
    if step.text_member("interface") != Some(InterfaceKind::Raid.as_str()) {
        return Ok(());
    }
    match step.text_member("step") {
        Some("create_configuration" | "apply_configuration") => {
            let result = command
                .command_result
                .get(format!("{kind}_result"))
                .and_then(Value::as_object);
            let Some(made) = result else {
                return Err(Fault::new(
                    Class::IronicException,
                    format!(
                        "The agent of node {} did not say which arrays it made.",
                        task.node().uuid
                    ),
                ));
            };
            let mut config = made.clone();
            config.insert(
                "last_updated".into(),
                Value::String(schemas_model::time::now().to_string()),
            );
            let root_hint = root_device_hint(&config);
            let node = task.node_mut();
            node.raid_config = Object::from_parsed(config);
            if let Some(hint) = root_hint {
                node.properties.set("root_device", hint);
            }
        }
        Some("delete_configuration") => {
            let node = task.node_mut();
            node.raid_config = Object::default();
            node.properties.unset("root_device");
        }
        _ => return Ok(()),
    }
    task.save().await
}

fn root_device_hint(config: &Map<String, Value>) -> Option<Value> {
    config
        .get("logical_disks")?
        .as_array()?
        .iter()
        .find(|disk| disk.get("is_root_volume").and_then(Value::as_bool) == Some(true))?
        .get("root_device_hint")
        .cloned()
}
