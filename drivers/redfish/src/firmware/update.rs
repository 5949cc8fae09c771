//! One update of a list: what was asked for, and how far it has come. Kept with the node in Ironic
//! 39.0.0's shape (`driver_internal_info/redfish_fw_updates`), so that either conductor can go on.

use chrono::{DateTime, Utc};
use drivers_interface::Task;
use drivers_redfish_client::ResourcePath;
use schemas_model::{Class, Fault, Node};
use serde_json::{Map, Value, json};

use super::component::Component;
use super::moment::{seconds_since, stamp};

/// Key of the list; its presence is what the poll looks for.
pub(super) const UPDATES: &str = "redfish_fw_updates";
/// Key of the moment when the first update began.
pub(super) const STARTED: &str = "redfish_fw_update_start_time";
/// Key of the BMC's version before its update.
pub(super) const VERSION_BEFORE: &str = "bmc_fw_version_before_update";
/// Key of the note that the machine has to be rebooted at the end.
pub(super) const REBOOT_REQUESTED: &str = "firmware_reboot_requested";

/// One update.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub(super) struct Update {
    /// What is updated.
    pub(super) component: String,
    /// From where.
    pub(super) url: String,
    /// Seconds to wait: after the update as asked for, or until the next look at a BMC's version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) wait: Option<u64>,
    /// When that wait began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) wait_start_time: Option<String>,
    /// Seconds the machine may take to reboot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) power_timeout: Option<u64>,
    /// The BMC's task monitor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) task_monitor: Option<String>,
    /// `bmc` while the version of a BMC is watched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) component_type: Option<String>,
    /// Since when the version of a BMC is watched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) bmc_check_start_time: Option<String>,
    /// The wait is one between two looks at the version.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(super) bmc_version_checking: bool,
    /// The BMC is updated and the machine was rebooted; the next update can begin.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(super) bmc_update_completed: bool,
    /// Since when an adapter's task is only starting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) nic_starting_timestamp: Option<String>,
    /// The machine was rebooted so that the adapter's update begins.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(super) nic_reboot_triggered: bool,
    /// The machine has to be rebooted after the adapter's update.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(super) nic_needs_post_completion_reboot: bool,
    /// The machine was rebooted for its own firmware.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(super) bios_reboot_triggered: bool,
    /// The machine's own firmware before its update; ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) bios_version_before: Option<String>,
    /// The machine was rebooted after the task had ended; ours.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(super) bios_reboot_after_end: bool,
    /// What else another release keeps.
    #[serde(flatten)]
    pub(super) rest: Map<String, Value>,
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde calls it by reference"
)]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

impl Update {
    /// What kind of component it is for; the arguments were checked, so this fails only for what
    /// another release has stored.
    pub(super) fn component(&self) -> Result<Component, Fault> {
        Component::named(&self.component).ok_or_else(|| {
            Fault::invalid_parameter(format!(
                "'{}' is not a firmware component; use bios, bmc or nic:<id>.",
                self.component
            ))
        })
    }

    /// The task monitor.
    pub(super) fn monitor(&self) -> Option<ResourcePath> {
        ResourcePath::parse(self.task_monitor.as_deref()?).ok()
    }

    /// Begins a wait of so many seconds.
    pub(super) fn begin_wait(&mut self, seconds: u64, now: DateTime<Utc>) {
        self.wait = Some(seconds);
        self.wait_start_time = Some(stamp(now));
    }

    /// Whether a wait has begun and is not over.
    pub(super) fn still_waits(&self, now: DateTime<Utc>) -> bool {
        match (&self.wait_start_time, self.wait) {
            (Some(start), Some(wait)) => seconds_since(start, now).is_some_and(|gone| gone < wait),
            _ => false,
        }
    }

    /// Ends a wait.
    pub(super) fn end_wait(&mut self) {
        self.wait = None;
        self.wait_start_time = None;
    }
}

/// The updates of a node, the current one first; none if it has none.
///
/// # Errors
/// `RedfishError` for a list that can't be read.
pub(super) fn load(node: &Node) -> Result<Vec<Update>, Fault> {
    let Some(list) = node.driver_internal_info.member(UPDATES) else {
        return Ok(Vec::new());
    };
    serde_json::from_value(list.clone()).map_err(|why| {
        Fault::new(
            Class::RedfishError,
            format!(
                "Node {}: driver_internal_info/{UPDATES} can't be read: {why}.",
                node.uuid
            ),
        )
    })
}

/// Keeps them; the caller saves.
pub(super) fn store(task: &mut dyn Task, updates: &[Update]) {
    task.node_mut()
        .driver_internal_info
        .set(UPDATES, json!(updates));
}

/// Forgets what only one update needs; the caller saves.
pub(super) fn forget_one(task: &mut dyn Task) {
    let info = &mut task.node_mut().driver_internal_info;
    info.unset(VERSION_BEFORE);
    info.unset(REBOOT_REQUESTED);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ironic_keeps_is_read_and_written_alike() {
        let kept = json!({"component": "nic:BCM57414", "url": "http://x/y", "power_timeout": 300,
            "task_monitor": "/redfish/v1/TaskService/TaskMonitors/1",
            "nic_starting_timestamp": "2026-11-20T23:56:44.123456", "unknown": [1]});
        let update: Update = serde_json::from_value(kept.clone()).unwrap();
        assert_eq!(update.component().unwrap(), Component::Nic);
        assert_eq!(serde_json::to_value(update).unwrap(), kept);
    }

    #[test]
    fn waits_end() {
        let now = Utc::now();
        let mut update = Update::default();
        assert!(!update.still_waits(now));
        update.begin_wait(30, now);
        assert!(update.still_waits(now + chrono::Duration::seconds(29)));
        assert!(!update.still_waits(now + chrono::Duration::seconds(30)));
        update.end_wait();
        assert!(!update.still_waits(now));
    }
}
