//! The transitions: THE table. Nothing else in Ferric knows which event leads where.
//!
//! Source: Ironic 39.0.0, `ironic.common.states.machine`, 93 rows.

use super::{event::Event, state::State};

/// One row: in `from`, `event` leads to `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition {
    /// The state before.
    pub from: State,
    /// What happens.
    pub event: Event,
    /// The state after.
    pub to: State,
}

macro_rules! transitions {
    ($($from:ident + $event:ident => $to:ident;)+) => {
        /// Every transition, grouped by the state it starts from.
        pub const TRANSITIONS: &[Transition] = &[
            $(Transition { from: State::$from, event: Event::$event, to: State::$to },)+
        ];

        /// Where `event` leads from `from`, if it is allowed there.
        pub const fn next(from: State, event: Event) -> Option<State> {
            match (from, event) {
                $((State::$from, Event::$event) => Some(State::$to),)+
                _ => None,
            }
        }
    };
}

transitions! {
    Enroll         + Manage   => Verifying;
    Manageable     + Provide  => Cleaning;
    Manageable     + Clean    => Cleaning;
    Manageable     + Inspect  => Inspecting;
    Manageable     + Adopt    => Adopting;
    Available      + Deploy   => Deploying;
    Available      + Manage   => Manageable;
    Active         + Rebuild  => Deploying;
    Active         + Delete   => Deleting;
    Active         + Rescue   => Rescuing;
    Active         + Service  => Servicing;
    Error          + Rebuild  => Deploying;
    Error          + Delete   => Deleting;
    Rescue         + Rescue   => Rescuing;
    Rescue         + Delete   => Deleting;
    Rescue         + Unrescue => Unrescuing;
    Verifying      + Done     => Manageable;
    Verifying      + Fail     => Enroll;
    Deploying      + Fail     => DeployFailed;
    Deploying      + Wait     => DeployWait;
    Deploying      + Hold     => DeployHold;
    Deploying      + Done     => Active;
    DeployWait     + Hold     => DeployHold;
    DeployWait     + Resume   => Deploying;
    DeployWait     + Fail     => DeployFailed;
    DeployWait     + Abort    => DeployFailed;
    DeployWait     + Delete   => Deleting;
    DeployFailed   + Rebuild  => Deploying;
    DeployFailed   + Deploy   => Deploying;
    DeployFailed   + Delete   => Deleting;
    DeployHold     + Unhold   => DeployWait;
    DeployHold     + Abort    => DeployFailed;
    Cleaning       + Done     => Available;
    Cleaning       + Fail     => CleanFailed;
    Cleaning       + Wait     => CleanWait;
    Cleaning       + Hold     => CleanHold;
    Cleaning       + Manage   => Manageable;
    CleanWait      + Fail     => CleanFailed;
    CleanWait      + Abort    => CleanFailed;
    CleanWait      + Hold     => CleanHold;
    CleanWait      + Resume   => Cleaning;
    CleanFailed    + Manage   => Manageable;
    CleanHold      + Abort    => CleanFailed;
    CleanHold      + Unhold   => CleanWait;
    Deleting       + Fail     => Error;
    Deleting       + Clean    => Cleaning;
    Inspecting     + Done     => Manageable;
    Inspecting     + Fail     => InspectFailed;
    Inspecting     + Wait     => InspectWait;
    InspectFailed  + Manage   => Manageable;
    InspectFailed  + Inspect  => Inspecting;
    InspectWait    + Done     => Manageable;
    InspectWait    + Fail     => InspectFailed;
    InspectWait    + Abort    => InspectFailed;
    InspectWait    + Resume   => Inspecting;
    Adopting       + Done     => Active;
    Adopting       + Fail     => AdoptFailed;
    AdoptFailed    + Adopt    => Adopting;
    AdoptFailed    + Manage   => Manageable;
    Rescuing       + Done     => Rescue;
    Rescuing       + Wait     => RescueWait;
    Rescuing       + Fail     => RescueFailed;
    RescueWait     + Resume   => Rescuing;
    RescueWait     + Fail     => RescueFailed;
    RescueWait     + Abort    => RescueFailed;
    RescueWait     + Delete   => Deleting;
    RescueFailed   + Rescue   => Rescuing;
    RescueFailed   + Unrescue => Unrescuing;
    RescueFailed   + Delete   => Deleting;
    Unrescuing     + Done     => Active;
    Unrescuing     + Fail     => UnrescueFailed;
    UnrescueFailed + Rescue   => Rescuing;
    UnrescueFailed + Unrescue => Unrescuing;
    UnrescueFailed + Delete   => Deleting;
    Servicing      + Done     => Active;
    Servicing      + Fail     => ServiceFailed;
    Servicing      + Wait     => ServiceWait;
    Servicing      + Hold     => ServiceHold;
    ServiceWait    + Hold     => ServiceHold;
    ServiceWait    + Resume   => Servicing;
    ServiceWait    + Fail     => ServiceFailed;
    ServiceWait    + Abort    => ServiceFailed;
    ServiceWait    + Delete   => Deleting;
    ServiceFailed  + Service  => Servicing;
    ServiceFailed  + Rescue   => Rescuing;
    ServiceFailed  + Wait     => ServiceWait;
    ServiceFailed  + Hold     => ServiceHold;
    ServiceFailed  + Delete   => Deleting;
    ServiceFailed  + Abort    => Active;
    ServiceHold    + Service  => Servicing;
    ServiceHold    + Unhold   => ServiceWait;
    ServiceHold    + Fail     => ServiceFailed;
    ServiceHold    + Abort    => ServiceFailed;
}

/// What `target_provision_state` becomes when `event` is taken from `from`: the target of the
/// state reached, nothing in a stable state.
pub fn target_after(from: State, event: Event) -> Option<State> {
    next(from, event).and_then(State::target)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_state_and_event_has_one_way() {
        for (i, a) in TRANSITIONS.iter().enumerate() {
            for b in &TRANSITIONS[i + 1..] {
                assert!(
                    (a.from, a.event) != (b.from, b.event),
                    "two rows for {} + {}",
                    a.from,
                    a.event
                );
            }
        }
    }

    #[test]
    fn every_state_can_be_reached_and_left() {
        for state in State::ALL {
            let left = TRANSITIONS.iter().any(|t| t.from == *state);
            let reached = TRANSITIONS.iter().any(|t| t.to == *state);
            assert!(left, "{state} cannot be left");
            assert!(
                reached || *state == State::Enroll,
                "{state} cannot be reached"
            );
        }
    }
}
