//! `TaskService`; tasks themselves appear when something takes long.

use serde_json::json;

use super::service_root::ROOT;
use super::{Hardware, Model, Tree, healthy};

/// The collection of tasks.
pub(in super::super) const TASKS: &str = "/redfish/v1/TaskService/Tasks";
/// Where monitors of tasks are.
pub(in super::super) const MONITORS: &str = "/redfish/v1/TaskService/TaskMonitors";

pub(super) fn add(tree: &mut Tree, model: &Model, _: &Hardware) {
    tree.put(
        model,
        &format!("{ROOT}/TaskService"),
        "TaskService.v1_1_5.TaskService",
        json!({
            "Id": "TaskService",
            "Name": "Task Service",
            "ServiceEnabled": true,
            "CompletedTaskOverWritePolicy": "Oldest",
            "Tasks": model.link(TASKS),
            "Status": healthy()
        }),
    );
    tree.put_collection(model, TASKS, "TaskCollection", &[]);
}
