//! How a machine is made to boot a ramdisk or its instance.

use async_trait::async_trait;
use schemas_model::{Fault, Object};

use crate::{Interface, Task, unsupported};

/// Boot preparation.
#[async_trait]
pub trait Boot: Interface {
    /// Prepares booting the agent's ramdisk with kernel parameters.
    ///
    /// # Errors
    /// When files can't be made or the BMC refuses the boot device.
    async fn prepare_ramdisk(&self, task: &mut dyn Task, parameters: &Object) -> Result<(), Fault>;

    /// Removes what [`Boot::prepare_ramdisk`] made.
    ///
    /// # Errors
    /// When files can't be removed.
    async fn clean_up_ramdisk(&self, task: &mut dyn Task) -> Result<(), Fault>;

    /// Prepares booting the instance.
    ///
    /// # Errors
    /// As [`Boot::prepare_ramdisk`].
    async fn prepare_instance(&self, task: &mut dyn Task) -> Result<(), Fault>;

    /// Removes what [`Boot::prepare_instance`] made.
    ///
    /// # Errors
    /// When files can't be removed.
    async fn clean_up_instance(&self, task: &mut dyn Task) -> Result<(), Fault>;

    /// Checks what a rescue needs.
    ///
    /// # Errors
    /// Unsupported by default.
    async fn validate_rescue(&self, task: &dyn Task) -> Result<(), Fault> {
        Err(unsupported(self, task, "validate_rescue"))
    }

    /// Checks what an inspection through the ramdisk needs.
    ///
    /// # Errors
    /// Unsupported by default.
    async fn validate_inspection(&self, task: &dyn Task) -> Result<(), Fault> {
        Err(unsupported(self, task, "validate_inspection"))
    }
}
