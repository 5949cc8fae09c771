//! Remote volumes.

use async_trait::async_trait;
use schemas_model::Fault;

use crate::{Interface, Task};

/// Remote volumes of a node.
#[async_trait]
pub trait Storage: Interface {
    /// Attaches all volumes.
    ///
    /// # Errors
    /// When the storage service refuses.
    async fn attach_volumes(&self, task: &mut dyn Task) -> Result<(), Fault> {
        let _ = task;
        Ok(())
    }

    /// Detaches all volumes.
    ///
    /// # Errors
    /// When the storage service refuses.
    async fn detach_volumes(&self, task: &mut dyn Task) -> Result<(), Fault> {
        let _ = task;
        Ok(())
    }

    /// Whether the deployment has to write an image.
    fn should_write_image(&self, task: &dyn Task) -> bool {
        let _ = task;
        true
    }
}
