//! The `ipmitool` vendor interface: raw commands and resets of the BMC.

use drivers_interface::{
    Argument, HttpMethod, Interface, Outcome, Property, Scope, StepSpec, Task, Vendor,
    VendorMethod, async_trait, unsupported,
};
use drivers_ipmi_client::procedure::ResetKind;
use schemas_model::interface::InterfaceKind;
use schemas_model::step::{Step, StepKind};
use schemas_model::{Fault, Object};
use serde_json::Value;

use crate::bmcs::Bmcs;
use crate::{number, properties, raw_bytes};

const SEND_RAW: &str = "send_raw";
const BMC_RESET: &str = "bmc_reset";

const fn method(name: &'static str, description: &'static str) -> VendorMethod {
    VendorMethod {
        name,
        description,
        scope: Scope::Node,
        http_methods: &[HttpMethod::Post],
        r#async: true,
        attach: false,
        require_exclusive_lock: true,
    }
}

const METHODS: &[VendorMethod] = &[
    method(
        SEND_RAW,
        "Send raw bytes to the BMC. Required argument: 'raw_bytes' - a string of raw bytes \
         (e.g. '0x00 0x01').",
    ),
    method(
        BMC_RESET,
        "Reset the BMC. Required argument: 'warm' (Boolean) - for warm (True) or cold (False) \
         reset.",
    ),
];

const RAW_BYTES: &[Argument] = &[Argument {
    name: "raw_bytes",
    description: "A string of raw bytes to convey the request to transmit to the remote BMC.",
    required: true,
}];

const STEPS: &[StepSpec] = &[
    StepSpec::clean(SEND_RAW, 0).args(RAW_BYTES).out_of_band(),
    StepSpec::deploy(SEND_RAW, 0).args(RAW_BYTES),
    StepSpec::service(SEND_RAW, 0).args(RAW_BYTES),
];

/// Vendor methods over IPMI.
#[derive(Debug, Clone)]
pub struct IpmitoolVendor {
    bmcs: Bmcs,
}

impl IpmitoolVendor {
    /// Vendor methods of the machines behind `bmcs`.
    pub fn new(bmcs: Bmcs) -> Self {
        IpmitoolVendor { bmcs }
    }

    async fn send_raw(&self, task: &dyn Task, arguments: &Object) -> Result<(), Fault> {
        let bytes = raw_bytes_of(task, arguments)?;
        send(&self.bmcs, task, &bytes).await.map(drop)
    }

    async fn bmc_reset(&self, task: &dyn Task, arguments: &Object) -> Result<(), Fault> {
        let warm = arguments.member("warm").is_none_or(number::is_true);
        let (kind, what) = if warm {
            (ResetKind::Warm, "bmc reset warm")
        } else {
            (ResetKind::Cold, "bmc reset cold")
        };
        self.bmcs
            .run(task, what, move |bmc| Box::pin(bmc.reset_bmc(kind)))
            .await
    }
}

/// Sends raw bytes to the node's BMC and returns what it answered.
///
/// # Errors
/// `InvalidParameterValue` for what are no bytes, `IPMIFailure` for the BMC's refusal.
pub(crate) async fn send(bmcs: &Bmcs, task: &dyn Task, bytes: &str) -> Result<Vec<u8>, Fault> {
    let request = raw_bytes::parse(bytes).map_err(|why| {
        Fault::invalid_parameter(format!(
            "The raw bytes '{bytes}' cannot be sent to the BMC of node {}: {why}.",
            task.node().uuid
        ))
    })?;
    bmcs.run(task, &format!("raw {bytes}"), |bmc| {
        let request = request.clone();
        Box::pin(async move { bmc.raw(&request).await })
    })
    .await
}

fn raw_bytes_of(task: &dyn Task, arguments: &Object) -> Result<String, Fault> {
    match arguments.member("raw_bytes") {
        Some(Value::String(bytes)) if !bytes.is_empty() => Ok(bytes.clone()),
        None | Some(Value::Null | Value::String(_)) => Err(Fault::missing_parameter(format!(
            "Parameter raw_bytes (string of bytes) was not specified for node {}.",
            task.node().uuid
        ))),
        Some(_) => Err(Fault::invalid_parameter(format!(
            "Parameter raw_bytes for node {} must be a string, for example '0x00 0x01'.",
            task.node().uuid
        ))),
    }
}

#[async_trait]
impl Interface for IpmitoolVendor {
    fn name(&self) -> &'static str {
        "ipmitool"
    }

    fn kind(&self) -> InterfaceKind {
        InterfaceKind::Vendor
    }

    fn properties(&self) -> &'static [Property] {
        properties::PROPERTIES
    }

    async fn validate(&self, task: &dyn Task) -> Result<(), Fault> {
        Bmcs::validate(task).map(drop)
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
        if step.step != SEND_RAW {
            return Err(unsupported(self, task, &step.step));
        }
        let arguments = step.args.clone().unwrap_or_default();
        self.send_raw(task, &arguments).await?;
        Ok(Outcome::Done)
    }
}

#[async_trait]
impl Vendor for IpmitoolVendor {
    fn methods(&self) -> &'static [VendorMethod] {
        METHODS
    }

    async fn validate_method(
        &self,
        task: &dyn Task,
        method: &str,
        info: &Object,
    ) -> Result<(), Fault> {
        if method == SEND_RAW {
            raw_bytes_of(task, info)?;
        }
        self.validate(task).await
    }

    async fn call(
        &self,
        task: &mut dyn Task,
        method: &str,
        _http_method: HttpMethod,
        info: &Object,
    ) -> Result<Value, Fault> {
        match method {
            SEND_RAW => self.send_raw(task, info).await?,
            BMC_RESET => self.bmc_reset(task, info).await?,
            other => return Err(unsupported(self, task, other)),
        }
        Ok(Value::Null)
    }
}
