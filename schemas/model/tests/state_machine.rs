//! The state tables equal the machine recorded from Ironic 39.0.0.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::collections::{BTreeMap, BTreeSet};

use schemas_model::provision::{Lookup, OnRestart, State, Verb, table};

#[derive(serde::Deserialize)]
struct Recorded {
    states: Vec<RecordedState>,
    transitions: Vec<(String, String, String)>,
    verbs: BTreeMap<String, String>,
    stuck: BTreeSet<String>,
    lookup: BTreeSet<String>,
    fast_track: BTreeSet<String>,
    update: BTreeSet<String>,
    delete: BTreeSet<String>,
    failure: BTreeSet<String>,
}

#[derive(serde::Deserialize)]
struct RecordedState {
    name: String,
    stable: bool,
    target: Option<String>,
}

fn recorded() -> Recorded {
    serde_json::from_str(include_str!("data/state-machine.json")).unwrap()
}

fn words(of: impl Fn(State) -> bool) -> BTreeSet<String> {
    State::ALL
        .iter()
        .filter(|s| of(**s))
        .map(|s| s.to_string())
        .collect()
}

#[test]
fn states_are_equal() {
    let recorded = recorded();
    assert_eq!(State::ALL.len(), recorded.states.len());
    for (ours, theirs) in State::ALL.iter().zip(&recorded.states) {
        assert_eq!(ours.as_str(), theirs.name);
        assert_eq!(ours.is_stable(), theirs.stable, "{ours}");
        assert_eq!(
            ours.target().map(State::as_str),
            theirs.target.as_deref(),
            "{ours}"
        );
    }
}

#[test]
fn transitions_are_equal() {
    let ours: BTreeSet<_> = table::TRANSITIONS
        .iter()
        .map(|t| (t.from.to_string(), t.event.to_string(), t.to.to_string()))
        .collect();
    let theirs: BTreeSet<_> = recorded().transitions.into_iter().collect();
    assert_eq!(theirs.len(), 93);
    assert_eq!(ours, theirs);
}

#[test]
fn verbs_mean_the_same_events() {
    for (verb, event) in recorded().verbs {
        assert_eq!(verb.parse::<Verb>().unwrap().event().as_str(), event);
    }
}

#[test]
fn columns_are_equal() {
    let recorded = recorded();
    assert_eq!(words(|s| s.on_restart() == OnRestart::Fail), recorded.stuck);
    assert_eq!(words(|s| s.lookup() == Lookup::Always), recorded.lookup);
    let with_fast_track: BTreeSet<_> = recorded
        .lookup
        .union(&recorded.fast_track)
        .cloned()
        .collect();
    assert_eq!(words(|s| s.lookup() != Lookup::Never), with_fast_track);
    // Ironic's list also holds "service", which is a verb and never a state.
    let update: BTreeSet<_> = recorded
        .update
        .into_iter()
        .filter(|s| s != "service")
        .collect();
    assert_eq!(words(State::update_allowed), update);
    assert_eq!(words(State::delete_allowed), recorded.delete);
    assert_eq!(words(State::is_failure), recorded.failure);
}
