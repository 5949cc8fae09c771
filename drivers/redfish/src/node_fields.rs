//! What these interfaces keep in a node's `driver_internal_info` (Ironic 39.0.0's keys), and what
//! they read from its `properties`.

use drivers_interface::Task;
use schemas_model::Node;

/// A boot device that the BMC takes for one boot only, to be set again before each.
pub(crate) const BOOT_DEVICE: &str = "redfish_boot_device";
/// The URL for UEFI HTTP boot, left by the boot interface.
pub(crate) const HTTP_BOOT_URL: &str = "redfish_uefi_http_url";

/// `properties/vendor`.
pub(crate) fn vendor(node: &Node) -> Option<&str> {
    node.properties.text_member("vendor")
}

/// Takes a text out of `driver_internal_info`.
pub(crate) fn take_text(task: &mut dyn Task, key: &str) -> Option<String> {
    let value = task.node_mut().driver_internal_info.unset(key)?;
    value.as_str().map(str::to_owned)
}
