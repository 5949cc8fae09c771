//! What a method did, for the conductor to persist and act upon.

/// The result of a step or of a long operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is finished.
    Done,
    /// It goes on elsewhere (in the agent, in the BMC); a heartbeat or a poll will continue it.
    Wait {
        /// For the log: who is expected to do what.
        reason: String,
    },
}

impl Outcome {
    /// A wait with its reason.
    pub fn wait(reason: impl Into<String>) -> Self {
        Outcome::Wait {
            reason: reason.into(),
        }
    }

    /// Whether something is still going on.
    pub const fn is_wait(&self) -> bool {
        matches!(self, Outcome::Wait { .. })
    }
}
