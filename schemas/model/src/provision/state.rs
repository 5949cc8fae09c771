//! Provision states, ONE row each, with the columns Ironic keeps apart in lists.
//!
//! Source: Ironic 39.0.0, `ironic.common.states`; equality with the recorded machine is tested in
//! `tests/state_machine.rs`.

/// Whether an agent may look a node up in a state (`[api]restrict_lookup`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// Always.
    Always,
    /// Only when fast track is enabled.
    FastTrack,
    /// Never.
    Never,
}

/// What a restart of the conductor does to a node found in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnRestart {
    /// The work cannot be resumed: the node moves to the state's failure.
    Fail,
    /// Nothing: the state is at rest or waits for somebody else.
    Keep,
}

macro_rules! states {
    (@stable stable) => { true };
    (@stable moving) => { false };
    (@target -) => { None };
    (@target $target:ident) => { Some(State::$target) };
    (@flag yes) => { true };
    (@flag no) => { false };
    ($($name:ident $word:literal $stable:ident $target:tt $restart:ident $lookup:ident $update:ident $delete:ident;)+) => {
        crate::wire_enum::wire_enum! {
            /// A provision state of a node.
            #[allow(missing_docs, reason = "the names are Ironic's and documented by the table")]
            pub enum State("provision state") { $($name = $word,)+ }
        }

        impl State {
            /// Whether a node rests here; work leaves a node only in such a state, a failed or a waiting one.
            pub const fn is_stable(self) -> bool {
                match self { $(State::$name => states!(@stable $stable),)+ }
            }

            /// Where a node in this state is heading (`target_provision_state`).
            pub const fn target(self) -> Option<State> {
                match self { $(State::$name => states!(@target $target),)+ }
            }

            /// What a conductor restart does to a node in this state.
            pub const fn on_restart(self) -> OnRestart {
                match self { $(State::$name => OnRestart::$restart,)+ }
            }

            /// Whether an agent may look the node up.
            pub const fn lookup(self) -> Lookup {
                match self { $(State::$name => Lookup::$lookup,)+ }
            }

            /// Whether a node may be changed here although work may be going on or has failed.
            pub const fn update_allowed(self) -> bool {
                match self { $(State::$name => states!(@flag $update),)+ }
            }

            /// Whether a node may be deleted here, besides `available`.
            pub const fn delete_allowed(self) -> bool {
                match self { $(State::$name => states!(@flag $delete),)+ }
            }
        }
    };
}

states! {
//  variant         word              rests    target       restart lookup   update delete
    Enroll          "enroll"          stable   -            Keep  FastTrack  no    yes;
    Manageable      "manageable"      stable   -            Keep  FastTrack  no    yes;
    Available       "available"       stable   -            Keep  FastTrack  no    no;
    Active          "active"          stable   -            Keep  Never      no    no;
    Error           "error"           stable   -            Keep  Never      yes   no;
    Rescue          "rescue"          stable   -            Keep  Never      no    no;
    Verifying       "verifying"       moving   Manageable   Fail  Never      yes   no;
    Deploying       "deploying"       moving   Active       Fail  Always     no    no;
    DeployWait      "wait call-back"  moving   Active       Keep  Always     no    no;
    DeployFailed    "deploy failed"   moving   Active       Keep  Never      yes   no;
    DeployHold      "deploy hold"     moving   Active       Keep  Never      no    no;
    Cleaning        "cleaning"        moving   Available    Fail  Always     no    no;
    CleanWait       "clean wait"      moving   Available    Keep  Always     no    no;
    CleanFailed     "clean failed"    moving   Available    Keep  Never      yes   no;
    CleanHold       "clean hold"      moving   Available    Keep  Never      no    no;
    Deleting        "deleting"        moving   Available    Fail  Never      no    no;
    Inspecting      "inspecting"      moving   Manageable   Fail  Always     yes   no;
    InspectFailed   "inspect failed"  moving   Manageable   Keep  Never      yes   no;
    InspectWait     "inspect wait"    moving   Manageable   Keep  Always     yes   no;
    Adopting        "adopting"        moving   Active       Fail  Never      no    no;
    AdoptFailed     "adopt failed"    moving   Active       Keep  Never      yes   yes;
    Rescuing        "rescuing"        moving   Rescue       Fail  Always     no    no;
    RescueWait      "rescue wait"     moving   Rescue       Keep  Always     no    no;
    RescueFailed    "rescue failed"   moving   Rescue       Keep  Never      yes   no;
    Unrescuing      "unrescuing"      moving   Active       Fail  Never      no    no;
    UnrescueFailed  "unrescue failed" moving   Active       Keep  Never      yes   no;
    Servicing       "servicing"       moving   Active       Fail  FastTrack  no    no;
    ServiceWait     "service wait"    moving   Active       Keep  Always     no    no;
    ServiceFailed   "service failed"  moving   Active       Keep  Never      yes   no;
    ServiceHold     "service hold"    moving   Active       Keep  FastTrack  yes   no;
}

impl State {
    /// States in which cleaning is going on, waits, or is held.
    pub const fn is_cleaning(self) -> bool {
        matches!(
            self,
            State::Cleaning | State::CleanWait | State::CleanHold | State::CleanFailed
        )
    }

    /// States of an inspection under way or failed.
    pub const fn is_inspection(self) -> bool {
        matches!(
            self,
            State::Inspecting | State::InspectWait | State::InspectFailed
        )
    }

    /// States of servicing under way or failed.
    pub const fn is_servicing(self) -> bool {
        matches!(
            self,
            State::Servicing | State::ServiceWait | State::ServiceHold | State::ServiceFailed
        )
    }

    /// States a failed flow ends in.
    pub const fn is_failure(self) -> bool {
        matches!(
            self,
            State::AdoptFailed
                | State::CleanFailed
                | State::DeployFailed
                | State::InspectFailed
                | State::RescueFailed
                | State::ServiceFailed
                | State::UnrescueFailed
        )
    }
}
