//! Power synchronisation and recovery, run turn by turn.

use schemas_model::Class;
use schemas_model::power::PowerState::{Off, On};
use schemas_model::provision::State;

use crate::script::Act;
use crate::stage::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_first_seen_is_recorded() {
    let stage = Stage::new().await;
    let node = stage.node(State::Manageable).await;
    stage.script.next("power.state", Act::Power(Some(On)));
    stage.periodic("power sync").await;
    assert_eq!(stage.show(&node).await.power_state, Some(On));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_that_strays_is_brought_back_then_given_up() {
    let stage = Stage::new().await;
    let node = stage.node(State::Active).await;
    stage.edit(&node, |node| node.power_state = Some(On)).await;
    stage.script.next("power.state", Act::Power(Some(Off)));
    for turn in 1..=3 {
        stage.periodic("power sync").await;
        assert_eq!(stage.script.calls("power.set"), turn);
        assert!(!stage.show(&node).await.maintenance);
    }
    stage.periodic("power sync").await;
    let shown = stage.settled(&node).await;
    assert!(shown.maintenance);
    assert_eq!(shown.fault.as_deref(), Some("power failure"));
    assert_eq!(shown.power_state, Some(Off));
    assert_eq!(stage.script.calls("power.set"), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_bmc_costs_its_node_maintenance_and_comes_back() {
    let stage = Stage::new().await;
    let node = stage.node(State::Active).await;
    stage.edit(&node, |node| node.power_state = Some(On)).await;
    for _ in 0..4 {
        stage
            .script
            .next("power.state", Act::Fail(Class::IPMIFailure));
        stage.periodic("power sync").await;
    }
    let shown = stage.settled(&node).await;
    assert!(shown.maintenance && shown.power_state.is_none());
    assert_eq!(stage.periodic("power sync").await.done.examined, 0);

    stage
        .script
        .next("power.state", Act::Fail(Class::IPMIFailure));
    assert_eq!(stage.periodic("power failure recovery").await.done.acted, 0);
    stage.script.next("power.state", Act::Power(Some(On)));
    assert_eq!(stage.periodic("power failure recovery").await.done.acted, 1);
    let shown = stage.settled(&node).await;
    assert!(!shown.maintenance && shown.fault.is_none());
    assert_eq!(shown.power_state, Some(On));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_force_the_finding_is_recorded() {
    let stage = Stage::with(&[("conductor", "force_power_state_during_sync", "false")]).await;
    let node = stage.node(State::Active).await;
    stage.edit(&node, |node| node.power_state = Some(On)).await;
    stage.script.next("power.state", Act::Power(Some(Off)));
    stage.periodic("power sync").await;
    assert_eq!(stage.show(&node).await.power_state, Some(Off));
    assert_eq!(stage.script.calls("power.set"), 0);
}
