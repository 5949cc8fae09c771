//! What a BIOS step remembers over the reboot (`driver_internal_info`, Ironic 39.0.0's key and shape).

use drivers_interface::Task;
use schemas_model::{Fault, Node};
use serde_json::{Map, Value, json};

pub(super) const STATE: &str = "redfish_bios_state";
const REBOOT: &str = "reboot_requested";
const REQUESTED: &str = "requested_bios_attrs";
/// Where older releases kept the same.
const OLD: &[&str] = &["post_bios_reboot_requested", REQUESTED];

/// What was asked for before the reboot; empty after a factory reset; `None` if there was none.
pub(super) fn requested(node: &Node) -> Option<Map<String, Value>> {
    let state = node.driver_internal_info.member(STATE)?;
    if state.get(REBOOT).and_then(Value::as_bool) != Some(true) {
        return None;
    }
    Some(
        state
            .get(REQUESTED)
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default(),
    )
}

/// Notes what was asked for; the caller saves.
pub(super) fn remember(task: &mut dyn Task, requested: &Map<String, Value>) {
    let mut state = json!({ REBOOT: true });
    if !requested.is_empty() {
        state[REQUESTED] = Value::Object(requested.clone());
    }
    task.node_mut().driver_internal_info.set(STATE, state);
}

/// Forgets it.
pub(super) async fn forget(task: &mut dyn Task) -> Result<(), Fault> {
    let info = &mut task.node_mut().driver_internal_info;
    info.unset(STATE);
    for key in OLD {
        info.unset(key);
    }
    task.save().await
}
