//! Finding out what is inside a machine.

use async_trait::async_trait;
use schemas_model::{Fault, Object};

use crate::{Interface, Outcome, Task, unsupported};

/// What a ramdisk posts to `/v1/continue_inspection`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inspection {
    /// The agent's inventory.
    pub inventory: Object,
    /// Everything else it sent.
    pub plugin_data: Object,
}

/// Inspection.
#[async_trait]
pub trait Inspect: Interface {
    /// Starts an inspection; waits when a ramdisk has to report.
    ///
    /// # Errors
    /// `HardwareInspectionFailure` or the BMC's refusal.
    async fn inspect_hardware(&self, task: &mut dyn Task) -> Result<Outcome, Fault>;

    /// Stops a waiting inspection.
    ///
    /// # Errors
    /// Unsupported by default.
    async fn abort(&self, task: &mut dyn Task) -> Result<(), Fault> {
        Err(unsupported(self, task, "abort"))
    }

    /// Takes what the ramdisk found.
    ///
    /// # Errors
    /// Unsupported by default.
    async fn continue_inspection(
        &self,
        task: &mut dyn Task,
        inspection: Inspection,
    ) -> Result<Outcome, Fault> {
        let _ = inspection;
        Err(unsupported(self, task, "continue_inspection"))
    }
}
