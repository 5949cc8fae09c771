//! Disk arrays.

use async_trait::async_trait;
use schemas_model::{Fault, Object};

use crate::{Interface, Task};

/// RAID configuration; creating and deleting arrays are steps.
#[async_trait]
pub trait Raid: Interface {
    /// Checks a target configuration beyond its JSON Schema.
    ///
    /// # Errors
    /// `InvalidParameterValue` with the reason.
    async fn validate_raid_config(&self, task: &dyn Task, config: &Object) -> Result<(), Fault> {
        let _ = (task, config);
        Ok(())
    }

    /// Whether `/v1/drivers/{driver}/raid/logical_disk_properties` shows the standard properties;
    /// `no-raid` has none.
    fn has_logical_disk_properties(&self) -> bool {
        true
    }
}
