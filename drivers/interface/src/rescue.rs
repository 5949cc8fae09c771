//! Rescue of a machine whose instance does not come up.

use async_trait::async_trait;
use schemas_model::Fault;

use crate::{Interface, Outcome, Task, unsupported};

/// Rescue.
#[async_trait]
pub trait Rescue: Interface {
    /// Boots the rescue ramdisk.
    ///
    /// # Errors
    /// Unsupported by default.
    async fn rescue(&self, task: &mut dyn Task) -> Result<Outcome, Fault> {
        Err(unsupported(self, task, "rescue"))
    }

    /// Boots the instance again.
    ///
    /// # Errors
    /// Unsupported by default.
    async fn unrescue(&self, task: &mut dyn Task) -> Result<Outcome, Fault> {
        Err(unsupported(self, task, "unrescue"))
    }

    /// Completes a rescue once the agent has come up; `Done` when the machine is in rescue.
    ///
    /// # Errors
    /// The agent's refusal.
    async fn finalize(&self, task: &mut dyn Task) -> Result<Outcome, Fault> {
        let _ = task;
        Ok(Outcome::Done)
    }

    /// Removes what a rescue left.
    ///
    /// # Errors
    /// When it can't be removed.
    async fn clean_up(&self, task: &mut dyn Task) -> Result<(), Fault> {
        let _ = task;
        Ok(())
    }
}
