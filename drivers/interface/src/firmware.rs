//! Firmware components.

use async_trait::async_trait;
use schemas_model::Fault;

use crate::{Interface, Task, unsupported};

/// Firmware components; updating them is a step.
#[async_trait]
pub trait Firmware: Interface {
    /// Reads component versions and stores them with the node.
    ///
    /// # Errors
    /// Unsupported by default; callers treat that as "nothing to cache".
    async fn cache_firmware_components(&self, task: &mut dyn Task) -> Result<(), Fault> {
        Err(unsupported(self, task, "cache_firmware_components"))
    }
}
