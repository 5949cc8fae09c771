//! Firmware that is never out of date.

use drivers_interface::{
    Argument, Firmware, Interface, Outcome, StepSpec, Task, async_trait, unsupported,
};
use schemas_model::Fault;
use schemas_model::interface::InterfaceKind;
use schemas_model::step::{Step, StepKind};

use crate::delay::pause;

/// The `fake` firmware interface.
#[derive(Debug, Default)]
pub struct FakeFirmware;

const STEPS: &[StepSpec] = &[StepSpec::clean("update", 0).resumable().args(&[Argument {
    name: "settings",
    description: "Firmware components to update, each an object with `component` and `url`",
    required: true,
}])];

#[async_trait]
impl Interface for FakeFirmware {
    fn name(&self) -> &'static str {
        "fake"
    }

    fn kind(&self) -> InterfaceKind {
        InterfaceKind::Firmware
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
        if step.step != "update" {
            return Err(unsupported(self, task, &step.step));
        }
        pause(&task.config().fake.firmware_delay).await;
        Ok(Outcome::Done)
    }
}

#[async_trait]
impl Firmware for FakeFirmware {
    async fn cache_firmware_components(&self, task: &mut dyn Task) -> Result<(), Fault> {
        pause(&task.config().fake.firmware_delay).await;
        Ok(())
    }
}
