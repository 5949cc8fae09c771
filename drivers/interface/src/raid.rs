//! Disk arrays.

use async_trait::async_trait;
use schemas_model::{Fault, Object};
use serde::Deserialize;
use serde_json::Value;

use crate::{Argument, Interface, Task};

/// Step argument: with or without the root volume.
pub const CREATE_ROOT_VOLUME: Argument = Argument::new(
    "create_root_volume",
    "Whether to create the root volume. Default true.",
    false,
);
/// Step argument: with or without the other volumes.
pub const CREATE_NONROOT_VOLUMES: Argument = Argument::new(
    "create_nonroot_volumes",
    "Whether to create the other volumes. Default true when creating, false when applying.",
    false,
);
/// Step argument of `apply_configuration`: what to create, in place of the node's target.
pub const RAID_CONFIG: Argument =
    Argument::new("raid_config", "The RAID configuration to apply.", true);

/// What the steps `create_configuration` and `apply_configuration` are given.
#[derive(Debug, Deserialize)]
pub struct RaidArguments {
    /// What to create; with it, the step applies.
    pub raid_config: Option<Value>,
    create_root_volume: Option<bool>,
    create_nonroot_volumes: Option<bool>,
    /// Whether existing volumes are deleted first; what none means differs by interface.
    pub delete_existing: Option<bool>,
}

impl RaidArguments {
    /// Whether a configuration is applied, not the node's target created.
    pub const fn applies(&self) -> bool {
        self.raid_config.is_some()
    }

    /// Whether the root volume is created.
    pub fn wants_root(&self) -> bool {
        self.create_root_volume.unwrap_or(true)
    }

    /// Whether the other volumes are created.
    pub fn wants_others(&self) -> bool {
        self.create_nonroot_volumes.unwrap_or(!self.applies())
    }
}

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
}
