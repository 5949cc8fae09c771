//! What the agent's ramdisk and other services call, without being a person.

pub mod continue_inspection;
pub mod event;
pub mod heartbeat;
pub mod lookup;

use schemas_model::{Class, Fault};

use crate::request::Call;

/// Refuses ramdisks where `[api]enable_ramdisk_endpoints` keeps them out.
///
/// # Errors
/// 403.
pub fn check_enabled(call: &Call) -> Result<(), Fault> {
    if call.config().api.enable_ramdisk_endpoints {
        Ok(())
    } else {
        Err(Fault::new(
            Class::HTTPForbidden,
            "Access was denied to the following resource: the endpoints for ramdisks",
        ))
    }
}
