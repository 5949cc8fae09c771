//! Firmware settings that live in the database only.

use drivers_interface::{
    Argument, Bios, Interface, Outcome, StepSpec, Task, async_trait, parse_args, unsupported,
};
use schemas_model::interface::InterfaceKind;
use schemas_model::step::{Step, StepKind};
use schemas_model::{BiosSetting, Fault};
use serde_json::Value;

use crate::delay::pause;

/// The `fake` BIOS interface.
#[derive(Debug, Default)]
pub struct FakeBios;

const STEPS: &[StepSpec] = &[
    StepSpec::clean("apply_configuration", 0)
        .resumable()
        .args(&[Argument {
            name: "settings",
            description: "BIOS settings to apply, each an object with `name` and `value`",
            required: true,
        }]),
    StepSpec::clean("factory_reset", 0).resumable(),
    StepSpec::clean("cache_bios_settings", 0).resumable(),
];

#[derive(serde::Deserialize)]
struct Settings {
    settings: Vec<Setting>,
}

#[derive(serde::Deserialize)]
struct Setting {
    name: String,
    #[serde(default)]
    value: Value,
}

#[async_trait]
impl Interface for FakeBios {
    fn name(&self) -> &'static str {
        "fake"
    }

    fn kind(&self) -> InterfaceKind {
        InterfaceKind::Bios
    }

    fn step_table(&self) -> &'static [StepSpec] {
        STEPS
    }

    async fn run_step(
        &self,
        task: &mut dyn Task,
        _kind: StepKind,
        step: &Step,
    ) -> Result<Outcome, Fault> {
        pause(&task.config().fake.bios_delay).await;
        match step.step.as_str() {
            "apply_configuration" => {
                let wanted: Settings = parse_args(step)?;
                let node_id = task.node().id;
                let settings = wanted
                    .settings
                    .into_iter()
                    .map(|setting| stored(node_id, setting))
                    .collect();
                task.bios_settings_replace(settings).await?;
            }
            "factory_reset" => task.bios_settings_replace(Vec::new()).await?,
            "cache_bios_settings" => {}
            other => return Err(unsupported(self, task, other)),
        }
        Ok(Outcome::Done)
    }
}

fn stored(node_id: schemas_model::NodeId, setting: Setting) -> BiosSetting {
    BiosSetting {
        node_id,
        name: setting.name,
        value: match setting.value {
            Value::Null => None,
            Value::String(text) => Some(text),
            other => Some(other.to_string()),
        },
        attribute_type: None,
        allowable_values: Vec::new(),
        lower_bound: None,
        upper_bound: None,
        min_length: None,
        max_length: None,
        read_only: None,
        reset_required: None,
        unique: None,
        created_at: None,
        updated_at: None,
    }
}

#[async_trait]
impl Bios for FakeBios {
    async fn cache_bios_settings(&self, task: &mut dyn Task) -> Result<(), Fault> {
        pause(&task.config().fake.bios_delay).await;
        Ok(())
    }
}
