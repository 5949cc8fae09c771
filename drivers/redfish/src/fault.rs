//! From what the client says to what an operator reads.

use drivers_redfish_client::Error;
use schemas_model::{Class, Fault, Uuid};

/// The fault of a failed operation: `RedfishConnectionError` if the BMC could not be talked to,
/// else `RedfishError`. `what` completes "failed to ...".
pub(crate) fn redfish_fault(node: &Uuid, what: &str, error: &Error) -> Fault {
    let class = if error.is_connection() {
        Class::RedfishConnectionError
    } else {
        Class::RedfishError
    };
    Fault::new(class, format!("Node {node}: failed to {what}. {error}"))
}
