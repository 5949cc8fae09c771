//! `ramdisk`: the instance is a ramdisk or an ISO the machine boots each time; nothing is written to disk.

use drivers_interface::{
    Deploy, Heartbeat, Interface, Outcome, StepSpec, Task, async_trait, unsupported,
};
use schemas_model::Fault;
use schemas_model::interface::InterfaceKind;
use schemas_model::power::PowerState;
use schemas_model::provision::State;
use schemas_model::step::{Step, StepKind};

use crate::{heartbeat, image, ramdisk, steps};

/// The `ramdisk` deploy interface.
#[derive(Debug, Default)]
pub struct RamdiskDeploy;

const STEPS: &[StepSpec] = &[StepSpec::deploy("deploy", 100)];

#[async_trait]
impl Interface for RamdiskDeploy {
    fn name(&self) -> &'static str {
        "ramdisk"
    }

    fn kind(&self) -> InterfaceKind {
        InterfaceKind::Deploy
    }

    async fn validate(&self, task: &dyn Task) -> Result<(), Fault> {
        let boot = task.interfaces().boot.clone();
        if !boot.capabilities().contains(&"ramdisk_boot") {
            return Err(Fault::invalid_parameter(format!(
                "Node {}: the boot interface '{}' cannot boot a ramdisk as an instance, which the deploy interface \
                 'ramdisk' needs.",
                task.node().uuid,
                boot.name()
            )));
        }
        boot.validate(task).await?;
        image::validate_hints(task.node())
    }

    fn step_table(&self) -> &'static [StepSpec] {
        STEPS
    }

    /// Cleaning and servicing are the agent's; deployment never boots one.
    async fn steps(&self, task: &mut dyn Task, kind: StepKind) -> Result<Vec<Step>, Fault> {
        Ok(match kind {
            StepKind::Deploy | StepKind::Verify => STEPS
                .iter()
                .filter(|row| row.kind == kind)
                .map(|row| row.to_step(InterfaceKind::Deploy))
                .collect(),
            StepKind::Clean | StepKind::Service => steps::of_deploy(task, kind, STEPS),
        })
    }

    async fn run_step(
        &self,
        task: &mut dyn Task,
        kind: StepKind,
        step: &Step,
    ) -> Result<Outcome, Fault> {
        if kind != StepKind::Deploy {
            return steps::execute(task, kind, step).await;
        }
        if step.step != "deploy" {
            return Err(unsupported(self, task, &step.step));
        }
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
}

#[async_trait]
impl Deploy for RamdiskDeploy {
    async fn supports_deploy(&self, task: &dyn Task) -> bool {
        super::autodetect::wants_ramdisk(task.node())
    }

    async fn prepare(&self, task: &mut dyn Task) -> Result<(), Fault> {
        match task.node().provision_state {
            State::Deploying => {
                let network = task.interfaces().network.clone();
                network.validate(task).await?;
                ramdisk::power_off(task).await?;
                let storage = task.interfaces().storage.clone();
                storage.attach_volumes(task).await
            }
            State::Active | State::Unrescuing | State::Adopting => {
                let boot = task.interfaces().boot.clone();
                boot.prepare_instance(task).await
            }
            _ => Ok(()),
        }
    }

    async fn clean_up(&self, task: &mut dyn Task) -> Result<(), Fault> {
        let boot = task.interfaces().boot.clone();
        boot.clean_up_ramdisk(task).await?;
        boot.clean_up_instance(task).await
    }

    async fn tear_down(&self, task: &mut dyn Task) -> Result<Outcome, Fault> {
        ramdisk::power_off(task).await?;
        let interfaces = task.interfaces().clone();
        interfaces.storage.detach_volumes(task).await?;
        interfaces.network.unconfigure_tenant_networks(task).await?;
        Ok(Outcome::Done)
    }

    async fn take_over(&self, task: &mut dyn Task) -> Result<(), Fault> {
        let boot = task.interfaces().boot.clone();
        boot.prepare_instance(task).await
    }

    async fn prepare_cleaning(&self, task: &mut dyn Task) -> Result<Outcome, Fault> {
        ramdisk::prepare_cleaning(task).await
    }

    async fn tear_down_cleaning(&self, task: &mut dyn Task) -> Result<(), Fault> {
        ramdisk::tear_down_cleaning(task).await
    }

    async fn prepare_service(&self, task: &mut dyn Task) -> Result<Outcome, Fault> {
        ramdisk::prepare_service(task).await
    }

    async fn tear_down_service(&self, task: &mut dyn Task) -> Result<(), Fault> {
        ramdisk::tear_down_service(task).await
    }

    async fn refresh_steps(&self, task: &mut dyn Task, kind: StepKind) -> Result<(), Fault> {
        steps::refresh(task, kind).await
    }

    async fn heartbeat(&self, task: &mut dyn Task, heartbeat: &Heartbeat) -> Result<(), Fault> {
        heartbeat::note(task, heartbeat);
        Ok(())
    }

    async fn poll_step(&self, task: &mut dyn Task) -> Result<Outcome, Fault> {
        steps::poll(task).await
    }
}
