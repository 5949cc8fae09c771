//! The `intel-ipmitool` management interface: `ipmitool` and Intel Speed Select profiles.

use drivers_interface::{
    Argument, CurrentBootDevice, Indicators, Interface, Management, Outcome, Property, StepSpec,
    Task, async_trait, unsupported,
};
use schemas_model::boot::BootDevice;
use schemas_model::interface::InterfaceKind;
use schemas_model::step::{Step, StepKind};
use schemas_model::{Class, Fault, Object};
use serde_json::Value;

use crate::bmcs::Bmcs;
use crate::management::IpmitoolManagement;
use crate::{number, vendor};

const CONFIGURE: &str = "configure_intel_speedselect";
/// Codes of the performance profiles.
const PROFILES: [&str; 3] = ["0x00", "0x01", "0x02"];
/// Sockets that the command can address.
const SOCKETS_MAX: u64 = 16;

const STEPS: &[StepSpec] = &[StepSpec::deploy(CONFIGURE, 200).args(&[
    Argument {
        name: "intel_speedselect_config",
        description: "Hexadecimal code of Intel SST-PP configuration provided. Input value should \
                      be string. Accepted values are 0x00, 0x01, 0x02.",
        required: true,
    },
    Argument {
        name: "socket_count",
        description: "Number of sockets. Input value should be a positive integer.",
        required: false,
    },
])];

/// Management of Intel machines over IPMI.
#[derive(Debug, Clone)]
pub struct IntelIpmitoolManagement {
    ipmitool: IpmitoolManagement,
}

impl IntelIpmitoolManagement {
    /// Management of the machines behind `bmcs`.
    pub fn new(bmcs: Bmcs) -> Self {
        IntelIpmitoolManagement {
            ipmitool: IpmitoolManagement::new(bmcs),
        }
    }

    async fn configure(&self, task: &dyn Task, arguments: &Object) -> Result<(), Fault> {
        let (profile, sockets) = checked(task, arguments)?;
        for socket in 0..sockets {
            let bytes = format!("0x2c 0x41 0x04 0x00 {socket:#04x} {profile}");
            vendor::send(&self.ipmitool.bmcs, task, &bytes)
                .await
                .map_err(|fault| {
                    Fault::new(
                        Class::IPMIFailure,
                        format!(
                            "Failed to set Intel SST-PP configuration level {profile} on socket \
                             number {socket} of node {}: {fault}",
                            task.node().uuid
                        ),
                    )
                })?;
        }
        Ok(())
    }
}

fn checked<'a>(task: &dyn Task, arguments: &'a Object) -> Result<(&'a str, u64), Fault> {
    let node = &task.node().uuid;
    let profile = arguments
        .text_member("intel_speedselect_config")
        .filter(|profile| PROFILES.contains(profile));
    let Some(profile) = profile else {
        let given = arguments
            .member("intel_speedselect_config")
            .map(number::show)
            .unwrap_or_default();
        return Err(Fault::invalid_parameter(format!(
            "Invalid Intel SST-PP configuration value '{given}' specified for node {node}. Valid \
             values are {}.",
            PROFILES.join(", ")
        )));
    };
    let one = Value::from(1);
    let count = arguments.member("socket_count").unwrap_or(&one);
    match number::parse(count) {
        Some(sockets @ 1..=SOCKETS_MAX) => Ok((profile, sockets)),
        _ => Err(Fault::invalid_parameter(format!(
            "Invalid number of socket {} value specified for node {node}. Expected a positive \
             integer, at most {SOCKETS_MAX}.",
            number::show(count)
        ))),
    }
}

#[async_trait]
impl Interface for IntelIpmitoolManagement {
    fn name(&self) -> &'static str {
        "intel-ipmitool"
    }

    fn kind(&self) -> InterfaceKind {
        InterfaceKind::Management
    }

    fn properties(&self) -> &'static [Property] {
        self.ipmitool.properties()
    }

    async fn validate(&self, task: &dyn Task) -> Result<(), Fault> {
        self.ipmitool.validate(task).await
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
        if step.step != CONFIGURE {
            return Err(unsupported(self, task, &step.step));
        }
        let arguments = step.args.clone().unwrap_or_default();
        self.configure(task, &arguments).await?;
        Ok(Outcome::Done)
    }
}

#[async_trait]
impl Management for IntelIpmitoolManagement {
    async fn supported_boot_devices(&self, task: &mut dyn Task) -> Result<Vec<BootDevice>, Fault> {
        self.ipmitool.supported_boot_devices(task).await
    }

    async fn set_boot_device(
        &self,
        task: &mut dyn Task,
        device: BootDevice,
        persistent: bool,
    ) -> Result<(), Fault> {
        self.ipmitool
            .set_boot_device(task, device, persistent)
            .await
    }

    async fn boot_device(&self, task: &mut dyn Task) -> Result<CurrentBootDevice, Fault> {
        self.ipmitool.boot_device(task).await
    }

    async fn sensors_data(&self, task: &mut dyn Task) -> Result<Object, Fault> {
        self.ipmitool.sensors_data(task).await
    }

    async fn inject_nmi(&self, task: &mut dyn Task) -> Result<(), Fault> {
        self.ipmitool.inject_nmi(task).await
    }

    async fn supported_indicators(
        &self,
        task: &mut dyn Task,
        component: Option<&str>,
    ) -> Result<Indicators, Fault> {
        self.ipmitool.supported_indicators(task, component).await
    }

    async fn indicator_state(
        &self,
        task: &mut dyn Task,
        component: &str,
        indicator: &str,
    ) -> Result<String, Fault> {
        self.ipmitool
            .indicator_state(task, component, indicator)
            .await
    }

    async fn set_indicator_state(
        &self,
        task: &mut dyn Task,
        component: &str,
        indicator: &str,
        state: &str,
    ) -> Result<(), Fault> {
        self.ipmitool
            .set_indicator_state(task, component, indicator, state)
            .await
    }

    async fn detect_vendor(&self, task: &mut dyn Task) -> Result<Option<String>, Fault> {
        self.ipmitool.detect_vendor(task).await
    }
}
