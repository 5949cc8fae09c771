//! Looking at a task of the BMC that may outlive a restart of the BMC.

use drivers_redfish_client::{
    Error, ResourcePath,
    operation::task::Progress,
    schema::task::{Task as RedfishTask, TaskState},
};

use crate::connection::NodeBmc;

/// What a look at a task monitor showed.
#[derive(Debug)]
pub(crate) enum Seen {
    /// The BMC does not answer, or not with sense; it may be restarting.
    Nothing(Error),
    /// The BMC answers and knows no such task any more.
    Gone,
    /// It goes on; `None` if the BMC does not tell the state.
    Running(Option<TaskState>),
    /// It ended well.
    Succeeded,
    /// It ended badly: what the BMC says about it.
    Failed(String),
}

/// Looks once. A BMC that comes up again may refuse or garble answers for a while, so everything but
/// a clear answer counts as none.
pub(crate) async fn look(bmc: &NodeBmc, monitor: &ResourcePath) -> Seen {
    match bmc.bmc.progress(monitor).await {
        Ok(Progress::Running { task, .. }) => Seen::Running(task.as_ref().and_then(state)),
        Ok(Progress::Done(_)) => Seen::Succeeded,
        Ok(Progress::Failed(task)) => Seen::Failed(task.explanation()),
        Err(error) if matches!(error.status(), Some(404 | 410)) => Seen::Gone,
        Err(error) => Seen::Nothing(error),
    }
}

fn state(task: &RedfishTask) -> Option<TaskState> {
    task.state().ok().flatten()
}
