//! Deployment that deploys nothing.

use drivers_interface::{Deploy, Interface, Outcome, StepSpec, Task, async_trait, unsupported};
use schemas_model::Fault;
use schemas_model::interface::InterfaceKind;
use schemas_model::step::{Step, StepKind};

use crate::delay::pause;

/// The `fake` deploy interface.
#[derive(Debug, Default)]
pub struct FakeDeploy;

const STEPS: &[StepSpec] = &[StepSpec::deploy("deploy", 100).resumable()];

#[async_trait]
impl Interface for FakeDeploy {
    fn name(&self) -> &'static str {
        "fake"
    }

    fn kind(&self) -> InterfaceKind {
        InterfaceKind::Deploy
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
        if step.step != "deploy" {
            return Err(unsupported(self, task, &step.step));
        }
        pause(&task.config().fake.deploy_delay).await;
        Ok(Outcome::Done)
    }
}

#[async_trait]
impl Deploy for FakeDeploy {
    async fn prepare(&self, task: &mut dyn Task) -> Result<(), Fault> {
        pause(&task.config().fake.deploy_delay).await;
        Ok(())
    }

    async fn clean_up(&self, task: &mut dyn Task) -> Result<(), Fault> {
        pause(&task.config().fake.deploy_delay).await;
        Ok(())
    }

    async fn tear_down(&self, task: &mut dyn Task) -> Result<Outcome, Fault> {
        pause(&task.config().fake.deploy_delay).await;
        Ok(Outcome::Done)
    }

    async fn take_over(&self, task: &mut dyn Task) -> Result<(), Fault> {
        pause(&task.config().fake.deploy_delay).await;
        Ok(())
    }
}
