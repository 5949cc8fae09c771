//! `redfish-virtual-media`: the BMC shows the machine a CD with the ramdisk.
//!
//! A ready ISO (`deploy_iso`, `rescue_iso`) is inserted through the management interface. Building
//! one from a kernel and a ramdisk is refused with a message that says so.

use drivers_interface::{Boot, Interface, Property, Task, async_trait};
use schemas_model::boot::BootDevice;
use schemas_model::interface::InterfaceKind;
use schemas_model::provision::State;
use schemas_model::{Fault, Object};

use crate::ramdisk_images::{self, Mode};

/// The `redfish-virtual-media` boot interface.
#[derive(Debug, Default)]
pub struct VirtualMediaBoot;

const PROPERTIES: &[Property] = &[
    Property {
        name: "deploy_iso",
        description: "URL of a bootable ISO with the deployment ramdisk. Optional.",
    },
    Property {
        name: "deploy_kernel",
        description: "URL or Glance UUID of the deployment kernel. Required without deploy_iso.",
    },
    Property {
        name: "deploy_ramdisk",
        description: "URL or Glance UUID of the deployment ramdisk. Required without deploy_iso.",
    },
];

fn iso(task: &dyn Task, mode: Mode) -> Option<String> {
    task.node()
        .driver_info
        .text_member(&format!("{}_iso", mode.as_str()))
        .map(str::to_owned)
}

#[async_trait]
impl Interface for VirtualMediaBoot {
    fn name(&self) -> &'static str {
        "redfish-virtual-media"
    }

    fn kind(&self) -> InterfaceKind {
        InterfaceKind::Boot
    }

    fn properties(&self) -> &'static [Property] {
        PROPERTIES
    }

    fn capabilities(&self) -> &'static [&'static str] {
        &[
            "iscsi_volume_boot",
            "ramdisk_boot",
            "ramdisk_boot_configdrive",
        ]
    }

    async fn validate(&self, task: &dyn Task) -> Result<(), Fault> {
        if iso(task, Mode::Deploy).is_some() || task.interfaces().deploy.name() == "ramdisk" {
            return Ok(());
        }
        ramdisk_images::find(task, Mode::Deploy).map(|_| ())
    }
}

#[async_trait]
impl Boot for VirtualMediaBoot {
    async fn prepare_ramdisk(
        &self,
        task: &mut dyn Task,
        _parameters: &Object,
    ) -> Result<(), Fault> {
        let mode = Mode::of(task.node().provision_state);
        let Some(url) = iso(task, mode) else {
            return Err(Fault::unsupported(format!(
                "Node {}: this version does not build an ISO from a kernel and a ramdisk; give driver_info/{}_iso.",
                task.node().uuid,
                mode.as_str()
            )));
        };
        let management = task.interfaces().management.clone();
        management
            .detach_virtual_media(task, &[BootDevice::Cdrom])
            .await?;
        management
            .attach_virtual_media(task, BootDevice::Cdrom, &url)
            .await?;
        management
            .set_boot_device(task, BootDevice::Cdrom, false)
            .await
    }

    async fn clean_up_ramdisk(&self, task: &mut dyn Task) -> Result<(), Fault> {
        let management = task.interfaces().management.clone();
        management
            .detach_virtual_media(task, &[BootDevice::Cdrom])
            .await
    }

    async fn prepare_instance(&self, task: &mut dyn Task) -> Result<(), Fault> {
        if matches!(task.node().provision_state, State::Active | State::Adopting) {
            return Ok(());
        }
        self.clean_up_ramdisk(task).await?;
        let management = task.interfaces().management.clone();
        management
            .set_boot_device(task, BootDevice::Disk, true)
            .await
    }

    async fn clean_up_instance(&self, task: &mut dyn Task) -> Result<(), Fault> {
        self.clean_up_ramdisk(task).await
    }

    async fn validate_rescue(&self, task: &dyn Task) -> Result<(), Fault> {
        if iso(task, Mode::Rescue).is_some() {
            return Ok(());
        }
        ramdisk_images::find(task, Mode::Rescue).map(|_| ())
    }

    async fn validate_inspection(&self, task: &dyn Task) -> Result<(), Fault> {
        self.validate(task).await.map_err(|fault| {
            Fault::unsupported(format!(
                "Managed inspection through virtual media is not possible: {fault}"
            ))
        })
    }
}
