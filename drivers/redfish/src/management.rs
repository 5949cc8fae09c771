//! The `redfish` management interface.

mod bmc_service;
pub(crate) mod boot_device;
mod boot_mode;
mod clock;
mod indicator;
mod secure_boot;
mod sensors;
mod update_firmware;
mod virtual_media;

use drivers_interface::{
    Argument, CurrentBootDevice, IndicatorInfo, Indicators, Management, Outcome, Poll, PollOf,
    Polled, StepSpec, Task, async_trait, unsupported,
};
use drivers_redfish_client::schema::{
    secure_boot::ResetKeys, service_root::ServiceRoot, status, status::ResetType,
};
use schemas_model::boot::{BootDevice, BootMode};
use schemas_model::health::Health;
use schemas_model::step::{Step, StepKind};
use schemas_model::{Fault, Object};
use serde_json::Value;

use crate::dialect::Dialect;
use crate::redfish_interface;

const CLOCK_ARGUMENTS: &[Argument] = &[
    Argument {
        name: "target_datetime",
        description: "The time to set, ISO 8601; the time of the conductor, UTC, if left out.",
        required: false,
    },
    Argument {
        name: "datetime_local_offset",
        description: "The offset of local time from UTC, for example +00:00.",
        required: false,
    },
];

const FIRMWARE_ARGUMENTS: &[Argument] = &[Argument {
    name: "firmware_images",
    description: "A list of firmware images to apply.",
    required: true,
}];

/// THE table of steps (Ironic 39.0.0, `hardware.json`; those of [`bmc_service`] are ours).
const STEPS: &[StepSpec] = &[
    StepSpec::clean("clear_secure_boot_keys", 0).resumable(),
    StepSpec::clean("reset_secure_boot_keys_to_default", 0).resumable(),
    StepSpec::clean("set_bmc_clock", 0)
        .resumable()
        .args(CLOCK_ARGUMENTS),
    StepSpec::clean("update_firmware", 0).args(FIRMWARE_ARGUMENTS),
    StepSpec::clean("reset_bmc", 0)
        .out_of_band()
        .args(bmc_service::RESET_ARGUMENTS),
    StepSpec::clean("set_bmc_ntp_servers", 0)
        .out_of_band()
        .resumable()
        .args(bmc_service::TIME_SERVER_ARGUMENTS),
    StepSpec::deploy("clear_secure_boot_keys", 0).resumable(),
    StepSpec::deploy("reset_secure_boot_keys_to_default", 0).resumable(),
    StepSpec::verify("verify_bmc_clock", 1).resumable(),
    StepSpec::service("reset_bmc", 0)
        .out_of_band()
        .args(bmc_service::RESET_ARGUMENTS),
    StepSpec::service("set_bmc_ntp_servers", 0)
        .out_of_band()
        .resumable()
        .args(bmc_service::TIME_SERVER_ARGUMENTS),
    StepSpec::service("update_firmware", 0).args(FIRMWARE_ARGUMENTS),
];

/// THE table of what has to be asked after (Ironic 39.0.0).
const POLLS: &[Poll] = &[
    Poll {
        name: "firmware files over Redfish",
        marker: update_firmware::UPDATES,
        of: PollOf::Waiting,
        interval: |config| config.redfish.firmware_update_status_interval,
    },
    Poll {
        name: "failed firmware files over Redfish",
        marker: update_firmware::UPDATES,
        of: PollOf::Failed,
        interval: |config| config.redfish.firmware_update_fail_interval,
    },
];

redfish_interface! {
    /// Boot devices and modes, secure boot, sensors, indicators, NMI, virtual media, the BMC's clock.
    RedfishManagement, Management, properties: Dialect::properties, steps: STEPS, polls: POLLS
}

impl RedfishManagement {
    async fn run(
        &self,
        task: &mut dyn Task,
        kind: StepKind,
        step: &Step,
    ) -> Result<Outcome, Fault> {
        match step.step.as_str() {
            "update_firmware" => {
                let bmc = self.connections.of(task)?;
                return update_firmware::run(task, &bmc, kind, step).await;
            }
            "clear_secure_boot_keys" => {
                secure_boot::reset_keys(&self.connections, task, ResetKeys::DeleteAll).await?
            }
            "reset_secure_boot_keys_to_default" => {
                secure_boot::reset_keys(&self.connections, task, ResetKeys::ToDefault).await?
            }
            "reset_bmc" => bmc_service::reset(&self.connections.of(task)?, step).await?,
            "set_bmc_ntp_servers" => {
                bmc_service::set_time_servers(&self.connections.of(task)?, step).await?;
            }
            "set_bmc_clock" => clock::set(&self.connections.of(task)?, step).await?,
            "verify_bmc_clock" if !task.config().redfish.enable_verify_bmc_clock => {}
            "verify_bmc_clock" => clock::verify(&self.connections.of(task)?).await?,
            other => return Err(unsupported(self, task, other)),
        }
        Ok(Outcome::Done)
    }

    async fn look(&self, task: &mut dyn Task, poll: &Poll) -> Result<Polled, Fault> {
        match poll.of {
            PollOf::Waiting => {
                let bmc = self.connections.of(task)?;
                update_firmware::look(task, &bmc).await
            }
            PollOf::Failed => update_firmware::clear(task).await.map(|()| Polled::Done),
        }
    }
}

/// The vendor of the service root, or the manufacturer of the system.
async fn vendor(bmc: &crate::connection::NodeBmc) -> Result<Option<String>, Fault> {
    if let Ok(root) = bmc.bmc.service_root().await
        && let Ok(Some(vendor)) = ServiceRoot::new(&root).vendor()
    {
        return Ok(Some(vendor.to_owned()));
    }
    let system = bmc.system().await?;
    let manufacturer = system
        .manufacturer()
        .map_err(bmc.failed("read the manufacturer"))?;
    Ok(manufacturer.map(str::to_owned))
}

#[async_trait]
impl Management for RedfishManagement {
    async fn supported_boot_devices(&self, task: &mut dyn Task) -> Result<Vec<BootDevice>, Fault> {
        let dialect = self.connections.dialect();
        if dialect.asks_boot_devices {
            return boot_device::supported(&self.connections.of(task)?).await;
        }
        let devices = dialect.boot_devices.iter();
        Ok(devices.map(|(device, _)| *device).collect())
    }

    async fn set_boot_device(
        &self,
        task: &mut dyn Task,
        device: BootDevice,
        persistent: bool,
    ) -> Result<(), Fault> {
        let bmc = self.connections.of(task)?;
        boot_device::set(task, &bmc, device, persistent).await
    }

    async fn boot_device(&self, task: &mut dyn Task) -> Result<CurrentBootDevice, Fault> {
        boot_device::current(&self.connections.of(task)?).await
    }

    async fn sensors_data(&self, task: &mut dyn Task) -> Result<Object, Fault> {
        sensors::collect(&self.connections.of(task)?).await
    }

    async fn supported_boot_modes(&self, _task: &mut dyn Task) -> Result<Vec<BootMode>, Fault> {
        Ok(boot_mode::MODES.iter().map(|(mode, _)| *mode).collect())
    }

    async fn boot_mode(&self, task: &mut dyn Task) -> Result<Option<BootMode>, Fault> {
        boot_mode::current(&self.connections.of(task)?).await
    }

    async fn set_boot_mode(&self, task: &mut dyn Task, mode: BootMode) -> Result<(), Fault> {
        let bmc = self.connections.of(task)?;
        let not_there = unsupported(self, task, "set_boot_mode");
        boot_mode::set(task, &bmc, mode, not_there).await
    }

    async fn secure_boot(&self, task: &mut dyn Task) -> Result<Option<bool>, Fault> {
        let bmc = self.connections.of(task)?;
        secure_boot::current(&bmc, unsupported(self, task, "get_secure_boot_state")).await
    }

    async fn set_secure_boot(&self, task: &mut dyn Task, on: bool) -> Result<(), Fault> {
        let bmc = self.connections.of(task)?;
        let not_there = unsupported(self, task, "set_secure_boot_state");
        secure_boot::set(task, &bmc, on, not_there).await
    }

    async fn health(&self, task: &mut dyn Task) -> Result<Option<Health>, Fault> {
        let bmc = self.connections.of(task)?;
        let system = bmc.system().await?;
        let status = system.status().map_err(bmc.failed("read the health"))?;
        Ok(status.health.map(|health| match health {
            status::Health::Ok => Health::Ok,
            status::Health::Warning => Health::Warning,
            status::Health::Critical => Health::Critical,
        }))
    }

    async fn inject_nmi(&self, task: &mut dyn Task) -> Result<(), Fault> {
        let bmc = self.connections.of(task)?;
        let system = bmc.system().await?;
        bmc.bmc
            .reset(&system, ResetType::Nmi)
            .await
            .map(drop)
            .map_err(bmc.failed("inject an NMI"))
    }

    async fn supported_indicators(
        &self,
        task: &mut dyn Task,
        component: Option<&str>,
    ) -> Result<Indicators, Fault> {
        let found = indicator::all(&self.connections.of(task)?, component).await?;
        let info = IndicatorInfo {
            readonly: false,
            states: indicator::STATES
                .iter()
                .map(|state| (*state).to_owned())
                .collect(),
        };
        let mut indicators = Indicators::new();
        for light in found {
            indicators
                .entry(light.component.to_owned())
                .or_default()
                .insert(light.id, info.clone());
        }
        Ok(indicators)
    }

    async fn indicator_state(
        &self,
        task: &mut dyn Task,
        component: &str,
        indicator: &str,
    ) -> Result<String, Fault> {
        indicator::state(&self.connections.of(task)?, component, indicator).await
    }

    async fn set_indicator_state(
        &self,
        task: &mut dyn Task,
        component: &str,
        indicator: &str,
        state: &str,
    ) -> Result<(), Fault> {
        indicator::set(&self.connections.of(task)?, component, indicator, state).await
    }

    async fn detect_vendor(&self, task: &mut dyn Task) -> Result<Option<String>, Fault> {
        vendor(&self.connections.of(task)?).await
    }

    async fn mac_addresses(&self, task: &mut dyn Task) -> Result<Vec<String>, Fault> {
        let bmc = self.connections.of(task)?;
        let system = bmc.system().await?;
        let interfaces = match bmc.bmc.ethernet_interfaces(&system).await {
            Ok(interfaces) => interfaces,
            // Some Cisco UCS blades don't list them; such machines can be used all the same.
            Err(error) if error.is_missing() => {
                tracing::warn!(node.uuid = %bmc.node, %error, "the BMC lists no network interfaces");
                return Ok(Vec::new());
            }
            Err(error) => return Err(bmc.failed("list the network interfaces")(error)),
        };
        let mut addresses = Vec::new();
        for interface in interfaces {
            let address = interface
                .mac_address()
                .map_err(bmc.failed("read a MAC address"))?;
            let enabled = interface
                .status()
                .map_err(bmc.failed("read the state of an interface"))?
                .is_enabled();
            addresses.extend(address.filter(|_| enabled));
        }
        Ok(addresses)
    }

    async fn virtual_media(&self, task: &mut dyn Task) -> Result<Value, Fault> {
        virtual_media::list(&self.connections.of(task)?).await
    }

    async fn attach_virtual_media(
        &self,
        task: &mut dyn Task,
        device: BootDevice,
        image_url: &str,
    ) -> Result<(), Fault> {
        let bmc = self.connections.of(task)?;
        virtual_media::attach(task, &bmc, device, image_url).await
    }

    async fn detach_virtual_media(
        &self,
        task: &mut dyn Task,
        devices: &[BootDevice],
    ) -> Result<(), Fault> {
        virtual_media::detach(&self.connections.of(task)?, devices).await
    }
}
