//! The `redfish` vendor interface: event subscriptions and ejection of media.

mod subscription;

use drivers_interface::{
    HttpMethod, Outcome, Scope, Task, Vendor, VendorMethod, async_trait, unsupported,
};
use drivers_redfish_client::schema::virtual_media::MediaType;
use schemas_model::step::{Step, StepKind};
use schemas_model::{Fault, Object};
use serde_json::Value;

use crate::dialect::Dialect;
use crate::redfish_interface;

const fn method(
    name: &'static str,
    http_methods: &'static [HttpMethod],
    r#async: bool,
    description: &'static str,
) -> VendorMethod {
    VendorMethod {
        name,
        description,
        scope: Scope::Node,
        http_methods,
        r#async,
        attach: false,
        require_exclusive_lock: true,
    }
}

/// THE table of methods (Ironic 39.0.0, `hardware.json`).
const METHODS: &[VendorMethod] = &[
    method(
        "create_subscription",
        &[HttpMethod::Post],
        false,
        "Creates a subscription to events of the BMC. Required argument: 'Destination', a URL.",
    ),
    method(
        "delete_subscription",
        &[HttpMethod::Delete],
        false,
        "Deletes a subscription. Required argument: 'id', the BMC's id of it.",
    ),
    method(
        "eject_vmedia",
        &[HttpMethod::Post],
        true,
        "Ejects a virtual medium, or all. Optional argument: 'boot_device', one of cd, dvd, usb, floppy.",
    ),
    method(
        "get_all_subscriptions",
        &[HttpMethod::Get],
        false,
        "Returns all subscriptions.",
    ),
    method(
        "get_subscription",
        &[HttpMethod::Get],
        false,
        "Returns a subscription. Required argument: 'id', the BMC's id of it.",
    ),
];

/// What callers may name as `boot_device` of `eject_vmedia`.
const MEDIA: &[(&str, MediaType)] = &[
    ("cd", MediaType::Cd),
    ("dvd", MediaType::Dvd),
    ("usb", MediaType::UsbStick),
    ("floppy", MediaType::Floppy),
];

redfish_interface! {
    /// Event subscriptions and ejection of media.
    RedfishVendor, Vendor, properties: Dialect::no_properties, steps: &[]
}

impl RedfishVendor {
    async fn run(&self, task: &mut dyn Task, _: StepKind, step: &Step) -> Result<Outcome, Fault> {
        Err(unsupported(self, task, &step.step))
    }

    async fn eject_vmedia(&self, task: &dyn Task, info: &Object) -> Result<Value, Fault> {
        let media = wanted_media(task, info)?;
        let bmc = self.connections.of(task)?;
        let system = bmc.system().await?;
        bmc.bmc
            .eject_all_media(&system, media)
            .await
            .map_err(bmc.failed("eject virtual media"))?;
        Ok(Value::Null)
    }
}

/// The medium to eject; `None` for all.
fn wanted_media(task: &dyn Task, info: &Object) -> Result<Option<MediaType>, Fault> {
    let device = match info.member("boot_device") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(device)) if device.is_empty() => return Ok(None),
        Some(device) => device,
    };
    let media = device.as_str().and_then(|device| {
        MEDIA
            .iter()
            .find(|(known, _)| device.eq_ignore_ascii_case(known))
    });
    media.map(|(_, media)| Some(*media)).ok_or_else(|| {
        Fault::invalid_parameter(format!(
            "Boot device {device} is not a valid value for node {}; use cd, dvd, usb or floppy.",
            task.node().uuid
        ))
    })
}

#[async_trait]
impl Vendor for RedfishVendor {
    fn methods(&self) -> &'static [VendorMethod] {
        METHODS
    }

    async fn validate_method(
        &self,
        task: &dyn Task,
        method: &str,
        info: &Object,
    ) -> Result<(), Fault> {
        match method {
            "eject_vmedia" => wanted_media(task, info).map(drop),
            "create_subscription" => {
                subscription::validate(&self.connections.of(task)?, info).await
            }
            "delete_subscription" => subscription::id(info).map(drop),
            _ => Ok(()),
        }
    }

    async fn call(
        &self,
        task: &mut dyn Task,
        method: &str,
        _: HttpMethod,
        info: &Object,
    ) -> Result<Value, Fault> {
        if method == "eject_vmedia" {
            return self.eject_vmedia(task, info).await;
        }
        let bmc = self.connections.of(task)?;
        match method {
            "create_subscription" => subscription::create(&bmc, info).await,
            "delete_subscription" => subscription::delete(&bmc, subscription::id(info)?).await,
            "get_all_subscriptions" => subscription::all(&bmc).await,
            "get_subscription" => subscription::one(&bmc, subscription::id(info)?).await,
            other => Err(unsupported(self, task, other)),
        }
    }
}
