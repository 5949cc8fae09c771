//! Locks: one winner, polite losers, and nobody writes without one.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use conductor::task::Patience;
use schemas_model::Class;
use schemas_model::provision::State;
use schemas_rpc::{NodeRef, RequestContext};

use crate::stage::{Stage, refused};

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_race_for_one_node() {
    let stage = Stage::with(&[("conductor", "node_locked_retry_attempts", "1")]).await;
    let node = stage.node(State::Manageable).await;
    let core = Arc::clone(stage.conductor.core());
    let context = Arc::new(RequestContext::default());
    let holder = core.hold(&context, &NodeRef::from(&node)).await.unwrap();
    let losers = Arc::new(AtomicUsize::new(0));
    let mut race = tokio::task::JoinSet::new();
    for _ in 0..1000 {
        let (core, context, node) = (Arc::clone(&core), Arc::clone(&context), node.clone());
        let losers = Arc::clone(&losers);
        race.spawn(async move {
            match core.hold(&context, &NodeRef::from(&node)).await {
                Ok(hold) => hold.release().await,
                Err(fault) => {
                    assert_eq!((fault.class, fault.code()), (Class::NodeLocked, 409));
                    assert!(fault.message.contains("is locked by host"), "{fault}");
                    losers.fetch_add(1, Ordering::SeqCst);
                }
            }
        });
    }
    race.join_all().await;
    assert_eq!(losers.load(Ordering::SeqCst), 1000);
    holder.release().await;
    assert_eq!(core.leases.held(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn patient_tasks_take_turns() {
    let stage = Stage::new().await;
    let node = stage.node(State::Manageable).await;
    let core = Arc::clone(stage.conductor.core());
    let context = Arc::new(RequestContext::default());
    let inside = Arc::new(AtomicUsize::new(0));
    let mut turns = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let (core, context, node) = (Arc::clone(&core), Arc::clone(&context), node.clone());
        let inside = Arc::clone(&inside);
        turns.spawn(async move {
            let reference = NodeRef::from(&node);
            let task = core
                .exclusive(&context, &reference, Patience::Endless)
                .await
                .unwrap();
            assert_eq!(
                inside.fetch_add(1, Ordering::SeqCst),
                0,
                "two hold the node"
            );
            tokio::task::yield_now().await;
            inside.fetch_sub(1, Ordering::SeqCst);
            task.release().await;
        });
    }
    turns.join_all().await;
    assert_eq!(stage.show(&node).await.reservation, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_lease_is_given_back() {
    let stage = Stage::new().await;
    let node = stage.node(State::Manageable).await;
    let core = Arc::clone(stage.conductor.core());
    let context = Arc::new(RequestContext::default());
    drop(core.hold(&context, &NodeRef::from(&node)).await.unwrap());
    let again = core
        .exclusive(&context, &NodeRef::from(&node), Patience::Endless)
        .await
        .unwrap();
    again.release().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conductor_that_lost_its_lock_writes_nothing() {
    let stage = Stage::new().await;
    let node = stage.node(State::Manageable).await;
    let core = Arc::clone(stage.conductor.core());
    let context = Arc::new(RequestContext::default());
    let mut paused = core.hold(&context, &NodeRef::from(&node)).await.unwrap();
    // Another conductor frees the node and takes it.
    stage.database.node_release(&node, "here").await.unwrap();
    stage.database.node_reserve(&node, "there").await.unwrap();
    paused.node_mut().description = Some("a zombie's".into());
    assert_eq!(refused(paused.save().await), Class::NodeLocked);
    stage.database.node_release(&node, "there").await.unwrap();
    assert_eq!(
        refused(paused.save().await),
        Class::NodeLocked,
        "lost is lost"
    );
    paused.release().await;
    assert_eq!(stage.show(&node).await.description, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_written_without_a_lock_or_past_the_state_machine() {
    let stage = Stage::new().await;
    let node = stage.node(State::Manageable).await;
    let core = Arc::clone(stage.conductor.core());
    let context = Arc::new(RequestContext::default());
    let mut shared = core.shared(&context, &NodeRef::from(&node)).await.unwrap();
    shared.node_mut().description = Some("x".into());
    assert_eq!(
        refused((*shared).save().await),
        Class::ExclusiveLockRequired
    );
    let mut hold = core.hold(&context, &NodeRef::from(&node)).await.unwrap();
    hold.node_mut().provision_state = State::Active;
    assert!(
        hold.save()
            .await
            .unwrap_err()
            .message
            .contains("outside the state machine")
    );
    hold.release().await;
    assert_eq!(stage.show(&node).await.provision_state, State::Manageable);
}
