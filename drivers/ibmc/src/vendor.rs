//! The vendor methods: the order in which the machine tries to boot, and its RAID controllers.

use std::sync::Arc;

use drivers_interface::{
    HttpMethod, Interface, Property, Scope, Task, Vendor, VendorMethod, async_trait, unsupported,
};
use drivers_redfish::{Connections, NodeBmc};
use drivers_redfish_client::Error;
use schemas_model::interface::InterfaceKind;
use schemas_model::{Fault, Object};
use serde_json::{Value, json};

use crate::driver_info::access;
use crate::oem;
use crate::raid::controller;

const fn method(name: &'static str, description: &'static str) -> VendorMethod {
    VendorMethod {
        name,
        description,
        scope: Scope::Node,
        http_methods: &[HttpMethod::Get],
        r#async: false,
        attach: false,
        require_exclusive_lock: true,
    }
}

/// THE table of methods (Ironic 25.0.0).
const METHODS: &[VendorMethod] = &[
    method(
        "boot_up_seq",
        "Returns an object with the node's boot up sequence, in ascending order.",
    ),
    method(
        "get_raid_controller_list",
        "Returns a list of summaries of the node's RAID controllers, with their disks and volumes.",
    ),
];

/// Names in the BIOS of V5 servers and what the method calls them.
const BOOT_TYPES: &[(&str, &str)] = &[
    ("HardDiskDrive", "Hdd"),
    ("DVDROMDrive", "Cd"),
    ("PXE", "Pxe"),
];

/// Boot sequence and controllers.
#[derive(Debug)]
pub struct IbmcVendor {
    connections: Arc<Connections>,
}

impl IbmcVendor {
    /// The interface on a pool of sessions.
    pub fn new(connections: &Arc<Connections>) -> Self {
        IbmcVendor {
            connections: Arc::clone(connections),
        }
    }
}

#[async_trait]
impl Interface for IbmcVendor {
    fn name(&self) -> &'static str {
        self.connections.dialect().name
    }

    fn kind(&self) -> InterfaceKind {
        InterfaceKind::Vendor
    }

    fn properties(&self) -> &'static [Property] {
        self.connections.dialect().properties
    }

    async fn validate(&self, task: &dyn Task) -> Result<(), Fault> {
        access(task.node(), task.config()).map(drop)
    }
}

#[async_trait]
impl Vendor for IbmcVendor {
    fn methods(&self) -> &'static [VendorMethod] {
        METHODS
    }

    async fn call(
        &self,
        task: &mut dyn Task,
        method: &str,
        _: HttpMethod,
        _: &Object,
    ) -> Result<Value, Fault> {
        let bmc = self.connections.of(task)?;
        match method {
            "boot_up_seq" => boot_up_sequence(&bmc)
                .await
                .map_err(bmc.failed("read the boot up sequence")),
            "get_raid_controller_list" => controller::summaries(&bmc)
                .await
                .map_err(bmc.failed("list the RAID controllers")),
            other => Err(unsupported(self, task, other)),
        }
    }
}

/// V5 servers have it among the BIOS settings, V3 servers at the system.
async fn boot_up_sequence(bmc: &NodeBmc) -> Result<Value, Error> {
    let system = bmc.read_system().await?;
    if system.link("Bios")?.is_none() {
        let sequence = oem::of(system.document()).field("BootupSequence");
        return Ok(json!({"boot_up_sequence": sequence.value()}));
    }
    let attributes = bmc.bmc.bios(&system).await?.attributes()?;
    let mut order: Vec<(&String, &Value)> = attributes
        .iter()
        .filter(|(name, _)| name.starts_with("BootTypeOrder"))
        .collect();
    order.sort_by_key(|(name, _)| *name);
    let called = |value: &Value| {
        let known = BOOT_TYPES.iter().find(|(bios, _)| value == bios);
        known.map_or_else(|| value.clone(), |(_, name)| json!(name))
    };
    let sequence: Vec<Value> = order.into_iter().map(|(_, value)| called(value)).collect();
    Ok(json!({ "boot_up_sequence": sequence }))
}
