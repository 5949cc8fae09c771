//! Watching tasks.

use std::time::Duration;

use crate::{
    Bmc, Document, ResourcePath, Result,
    error::ErrorKind,
    exchange::{Method, Request},
    schema::task::{Task, TaskState},
};

/// Pause between looks at a task if the BMC doesn't say.
const INTERVAL: Duration = Duration::from_secs(2);

/// Where a task stands.
#[derive(Debug, Clone)]
pub enum Progress {
    /// Still at work; look again after the pause.
    Running {
        /// What the BMC told about it.
        task: Option<Task>,
        /// How long to wait, from `Retry-After`.
        pause: Duration,
    },
    /// Ended well. A BMC may forget a task with its end, so there may be nothing to read.
    Done(Option<Document>),
    /// Ended badly.
    Failed(Task),
}

impl Bmc {
    /// Looks at a task monitor, or at the task itself.
    ///
    /// # Errors
    /// As [`Bmc::get`]; a failure status of a monitor is the failure of what it monitored.
    pub async fn progress(&self, monitor: &ResourcePath) -> Result<Progress> {
        let request = Request::new(Method::Get, monitor.clone());
        let reply = self.send(&request).await?;
        let pause = reply.retry_after.unwrap_or(INTERVAL);
        let document = match reply.body.is_empty() {
            true => None,
            false => Some(reply.document(self.name(), &request, &self.settings().limits)?),
        };
        let task = document.clone().map(Task::new);
        let state = task.as_ref().map(Task::state).transpose()?.flatten();
        Ok(match (reply.status, state, task) {
            (_, Some(TaskState::Completed), Some(task)) if task.succeeded()? => {
                Progress::Done(document)
            }
            (_, Some(state), Some(task)) if state.is_final() => Progress::Failed(task),
            (202, _, task) | (_, Some(_), task) => Progress::Running { task, pause },
            _ => Progress::Done(document),
        })
    }

    /// Waits for the end of a task, at most until the deadline.
    ///
    /// # Errors
    /// [`ErrorKind::Task`] if it fails, [`ErrorKind::Timeout`] if it does not end.
    pub async fn wait_for_task(&self, monitor: &ResourcePath) -> Result<Option<Document>> {
        let patience = self.end().remaining();
        let bmc = self.within(patience);
        loop {
            match bmc.progress(monitor).await? {
                Progress::Done(document) => return Ok(document),
                Progress::Failed(task) => {
                    let state = task
                        .state()?
                        .map(|state| state.to_string())
                        .unwrap_or_default();
                    let kind = ErrorKind::Task {
                        state,
                        messages: task.explanation(),
                    };
                    return Err(self.fail(format!("task {monitor}"), kind));
                }
                Progress::Running { pause, .. } if bmc.pause(pause).await => {}
                Progress::Running { .. } => {
                    return Err(self.fail(format!("task {monitor}"), ErrorKind::Timeout(patience)));
                }
            }
        }
    }
}
