//! Event → table → new state and target, error, history, notification. Times that follow from a state
//! are stamped where the row is written.
//!
//! The ONLY writer of `provision_state` and `target_provision_state`. [`plan`] is pure; the one
//! impure function saves what it says. A save of a node whose state was changed elsewhere is refused
//! (`NodeHold::save`).

use schemas_model::provision::{Event, State, table};
use schemas_model::{Class, Fault};

use crate::notify::{Action, Status};
use crate::task::NodeHold;

/// What becomes of `last_error`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum LastError {
    /// It stays as it is.
    #[default]
    Keep,
    /// It is set, or cleared.
    Set(Option<String>),
}

/// A change of state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// What happens.
    pub event: Event,
    /// A target other than the new state's own.
    pub target: Option<State>,
    /// What becomes of `last_error`.
    pub last_error: LastError,
    /// Whether work on the node follows; then even a stable state keeps its target.
    pub begins_work: bool,
}

impl Move {
    /// A change in the course of a flow.
    pub const fn by(event: Event) -> Self {
        Move {
            event,
            target: None,
            last_error: LastError::Keep,
            begins_work: false,
        }
    }

    /// A change that begins work; `last_error` is cleared.
    pub const fn beginning(event: Event) -> Self {
        Move {
            event,
            target: None,
            last_error: LastError::Set(None),
            begins_work: true,
        }
    }

    /// With a target of its own.
    #[must_use]
    pub const fn towards(mut self, target: Option<State>) -> Self {
        self.target = target;
        self
    }

    /// With an error.
    #[must_use]
    pub fn with_error(mut self, error: impl Into<String>) -> Self {
        self.last_error = LastError::Set(Some(error.into()));
        self
    }
}

/// Where a change leads: the new state and target (Ironic 39.0.0, `ironic.common.fsm`).
///
/// # Errors
/// `InvalidState` when the event means nothing in this state.
pub fn plan(
    state: State,
    target: Option<State>,
    change: &Move,
) -> Result<(State, Option<State>), Fault> {
    let next = table::next(state, change.event).ok_or_else(|| {
        Fault::new(
            Class::InvalidState,
            format!(
                "Cannot process the event '{}' in state '{state}'",
                change.event
            ),
        )
    })?;
    if !change.begins_work && next.is_stable() {
        return Ok((next, None));
    }
    let carried = target.or(state.target()).filter(|carried| *carried != next);
    Ok((next, change.target.or(next.target()).or(carried)))
}

/// Whether work is going on or is waited for, as notifications see it.
const fn is_moving(state: State) -> bool {
    !state.is_stable()
        && !state.is_failure()
        && !matches!(
            state,
            State::CleanHold | State::DeployHold | State::ServiceHold
        )
}

fn status(change: &Move, previous: State, next: State) -> Status {
    match (is_moving(previous), is_moving(next)) {
        _ if change.event == Event::Fail => Status::Error,
        (false, true) => Status::Start,
        (true, false) => Status::End,
        _ => Status::Success,
    }
}

impl NodeHold {
    /// Changes the provision state and saves the node with everything else that has changed.
    ///
    /// # Errors
    /// `InvalidState` as [`plan`], before anything is touched; then those of saving.
    pub async fn apply(&mut self, change: Move) -> Result<(), Fault> {
        let previous = self.node().provision_state;
        let previous_target = self.node().target_provision_state;
        let (next, target) = plan(previous, previous_target, &change).map_err(|fault| {
            Fault::new(
                fault.class,
                format!("{} of node {}", fault.message, self.node().uuid),
            )
        })?;
        self.move_to(next, target);
        if let LastError::Set(error) = &change.last_error {
            self.node_mut().last_error.clone_from(error);
        }
        self.save().await?;
        tracing::info!(
            node.uuid = %self.node().uuid,
            state.from = %previous,
            state.to = %next,
            state.target = target.map(State::as_str),
            "node changed its provision state"
        );
        let action = Action::ProvisionSet {
            previous,
            previous_target,
            event: change.event,
        };
        self.emit(action, status(&change, previous, next));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stable_states_have_no_target() {
        let done = Move::by(Event::Done);
        assert_eq!(
            plan(State::Verifying, Some(State::Manageable), &done),
            Ok((State::Manageable, None))
        );
    }

    #[test]
    fn manual_cleaning_heads_back_to_manageable() {
        let clean = Move::beginning(Event::Clean).towards(Some(State::Manageable));
        assert_eq!(
            plan(State::Manageable, None, &clean),
            Ok((State::Cleaning, Some(State::Manageable)))
        );
    }

    #[test]
    fn a_failed_automated_cleaning_still_heads_for_available() {
        let fail = Move::by(Event::Fail);
        assert_eq!(
            plan(State::Cleaning, Some(State::Available), &fail),
            Ok((State::CleanFailed, Some(State::Available)))
        );
    }

    #[test]
    fn what_the_table_does_not_have_is_refused() {
        let fault = plan(State::Active, None, &Move::by(Event::Manage)).unwrap_err();
        assert_eq!(fault.class, Class::InvalidState);
    }

    #[test]
    fn notifications_know_start_end_and_error() {
        let by = |event| Move::by(event);
        assert_eq!(
            status(&by(Event::Deploy), State::Available, State::Deploying),
            Status::Start
        );
        assert_eq!(
            status(&by(Event::Done), State::Deploying, State::Active),
            Status::End
        );
        assert_eq!(
            status(&by(Event::Wait), State::Deploying, State::DeployWait),
            Status::Success
        );
        assert_eq!(
            status(&by(Event::Fail), State::Deploying, State::DeployFailed),
            Status::Error
        );
    }
}
