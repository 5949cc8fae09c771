//! PCI devices, named as the agent names them. Bus and NUMA node are not known to a BMC.

use drivers_redfish_client::{
    Error,
    schema::{pcie::PcieFunction, system::ComputerSystem},
};
use serde_json::{Map, Value};

use crate::connection::NodeBmc;

/// The functions of all devices. A device that can't be read does not hide the others.
pub(super) async fn devices(bmc: &NodeBmc, system: &ComputerSystem) -> Result<Vec<Value>, Error> {
    let mut found = Vec::new();
    for device in bmc.bmc.pcie_devices(system).await? {
        match bmc.bmc.pcie_functions(&device).await {
            Ok(functions) => found.extend(functions.iter().filter_map(function)),
            Err(error) if error.is_connection() || error.is_access() => return Err(error),
            Err(error) => {
                tracing::debug!(node.uuid = %bmc.node, %error, "a PCI device is left out");
            }
        }
    }
    Ok(found)
}

/// What is known of a function; `None` if that is nothing.
fn function(function: &PcieFunction) -> Option<Value> {
    let known = [
        ("class", function.device_class()),
        ("product_id", function.device_id()),
        ("vendor_id", function.vendor_id()),
        ("subsystem_id", function.subsystem_id()),
        ("subsystem_vendor_id", function.subsystem_vendor_id()),
        ("revision", function.revision_id()),
    ];
    let told: Map<String, Value> = known
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), Value::from(value.ok()??))))
        .collect();
    (!told.is_empty()).then_some(Value::Object(told))
}
