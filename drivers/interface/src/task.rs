//! The port through which a driver sees a node: the conductor implements it.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use schemas_config::Config;
use schemas_model::power::PowerState;
use schemas_model::{
    BiosSetting, Fault, FirmwareComponent, Node, Object, Port, Portgroup, VolumeConnector,
    VolumeTarget,
};

use crate::InterfaceSet;

/// A port of the task's node, with what a driver may change.
pub type TaskPort = Port;
/// A port group of the task's node.
pub type TaskPortgroup = Portgroup;

/// A node with its lock, for the length of one piece of work.
///
/// Changes made through [`Task::node_mut`] live in memory until the conductor saves them: at the
/// latest when the method that made them returns, or at [`Task::save`] for a driver that must have
/// something on disk before it touches a BMC.
#[async_trait]
pub trait Task: Send + Sync {
    /// The node.
    fn node(&self) -> &Node;

    /// The node, to be changed.
    fn node_mut(&mut self) -> &mut Node;

    /// Its interfaces, resolved; clone the `Arc` to call one with this task.
    fn interfaces(&self) -> &Arc<InterfaceSet>;

    /// The configuration of this process.
    fn config(&self) -> &Arc<Config>;

    /// Its ports.
    fn ports(&self) -> &[TaskPort];

    /// Its port groups.
    fn portgroups(&self) -> &[TaskPortgroup];

    /// Its volume connectors.
    fn volume_connectors(&self) -> &[VolumeConnector];

    /// Its volume targets.
    fn volume_targets(&self) -> &[VolumeTarget];

    /// Whether the node is held exclusively; only then may it be changed.
    fn is_exclusive(&self) -> bool;

    /// Saves the node now.
    ///
    /// # Errors
    /// `NodeLocked` when the lock was lost; the work must stop at once.
    async fn save(&mut self) -> Result<(), Fault>;

    /// Switches the node's power the way the conductor does it: `target_power_state` is saved first,
    /// then the power interface works, then `power_state` and any `last_error` are saved. Nothing is
    /// done when the machine is in that state already.
    ///
    /// # Errors
    /// The power interface's failure; `NodeLocked` when the lock was lost.
    async fn power_action(
        &mut self,
        state: PowerState,
        timeout: Option<Duration>,
    ) -> Result<(), Fault>;

    /// Replaces the cached firmware settings of the node by what the BMC says.
    ///
    /// # Errors
    /// As [`Task::save`].
    async fn bios_settings_replace(&mut self, settings: Vec<BiosSetting>) -> Result<(), Fault>;

    /// Stores what the BMC says about firmware components (initial versions are kept).
    ///
    /// # Errors
    /// As [`Task::save`].
    async fn firmware_components_update(
        &mut self,
        components: Vec<FirmwareComponent>,
    ) -> Result<(), Fault>;

    /// Creates a port for a MAC address found by inspection; one that exists already is left alone.
    /// Returns whether it was created.
    ///
    /// # Errors
    /// As [`Task::save`].
    async fn port_create(&mut self, address: &str, pxe_enabled: bool) -> Result<bool, Fault>;

    /// Saves a changed port.
    ///
    /// # Errors
    /// As [`Task::save`].
    async fn port_save(&mut self, port: TaskPort) -> Result<(), Fault>;

    /// Saves a changed port group.
    ///
    /// # Errors
    /// As [`Task::save`].
    async fn portgroup_save(&mut self, portgroup: TaskPortgroup) -> Result<(), Fault>;

    /// Deletes a port.
    ///
    /// # Errors
    /// As [`Task::save`].
    async fn port_destroy(&mut self, port: &TaskPort) -> Result<(), Fault>;

    /// Stores the inventory an inspection brought.
    ///
    /// # Errors
    /// As [`Task::save`].
    async fn inventory_store(
        &mut self,
        inventory: Object,
        plugin_data: Object,
    ) -> Result<(), Fault>;
}
