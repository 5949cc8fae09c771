//! `Task` and the task monitor: work that goes on after the answer.

use super::view;
use crate::{Result, extended_info::Message, schema::status::Health, wire_enum::wire_enum};

wire_enum! {
    /// `TaskState`.
    TaskState {
        /// Not started.
        New = "New",
        /// Starting.
        Starting = "Starting",
        /// Running.
        Running = "Running",
        /// Stopped for now.
        Suspended = "Suspended",
        /// Stopped by a person for now.
        Interrupted = "Interrupted",
        /// Waiting.
        Pending = "Pending",
        /// Stopping.
        Stopping = "Stopping",
        /// Ended, see the status.
        Completed = "Completed",
        /// Ended by a person.
        Killed = "Killed",
        /// Ended by an error.
        Exception = "Exception",
        /// Running as a service.
        Service = "Service",
        /// Being cancelled.
        Cancelling = "Cancelling",
        /// Cancelled.
        Cancelled = "Cancelled",
    }
}

impl TaskState {
    /// Whether nothing more will happen.
    pub const fn is_final(self) -> bool {
        matches!(
            self,
            TaskState::Completed | TaskState::Killed | TaskState::Exception | TaskState::Cancelled
        )
    }
}

view! {
    /// View of a `Task`.
    Task
}

impl Task {
    /// `TaskState`.
    pub fn state(&self) -> Result<Option<TaskState>> {
        self.document()
            .field("TaskState")
            .known(TaskState::from_wire)
    }

    /// `TaskStatus`.
    pub fn status(&self) -> Result<Option<Health>> {
        self.document().field("TaskStatus").known(Health::from_wire)
    }

    /// `PercentComplete`.
    pub fn percent(&self) -> Result<Option<i64>> {
        self.document().field("PercentComplete").integer()
    }

    /// `Messages`, most severe first.
    pub fn messages(&self) -> Vec<Message> {
        self.document()
            .field("Messages")
            .value()
            .map(Message::decode_list)
            .unwrap_or_default()
    }

    /// Whether it ended well: completed, with a status that is not critical.
    pub fn succeeded(&self) -> Result<bool> {
        Ok(self.state()? == Some(TaskState::Completed) && self.status()? != Some(Health::Critical))
    }

    /// The messages as one line.
    pub fn explanation(&self) -> String {
        let told: Vec<String> = self.messages().iter().map(Message::to_string).collect();
        match told.is_empty() {
            true => "no explanation".to_owned(),
            false => self.document().bmc().redact(&told.join("; ")).into_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::document::tests::document;

    #[test]
    fn a_task_ends_well_or_not() {
        let task = |body| Task::new(document("/redfish/v1/TaskService/Tasks/1", body));
        assert!(
            task(json!({"TaskState": "Completed", "TaskStatus": "OK"}))
                .succeeded()
                .unwrap()
        );
        assert!(
            !task(json!({"TaskState": "Completed", "TaskStatus": "Critical"}))
                .succeeded()
                .unwrap()
        );
        let failed =
            task(json!({"TaskState": "Exception", "Messages": [{"Message": "No space left."}]}));
        assert!(!failed.succeeded().unwrap());
        assert!(failed.state().unwrap().unwrap().is_final());
        assert_eq!(failed.explanation(), "No space left");
    }
}
