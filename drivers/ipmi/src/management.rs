//! The `ipmitool` management interface.

use drivers_interface::{
    CurrentBootDevice, Indicators, Interface, Management, Property, Task, async_trait,
};
use drivers_ipmi_client::command::boot_options::BootFlags;
use drivers_ipmi_client::command::chassis::ChassisAction;
use drivers_ipmi_client::command::device_id::GetDeviceId;
use schemas_model::boot::{BootDevice, BootMode};
use schemas_model::interface::InterfaceKind;
use schemas_model::{Fault, Node, Object};

use crate::bmcs::Bmcs;
use crate::boot_mode::boot_mode;
use crate::{boot_device, force_boot_device, identify, manufacturer, number, properties};

/// Management over IPMI.
#[derive(Debug, Clone)]
pub struct IpmitoolManagement {
    pub(crate) bmcs: Bmcs,
}

impl IpmitoolManagement {
    /// Management of the machines behind `bmcs`.
    pub fn new(bmcs: Bmcs) -> Self {
        IpmitoolManagement { bmcs }
    }
}

#[async_trait]
impl Interface for IpmitoolManagement {
    fn name(&self) -> &'static str {
        "ipmitool"
    }

    fn kind(&self) -> InterfaceKind {
        InterfaceKind::Management
    }

    fn properties(&self) -> &'static [Property] {
        properties::PROPERTIES
    }

    async fn validate(&self, task: &dyn Task) -> Result<(), Fault> {
        Bmcs::validate(task).map(drop)
    }
}

/// Whether the BMC is told to keep the boot flags beyond its 60 seconds.
fn disables_boot_timeout(node: &Node, usual: bool) -> bool {
    node.driver_info
        .member("ipmi_disable_boot_timeout")
        .filter(|value| !value.is_null())
        .map_or(usual, number::is_true)
}

#[async_trait]
impl Management for IpmitoolManagement {
    async fn supported_boot_devices(&self, _task: &mut dyn Task) -> Result<Vec<BootDevice>, Fault> {
        Ok(boot_device::supported())
    }

    async fn set_boot_device(
        &self,
        task: &mut dyn Task,
        device: BootDevice,
        persistent: bool,
    ) -> Result<(), Fault> {
        let node = task.node();
        let mode = boot_mode(node, task.config())?;
        let Some(code) = boot_device::code(device, mode, node) else {
            return Err(Fault::invalid_parameter(format!(
                "Invalid boot device {device} specified for node {}.",
                node.uuid
            )));
        };
        let keep = disables_boot_timeout(node, task.config().ipmi.disable_boot_timeout);
        if !keep {
            tracing::info!(
                node.uuid = %node.uuid,
                "the BMC keeps its 60 second limit on boot device changes, as configured"
            );
        }
        let mut flags = BootFlags {
            valid: true,
            persistent,
            efi: mode == BootMode::Uefi,
            device: code,
        };
        if force_boot_device::is_wanted(node) {
            force_boot_device::remember(task, device, persistent).await?;
            // It is sent again at each power-on; a BMC that needs this may not know "persistent".
            flags.persistent = false;
        }
        let kept = self
            .bmcs
            .run(task, "set boot device", move |bmc| {
                Box::pin(async move {
                    if keep {
                        bmc.keep_boot_flags().await?;
                    }
                    if flags.efi {
                        // One command, as Ironic does it: some BMCs lose the UEFI bit otherwise.
                        bmc.write_boot_flags(flags).await?;
                    } else {
                        bmc.set_boot_flags(flags).await?;
                    }
                    bmc.verify_boot_flags(flags).await
                })
            })
            .await?;
        if !kept {
            tracing::warn!(
                node.uuid = %task.node().uuid,
                boot.device = %device,
                boot.mode = %mode,
                persistent = flags.persistent,
                "the BMC keeps the boot device without the boot mode or without its persistence"
            );
        }
        Ok(())
    }

    async fn boot_device(&self, task: &mut dyn Task) -> Result<CurrentBootDevice, Fault> {
        Bmcs::validate(task)?;
        if force_boot_device::is_wanted(task.node())
            && let Some(device) = force_boot_device::remembered(task.node())
        {
            return Ok(CurrentBootDevice {
                device: Some(device),
                persistent: Some(true),
            });
        }
        let flags = self
            .bmcs
            .run(task, "get boot device", |bmc| Box::pin(bmc.boot_flags()))
            .await?;
        Ok(CurrentBootDevice {
            device: boot_device::device(flags.device, task.node()),
            persistent: Some(flags.persistent),
        })
    }

    async fn sensors_data(&self, task: &mut dyn Task) -> Result<Object, Fault> {
        crate::sensors::read(&self.bmcs, task).await
    }

    async fn inject_nmi(&self, task: &mut dyn Task) -> Result<(), Fault> {
        self.bmcs
            .run(task, "power diag", |bmc| {
                Box::pin(bmc.chassis_control(ChassisAction::DiagnosticInterrupt))
            })
            .await
    }

    async fn supported_indicators(
        &self,
        _task: &mut dyn Task,
        component: Option<&str>,
    ) -> Result<Indicators, Fault> {
        Ok(identify::supported(component))
    }

    async fn indicator_state(
        &self,
        task: &mut dyn Task,
        component: &str,
        indicator: &str,
    ) -> Result<String, Fault> {
        identify::check(task.node(), component, indicator)?;
        identify::state(&self.bmcs, task).await
    }

    async fn set_indicator_state(
        &self,
        task: &mut dyn Task,
        component: &str,
        indicator: &str,
        state: &str,
    ) -> Result<(), Fault> {
        identify::check(task.node(), component, indicator)?;
        identify::set(&self.bmcs, task, state).await
    }

    async fn detect_vendor(&self, task: &mut dyn Task) -> Result<Option<String>, Fault> {
        let device = self
            .bmcs
            .run(task, "mc info", |bmc| Box::pin(bmc.run(&GetDeviceId)))
            .await?;
        Ok(Some(manufacturer::vendor(device.manufacturer_id)))
    }
}
