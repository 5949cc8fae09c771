//! The network boot interfaces: one implementation, four names.

use std::path::PathBuf;

use drivers_interface::{Boot, Interface, Property, Task, async_trait};
use schemas_model::boot::BootDevice;
use schemas_model::interface::InterfaceKind;
use schemas_model::provision::State;
use schemas_model::{Class, Fault, Object};

use crate::kernel_arguments::KernelArguments;
use crate::ramdisk_images::{self, Mode};
use crate::{files, script};

/// A boot interface that boots over the network.
#[derive(Debug)]
pub struct NetworkBoot {
    name: &'static str,
    capabilities: &'static [&'static str],
    ipxe: bool,
    device: BootDevice,
}

impl NetworkBoot {
    /// iPXE loaded over TFTP.
    pub const IPXE: NetworkBoot = NetworkBoot {
        name: "ipxe",
        capabilities: &["iscsi_volume_boot", "ramdisk_boot", "ipxe_boot"],
        ipxe: true,
        device: BootDevice::Pxe,
    };
    /// iPXE loaded by UEFI HTTP boot.
    pub const HTTP_IPXE: NetworkBoot = NetworkBoot {
        name: "http-ipxe",
        capabilities: &["iscsi_volume_boot", "ramdisk_boot", "ipxe_boot"],
        ipxe: true,
        device: BootDevice::UefiHttp,
    };
    /// A boot loader of the distribution over TFTP.
    pub const PXE: NetworkBoot = NetworkBoot {
        name: "pxe",
        capabilities: &["ramdisk_boot", "pxe_boot"],
        ipxe: false,
        device: BootDevice::Pxe,
    };
    /// A boot loader of the distribution by UEFI HTTP boot.
    pub const HTTP: NetworkBoot = NetworkBoot {
        name: "http",
        capabilities: &["ramdisk_boot", "pxe_boot"],
        ipxe: false,
        device: BootDevice::UefiHttp,
    };
}

const PROPERTIES: &[Property] = &[
    Property {
        name: "deploy_kernel",
        description: "URL or Glance UUID of the deployment kernel. Required.",
    },
    Property {
        name: "deploy_ramdisk",
        description: "URL or Glance UUID of the deployment ramdisk. Required.",
    },
    Property {
        name: "force_persistent_boot_device",
        description: "Whether boot devices are set for all boots: Always, Never or Default. Optional.",
    },
    Property {
        name: "kernel_append_params",
        description: "Additional kernel parameters of the ramdisk. Optional.",
    },
    Property {
        name: "rescue_kernel",
        description: "URL or Glance UUID of the rescue kernel; needed for rescue.",
    },
    Property {
        name: "rescue_ramdisk",
        description: "URL or Glance UUID of the rescue ramdisk; needed for rescue.",
    },
];

#[async_trait]
impl Interface for NetworkBoot {
    fn name(&self) -> &'static str {
        self.name
    }

    fn kind(&self) -> InterfaceKind {
        InterfaceKind::Boot
    }

    fn properties(&self) -> &'static [Property] {
        PROPERTIES
    }

    fn capabilities(&self) -> &'static [&'static str] {
        self.capabilities
    }

    async fn validate(&self, task: &dyn Task) -> Result<(), Fault> {
        let node = task.node();
        if task.ports().is_empty() {
            return Err(Fault::missing_parameter(format!(
                "Node {} does not have any port associated with it",
                node.uuid
            )));
        }
        if self.ipxe && task.config().deploy.http_url.is_none() {
            return Err(Fault::missing_parameter(
                "iPXE boot needs [deploy]http_url and [deploy]http_root in the configuration.",
            ));
        }
        let info = &node.instance_info;
        if info.member("image_source").is_some() && info.member("boot_iso").is_some() {
            return Err(Fault::invalid_parameter(format!(
                "Node {}: instance_info may hold image_source or boot_iso, not both.",
                node.uuid
            )));
        }
        if task.interfaces().deploy.name() == "ramdisk" {
            return Ok(());
        }
        ramdisk_images::find(task, Mode::Deploy).map(|_| ())
    }
}

impl NetworkBoot {
    fn root(task: &dyn Task) -> PathBuf {
        PathBuf::from(&task.config().deploy.http_root)
    }

    async fn set_boot_device(
        &self,
        task: &mut dyn Task,
        device: BootDevice,
        persistent: bool,
    ) -> Result<(), Fault> {
        let persistent = match task
            .node()
            .driver_info
            .text_member("force_persistent_boot_device")
        {
            Some("Always") => true,
            Some("Never") => false,
            _ => persistent,
        };
        let management = task.interfaces().management.clone();
        match management.set_boot_device(task, device, persistent).await {
            Err(fault)
                if device == BootDevice::UefiHttp
                    && fault.class == Class::InvalidParameterValue =>
            {
                management
                    .set_boot_device(task, BootDevice::Pxe, persistent)
                    .await
            }
            other => other,
        }
    }
}

#[async_trait]
impl Boot for NetworkBoot {
    async fn prepare_ramdisk(&self, task: &mut dyn Task, parameters: &Object) -> Result<(), Fault> {
        if !self.ipxe {
            return Err(Fault::unsupported(format!(
                "Node {}: the boot interface '{}' needs a TFTP server with a boot loader, which this version does not \
                 have; use 'ipxe' or 'http-ipxe'.",
                task.node().uuid,
                self.name
            )));
        }
        let node = task.node();
        let mode = Mode::of(node.provision_state);
        let images = ramdisk_images::find(task, mode)?;
        let kernel =
            script::HttpUrl::parse(&images.kernel, &format!("{}_kernel", mode.as_str()), node)?;
        let ramdisk =
            script::HttpUrl::parse(&images.ramdisk, &format!("{}_ramdisk", mode.as_str()), node)?;
        let mut arguments = KernelArguments::default();
        let own = node.driver_info.text_member("kernel_append_params");
        let appended = own.unwrap_or(&task.config().pxe.kernel_append_params);
        arguments.extend(appended, "kernel_append_params", node)?;
        if task.config().default.debug {
            arguments.extend("ipa-debug=1", "[DEFAULT]debug", node)?;
        }
        arguments.extend_members(parameters, "the ramdisk's parameters", node)?;
        let text = script::boot_ramdisk(&kernel, &ramdisk, &arguments);
        files::write(&Self::root(task), node, task.ports(), &text).await?;
        self.set_boot_device(task, self.device, false).await
    }

    async fn clean_up_ramdisk(&self, task: &mut dyn Task) -> Result<(), Fault> {
        if self.ipxe {
            files::remove(&Self::root(task), task.node(), task.ports()).await;
        }
        Ok(())
    }

    async fn prepare_instance(&self, task: &mut dyn Task) -> Result<(), Fault> {
        self.clean_up_ramdisk(task).await?;
        if matches!(task.node().provision_state, State::Active | State::Adopting) {
            return Ok(());
        }
        self.set_boot_device(task, BootDevice::Disk, true).await
    }

    async fn clean_up_instance(&self, task: &mut dyn Task) -> Result<(), Fault> {
        self.clean_up_ramdisk(task).await
    }

    async fn validate_rescue(&self, task: &dyn Task) -> Result<(), Fault> {
        ramdisk_images::find(task, Mode::Rescue).map(|_| ())
    }

    async fn validate_inspection(&self, task: &dyn Task) -> Result<(), Fault> {
        match self.validate(task).await {
            Err(fault) if fault.class == Class::MissingParameterValue => {
                Err(Fault::unsupported(format!(
                    "Managed inspection through the boot interface '{}' is not possible: {fault}",
                    self.name
                )))
            }
            other => other,
        }
    }
}
