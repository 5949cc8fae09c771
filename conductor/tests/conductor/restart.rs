//! What a restart, or a dead peer, means for nodes (F1–F5).

use std::time::Duration;

use schemas_db::ConductorRegistration;
use schemas_model::Uuid;
use schemas_model::power::PowerState;
use schemas_model::provision::{Event, OnRestart, State, table};

use crate::stage::{Stage, start};

/// A node in each state, reserved by a host that was about to switch it on.
async fn reserved_in_every_state(stage: &Stage, host: &str) -> Vec<(State, Uuid)> {
    let mut nodes = Vec::new();
    for state in State::ALL {
        let node = stage.node(*state).await;
        stage
            .edit(&node, |node| node.target_power_state = Some(PowerState::On))
            .await;
        stage.database.node_reserve(&node, host).await.unwrap();
        nodes.push((*state, node));
    }
    nodes
}

#[tokio::test(flavor = "multi_thread")]
async fn every_state_after_kill_9() {
    let stage = Stage::new().await;
    let nodes = reserved_in_every_state(&stage, "here").await;
    // No stop: the process is gone, its locks are not.
    let again = start(&stage.config, &stage.database, &stage.script, "here").await;
    for (state, node) in nodes {
        let shown = stage.show(&node).await;
        assert_eq!(shown.reservation, None, "{state}");
        assert_eq!(shown.target_power_state, None, "{state}");
        match state.on_restart() {
            OnRestart::Keep => assert_eq!(shown.provision_state, state),
            OnRestart::Fail => {
                assert_eq!(
                    Some(shown.provision_state),
                    table::next(state, Event::Fail),
                    "{state}"
                );
                let error = shown.last_error.unwrap();
                assert!(
                    error.starts_with(&format!(
                        "The {state} state can't be resumed by conductor here"
                    )),
                    "{error}"
                );
            }
        }
    }
    again.stop(Some(Duration::from_secs(1))).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_peers_nodes_are_unlocked_and_failed() {
    let stage = Stage::new().await;
    let dead = ConductorRegistration {
        hostname: "dead".into(),
        drivers: vec!["fake-hardware".into()],
        conductor_group: String::new(),
    };
    stage
        .database
        .conductor_register(&dead, false)
        .await
        .unwrap();
    stage.database.conductor_unregister("dead").await.unwrap();
    let nodes = reserved_in_every_state(&stage, "dead").await;
    let status = stage.periodic("orphaned nodes").await;
    assert_eq!(
        (status.done.acted, status.failures),
        (State::ALL.len(), 0),
        "{:?}",
        status.last_error
    );
    for (state, node) in nodes {
        let shown = stage.settled(&node).await;
        assert_eq!(shown.target_power_state, None, "{state}");
        match state.on_restart() {
            OnRestart::Keep => assert_eq!(shown.provision_state, state),
            OnRestart::Fail => {
                let failed = table::next(state, Event::Fail);
                assert_eq!(Some(shown.provision_state), failed, "{state}");
                let aborted = "Operation was aborted due to conductor take over";
                assert_eq!(shown.last_error.as_deref(), Some(aborted), "{state}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn active_nodes_of_another_conductor_are_taken_over() {
    let stage = Stage::new().await;
    let node = stage.node(State::Active).await;
    let status = stage.periodic("take-over").await;
    assert_eq!(status.done.acted, 1);
    let shown = stage.settled(&node).await;
    assert_eq!(
        shown.conductor_affinity,
        Some(stage.conductor.core().id().unwrap())
    );
    assert_eq!(stage.script.calls("deploy.take_over"), 1);
    assert_eq!(stage.periodic("take-over").await.done.examined, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_conductor_is_offline_and_refuses() {
    let stage = Stage::new().await;
    let handler = stage.handler();
    let database = stage.database.clone();
    assert!(database.conductor_by_hostname("here").await.unwrap().online);
    stage
        .conductor
        .stop(Some(Duration::from_secs(5)))
        .await
        .unwrap();
    assert!(!database.conductor_by_hostname("here").await.unwrap().online);
    let request = schemas_rpc::methods::GetDriverProperties {
        driver_name: "fake-hardware".into(),
    };
    let fault = handler
        .handle(Default::default(), request.into())
        .await
        .unwrap_err();
    assert_eq!(fault.code(), 503);
}
