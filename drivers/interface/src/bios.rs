//! Firmware settings.

use async_trait::async_trait;
use schemas_model::Fault;

use crate::{Interface, Task, unsupported};

/// Firmware settings; applying and resetting them are steps.
#[async_trait]
pub trait Bios: Interface {
    /// Reads the settings and stores them with the node.
    ///
    /// # Errors
    /// Unsupported by default; callers treat that as "nothing to cache".
    async fn cache_bios_settings(&self, task: &mut dyn Task) -> Result<(), Fault> {
        Err(unsupported(self, task, "cache_bios_settings"))
    }
}
