//! `noop`: validation succeeds, and nothing is done.

use drivers_interface::{
    CurrentBootDevice, Deploy, Interface, Management, Network, Outcome, StepSpec, Storage, Task,
    async_trait, unsupported,
};
use schemas_model::boot::BootDevice;
use schemas_model::interface::InterfaceKind;
use schemas_model::step::{Step, StepKind};
use schemas_model::{Class, Fault, Object};
use serde_json::{Map, Value};

macro_rules! noop {
    ($($(#[$meta:meta])* $type:ident = $kind:ident $(, steps $steps:ident)?;)+) => {$(
        $(#[$meta])*
        #[derive(Debug)]
        pub(crate) struct $type;

        #[async_trait]
        impl Interface for $type {
            fn name(&self) -> &'static str {
                "noop"
            }
            fn kind(&self) -> InterfaceKind {
                InterfaceKind::$kind
            }
            $(
                fn step_table(&self) -> &'static [StepSpec] {
                    $steps
                }
                async fn run_step(&self, task: &mut dyn Task, kind: StepKind, step: &Step) -> Result<Outcome, Fault> {
                    if $steps.iter().any(|row| row.kind == kind && row.name == step.step) {
                        Ok(Outcome::Done)
                    } else {
                        Err(unsupported(self, task, &step.step))
                    }
                }
            )?
        }
    )+};
}

const DEPLOY_STEPS: &[StepSpec] = &[StepSpec::deploy("deploy", 100).resumable()];

noop! {
    /// Deployment done by hand.
    NoopDeploy = Deploy, steps DEPLOY_STEPS;
    /// A boot order set by hand: network first, then disk.
    NoopManagement = Management;
    /// A network that is never switched.
    NoopNetwork = Network;
    /// No remote volumes.
    NoopStorage = Storage;
}

#[async_trait]
impl Deploy for NoopDeploy {
    async fn prepare(&self, _task: &mut dyn Task) -> Result<(), Fault> {
        Ok(())
    }

    async fn clean_up(&self, _task: &mut dyn Task) -> Result<(), Fault> {
        Ok(())
    }

    async fn tear_down(&self, _task: &mut dyn Task) -> Result<Outcome, Fault> {
        Ok(Outcome::Done)
    }

    async fn take_over(&self, _task: &mut dyn Task) -> Result<(), Fault> {
        Ok(())
    }
}

const BOOT_DEVICES: [BootDevice; 2] = [BootDevice::Pxe, BootDevice::Disk];

#[async_trait]
impl Management for NoopManagement {
    async fn supported_boot_devices(&self, _task: &mut dyn Task) -> Result<Vec<BootDevice>, Fault> {
        Ok(BOOT_DEVICES.to_vec())
    }

    async fn set_boot_device(
        &self,
        task: &mut dyn Task,
        device: BootDevice,
        _persistent: bool,
    ) -> Result<(), Fault> {
        if BOOT_DEVICES.contains(&device) {
            Ok(())
        } else {
            Err(Fault::invalid_parameter(format!(
                "Node {} has the 'noop' management interface, which takes the boot devices pxe and disk, not '{device}'.",
                task.node().uuid
            )))
        }
    }

    async fn boot_device(&self, _task: &mut dyn Task) -> Result<CurrentBootDevice, Fault> {
        Ok(CurrentBootDevice {
            device: Some(BootDevice::Pxe),
            persistent: Some(true),
        })
    }

    async fn sensors_data(&self, task: &mut dyn Task) -> Result<Object, Fault> {
        Err(Fault::new(
            Class::FailedToGetSensorData,
            format!(
                "Node {} has the 'noop' management interface, which reads no sensors.",
                task.node().uuid
            ),
        ))
    }
}

#[async_trait]
impl Network for NoopNetwork {
    async fn vif_attach(&self, _task: &mut dyn Task, _vif: &Object) -> Result<(), Fault> {
        Ok(())
    }

    async fn vif_detach(&self, _task: &mut dyn Task, _vif_id: &str) -> Result<(), Fault> {
        Ok(())
    }

    async fn vif_list(&self, _task: &mut dyn Task) -> Result<Vec<Map<String, Value>>, Fault> {
        Ok(Vec::new())
    }

    async fn validate_inspection(&self, _task: &dyn Task) -> Result<(), Fault> {
        Ok(())
    }
}

impl Storage for NoopStorage {}
