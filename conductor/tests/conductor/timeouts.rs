//! Waits that take too long; nodes are aged, not slept on.

use schemas_model::provision::State;

use crate::stage::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn every_wait_ends() {
    let stage = Stage::new().await;
    for (task, from, to) in [
        ("deploy timeouts", State::DeployWait, State::DeployFailed),
        ("clean timeouts", State::CleanWait, State::CleanFailed),
        ("service timeouts", State::ServiceWait, State::ServiceFailed),
        ("rescue timeouts", State::RescueWait, State::RescueFailed),
        (
            "inspection timeouts",
            State::InspectWait,
            State::InspectFailed,
        ),
    ] {
        let node = stage.node(from).await;
        stage
            .edit(&node, |node| {
                node.inspection_started_at = node.provision_updated_at
            })
            .await;
        assert_eq!(
            stage.periodic(task).await.done.examined,
            0,
            "{task}: too early"
        );
        let late = chrono::TimeDelta::seconds(1801);
        stage
            .edit(&node, |node| {
                node.provision_updated_at = node.provision_updated_at.map(|at| at - late);
                node.inspection_started_at = node.inspection_started_at.map(|at| at - late);
            })
            .await;
        let status = stage.periodic(task).await;
        assert_eq!(status.done.acted, 1, "{task} {:?}", status.last_error);
        let shown = stage.settled(&node).await;
        assert_eq!(shown.provision_state, to, "{task}");
        let error = shown.last_error.unwrap_or_default();
        assert!(error.contains("Timeout reached"), "{task}: {error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manual_cleaning_that_times_out_stays_manual() {
    let stage = Stage::new().await;
    let node = stage.node(State::CleanWait).await;
    let late = chrono::TimeDelta::seconds(1801);
    stage
        .edit(&node, |node| {
            node.target_provision_state = Some(State::Manageable);
            node.provision_updated_at = node.provision_updated_at.map(|at| at - late);
        })
        .await;
    stage.periodic("clean timeouts").await;
    let shown = stage.settled(&node).await;
    assert_eq!(shown.target_provision_state, Some(State::Manageable));
}

#[tokio::test(flavor = "multi_thread")]
async fn intervals_of_zero_switch_tasks_off() {
    let stage = Stage::with(&[
        ("conductor", "sync_power_state_interval", "0"),
        ("conductor", "sync_local_state_interval", "-1"),
        ("conductor", "deploy_callback_timeout", "0"),
    ])
    .await;
    let names: Vec<_> = stage
        .conductor
        .periodic()
        .iter()
        .map(|task| task.name())
        .collect();
    for off in ["power sync", "take-over", "deploy timeouts"] {
        assert!(!names.contains(&off), "{off}");
    }
    assert!(names.contains(&"clean timeouts"));
}
