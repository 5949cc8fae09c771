//! `direct`: the agent writes an image to disk; `custom-agent`: the agent's own steps do everything.

use drivers_interface::{
    Deploy, Heartbeat, Interface, Outcome, Property, StepSpec, Task, async_trait, unsupported,
};
use schemas_model::boot::{BootDevice, BootMode};
use schemas_model::interface::InterfaceKind;
use schemas_model::power::PowerState;
use schemas_model::provision::State;
use schemas_model::step::{Step, StepKind};
use schemas_model::{Class, Fault, Object};
use serde_json::{Value, json};

use super::tear_down;
use crate::client::Agent;
use crate::logs::{self, After};
use crate::{heartbeat, image, ramdisk, steps};

/// A deploy interface whose work is done by the agent.
#[derive(Debug)]
pub struct AgentDeploy {
    name: &'static str,
    steps: &'static [StepSpec],
    writes_image: bool,
}

const DEPLOY: StepSpec = StepSpec::deploy("deploy", 100);
const WRITE_IMAGE: StepSpec = StepSpec::deploy("write_image", 80);
const PREPARE_INSTANCE_BOOT: StepSpec = StepSpec::deploy("prepare_instance_boot", 60);
const EXECUTE_BOOTC_INSTALL: StepSpec = StepSpec::deploy("execute_bootc_install", 80);
const SET_BOOT_TO_DISK: StepSpec = StepSpec::deploy("set_boot_to_disk", 60);
const TEAR_DOWN_AGENT: StepSpec = StepSpec::deploy("tear_down_agent", 40);
const SWITCH_TO_TENANT_NETWORK: StepSpec = StepSpec::deploy("switch_to_tenant_network", 30);
const BOOT_INSTANCE: StepSpec = StepSpec::deploy("boot_instance", 20);

impl AgentDeploy {
    /// The `direct` deploy interface.
    pub const DIRECT: AgentDeploy = AgentDeploy {
        name: "direct",
        steps: &[
            DEPLOY,
            WRITE_IMAGE,
            PREPARE_INSTANCE_BOOT,
            TEAR_DOWN_AGENT,
            SWITCH_TO_TENANT_NETWORK,
            BOOT_INSTANCE,
        ],
        writes_image: true,
    };

    /// The `bootc` deploy interface: the agent installs a bootable container.
    pub const BOOTC: AgentDeploy = AgentDeploy {
        name: "bootc",
        steps: &[
            DEPLOY,
            EXECUTE_BOOTC_INSTALL,
            SET_BOOT_TO_DISK,
            TEAR_DOWN_AGENT,
            SWITCH_TO_TENANT_NETWORK,
            BOOT_INSTANCE,
        ],
        writes_image: false,
    };

    /// The `custom-agent` deploy interface.
    pub const CUSTOM: AgentDeploy = AgentDeploy {
        name: "custom-agent",
        steps: &[
            DEPLOY,
            TEAR_DOWN_AGENT,
            SWITCH_TO_TENANT_NETWORK,
            BOOT_INSTANCE,
        ],
        writes_image: false,
    };
}

const PROPERTIES: &[Property] = &[
    Property {
        name: "agent_verify_ca",
        description: "True, False or a path to the certificate authorities the agent is verified with. Optional.",
    },
    Property {
        name: "deploy_forces_oob_reboot",
        description: "Whether the machine is rebooted by its BMC after deployment. Optional.",
    },
    Property {
        name: "image_download_source",
        description: "Where the agent gets images from: http or local. Optional.",
    },
    Property {
        name: "image_http_proxy",
        description: "URL of a proxy for http image sources. Optional.",
    },
    Property {
        name: "image_https_proxy",
        description: "URL of a proxy for https image sources. Optional.",
    },
    Property {
        name: "image_no_proxy",
        description: "Hosts reached without a proxy, separated by commas. Optional.",
    },
];

#[async_trait]
impl Interface for AgentDeploy {
    fn name(&self) -> &'static str {
        self.name
    }

    fn kind(&self) -> InterfaceKind {
        InterfaceKind::Deploy
    }

    fn properties(&self) -> &'static [Property] {
        PROPERTIES
    }

    async fn validate(&self, task: &dyn Task) -> Result<(), Fault> {
        if task.config().agent.manage_agent_boot {
            let boot = task.interfaces().boot.clone();
            boot.validate(task).await?;
        }
        image::validate_hints(task.node())?;
        if self.writes_image && task.interfaces().storage.should_write_image(task) {
            image::validate(task)?;
        }
        if self.name == "bootc" {
            image::validate_container(task.node())?;
        }
        Ok(())
    }

    fn step_table(&self) -> &'static [StepSpec] {
        self.steps
    }

    async fn steps(&self, task: &mut dyn Task, kind: StepKind) -> Result<Vec<Step>, Fault> {
        Ok(steps::of_deploy(task, kind, self.steps))
    }

    async fn run_step(
        &self,
        task: &mut dyn Task,
        kind: StepKind,
        step: &Step,
    ) -> Result<Outcome, Fault> {
        let own = self
            .steps
            .iter()
            .any(|row| row.kind == kind && row.name == step.step);
        if !own {
            return steps::execute(task, kind, step).await;
        }
        match step.step.as_str() {
            "deploy" => boot_agent(task).await,
            "write_image" => write_image(task).await,
            "execute_bootc_install" => execute_bootc_install(task).await,
            "set_boot_to_disk" => set_boot_to_disk(task).await,
            "prepare_instance_boot" => {
                let prepared = prepare_instance_boot(task).await;
                if prepared.is_err() {
                    logs::collect(task, After::Failure(None)).await;
                }
                prepared
            }
            "tear_down_agent" => tear_down::tear_down_agent(task).await,
            "switch_to_tenant_network" => switch_to_tenant_network(task).await,
            "boot_instance" => boot_instance(task).await,
            other => Err(unsupported(self, task, other)),
        }
    }
}

async fn boot_agent(task: &mut dyn Task) -> Result<Outcome, Fault> {
    if task.interfaces().storage.should_write_image(task) {
        let rebooted = task
            .node_mut()
            .driver_internal_info
            .unset("deployment_reboot")
            .is_some();
        if !rebooted {
            task.power_action(PowerState::Reboot, None).await?;
        }
        return Ok(Outcome::wait(
            "the machine boots the agent's ramdisk for deployment",
        ));
    }
    Ok(Outcome::Done)
}

/// Hands the container over to the agent, with the pull secret the node has for it.
async fn execute_bootc_install(task: &mut dyn Task) -> Result<Outcome, Fault> {
    let info = &task.node().instance_info;
    let copy = |key: &str| info.member(key).cloned().unwrap_or(Value::Null);
    let args = Object::from_text(
        json!({
            "image_source": copy("image_source"),
            "configdrive": copy("configdrive"),
            "oci_pull_secret": copy("image_pull_secret"),
        })
        .to_string(),
    );
    let step = Step {
        interface: Some(InterfaceKind::Deploy),
        step: "execute_bootc_install".to_owned(),
        args: Some(args),
        priority: None,
        abortable: None,
        order: None,
        rest: serde_json::Map::new(),
    };
    steps::execute(task, StepKind::Deploy, &step).await
}

/// From now on from disk; Lenovo's UEFI firmware keeps its own order.
async fn set_boot_to_disk(task: &mut dyn Task) -> Result<Outcome, Fault> {
    let lenovo = task
        .node()
        .properties
        .text_member("vendor")
        .is_some_and(|vendor| vendor.eq_ignore_ascii_case("lenovo"));
    if !(lenovo && ramdisk::boot_mode(task) == BootMode::Uefi) {
        let persistent = task
            .node()
            .driver_info
            .text_member("force_persistent_boot_device")
            != Some("Never");
        let management = task.interfaces().management.clone();
        management
            .set_boot_device(task, BootDevice::Disk, persistent)
            .await
            .map_err(|fault| {
                Fault::new(
                    Class::InstanceDeployFailure,
                    format!(
                        "Failed to change the boot device to disk when deploying node {}: {fault}",
                        task.node().uuid
                    ),
                )
            })?;
    }
    Ok(Outcome::Done)
}

async fn write_image(task: &mut dyn Task) -> Result<Outcome, Fault> {
    if !task.interfaces().storage.should_write_image(task) {
        return Ok(Outcome::Done);
    }
    let step = Step {
        interface: Some(InterfaceKind::Deploy),
        step: "write_image".to_owned(),
        args: Some(Object::from_parsed(image::write_image_args(task))),
        priority: None,
        abortable: None,
        order: None,
        rest: serde_json::Map::new(),
    };
    steps::execute(task, StepKind::Deploy, &step).await
}

async fn prepare_instance_boot(task: &mut dyn Task) -> Result<Outcome, Fault> {
    if task.interfaces().storage.should_write_image(task) {
        let whole_disk = image::is_whole_disk(&task.node().instance_info);
        let agent = Agent::of(task)?;
        let uuids = agent
            .run("standby.get_partition_uuids", json!({}), true)
            .await?
            .command_result;
        let part = |key: &str| {
            uuids
                .get(key)
                .filter(|v| !v.is_null())
                .cloned()
                .unwrap_or(Value::Null)
        };
        let root = part("root uuid");
        if !root.is_null() {
            task.node_mut()
                .driver_internal_info
                .set("root_uuid_or_disk_id", root.clone());
            task.save().await?;
        }
        let mode = ramdisk::boot_mode(task);
        if mode == BootMode::Uefi || !whole_disk {
            install_bootloader(
                &agent,
                task,
                &root,
                &part("efi system partition uuid"),
                mode,
            )
            .await?;
        }
        if task.config().agent.manage_agent_boot {
            set_boot_to_disk(task).await?;
        }
    }
    if !task.config().agent.manage_agent_boot {
        let management = task.interfaces().management.clone();
        management
            .set_boot_device(task, BootDevice::Disk, true)
            .await?;
        return Ok(Outcome::Done);
    }
    let boot = task.interfaces().boot.clone();
    boot.clean_up_ramdisk(task).await?;
    boot.prepare_instance(task).await?;
    Ok(Outcome::Done)
}

/// Starts the boot loader installation and asks for its end, `[agent]command_wait_attempts` times.
async fn install_bootloader(
    agent: &Agent,
    task: &dyn Task,
    root: &Value,
    efi: &Value,
    mode: BootMode,
) -> Result<(), Fault> {
    let params = json!({
        "root_uuid": root,
        "efi_system_part_uuid": efi,
        "prep_boot_part_uuid": null,
        "target_boot_mode": mode,
    });
    let mut command = agent.run("image.install_bootloader", params, false).await?;
    let options = &task.config().agent;
    let attempts = u32::try_from(options.command_wait_attempts).unwrap_or(100);
    let pause =
        std::time::Duration::from_secs(u64::try_from(options.command_wait_interval).unwrap_or(6));
    for _ in 0..attempts {
        match command.command_status.as_str() {
            "SUCCEEDED" => return Ok(()),
            "RUNNING" => tokio::time::sleep(pause).await,
            _ => {
                return Err(Fault::new(
                    Class::InstanceDeployFailure,
                    format!(
                        "The agent of node {} could not install a boot loader: {}",
                        task.node().uuid,
                        command.error_text()
                    ),
                ));
            }
        }
        if let Some(now) = agent
            .commands()
            .await?
            .into_iter()
            .rev()
            .find(|known| known.command_name == "install_bootloader")
        {
            command = now;
        }
    }
    Err(Fault::new(
        Class::AgentCommandTimeout,
        format!(
            "The agent of node {} is still installing a boot loader after {attempts} looks.",
            task.node().uuid
        ),
    ))
}

async fn switch_to_tenant_network(task: &mut dyn Task) -> Result<Outcome, Fault> {
    let network = task.interfaces().network.clone();
    network.remove_provisioning_network(task).await?;
    network.configure_tenant_networks(task).await?;
    Ok(Outcome::Done)
}

async fn boot_instance(task: &mut dyn Task) -> Result<Outcome, Fault> {
    let to = if task.node().stays_powered() {
        PowerState::Reboot
    } else {
        PowerState::On
    };
    task.power_action(to, None).await?;
    Ok(Outcome::Done)
}

#[async_trait]
impl Deploy for AgentDeploy {
    async fn supports_deploy(&self, task: &dyn Task) -> bool {
        self.name != "bootc" || super::autodetect::wants_bootc(task.node())
    }

    async fn prepare(&self, task: &mut dyn Task) -> Result<(), Fault> {
        let interfaces = task.interfaces().clone();
        let state = task.node().provision_state;
        if state == State::Deploying {
            interfaces.network.validate(task).await?;
            ramdisk::power_off(task).await?;
            let writes = interfaces.storage.should_write_image(task);
            if writes {
                interfaces.network.unconfigure_tenant_networks(task).await?;
                interfaces.network.add_provisioning_network(task).await?;
            }
            interfaces.storage.attach_volumes(task).await?;
            if !writes {
                return Ok(());
            }
        }
        if matches!(state, State::Active | State::Unrescuing | State::Adopting) {
            return interfaces.boot.prepare_instance(task).await;
        }
        let rescuing = matches!(
            state,
            State::Rescuing | State::RescueWait | State::Rescue | State::RescueFailed
        );
        if self.writes_image && !rescuing {
            image::complete(task.node_mut())?;
            task.save().await?;
        }
        ramdisk::prepare_boot(task).await
    }

    async fn clean_up(&self, task: &mut dyn Task) -> Result<(), Fault> {
        if task.config().agent.manage_agent_boot {
            let boot = task.interfaces().boot.clone();
            boot.clean_up_ramdisk(task).await?;
            boot.clean_up_instance(task).await?;
        }
        Ok(())
    }

    async fn tear_down(&self, task: &mut dyn Task) -> Result<Outcome, Fault> {
        ramdisk::power_off(task).await?;
        let interfaces = task.interfaces().clone();
        interfaces.storage.detach_volumes(task).await?;
        interfaces.network.unconfigure_tenant_networks(task).await?;
        interfaces.network.remove_provisioning_network(task).await?;
        Ok(Outcome::Done)
    }

    async fn take_over(&self, _task: &mut dyn Task) -> Result<(), Fault> {
        Ok(())
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

    async fn heartbeat(&self, task: &mut dyn Task, heartbeat: &Heartbeat) -> Result<(), Fault> {
        heartbeat::note(task, heartbeat);
        Ok(())
    }

    async fn refresh_steps(&self, task: &mut dyn Task, kind: StepKind) -> Result<(), Fault> {
        steps::refresh(task, kind).await
    }

    async fn poll_step(&self, task: &mut dyn Task) -> Result<Outcome, Fault> {
        steps::poll(task).await
    }
}
