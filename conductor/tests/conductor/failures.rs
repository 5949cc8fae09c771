//! Failures injected by name: where a flow ends, what it says, and that nothing stays locked.

use schemas_model::power::PowerState;
use schemas_model::provision::{State, Verb};
use schemas_model::{Class, Node};
use schemas_rpc::methods::{
    ChangeNodePowerState, DoNodeClean, DoNodeService, InspectHardware, NodeRef,
};
use serde_json::json;

use crate::script::Act;
use crate::stage::{Stage, refused};

fn error(node: &Node) -> &str {
    node.last_error.as_deref().unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bmc_that_refuses_keeps_a_node_in_enroll() {
    let stage = Stage::new().await;
    let node = stage.node(State::Enroll).await;
    stage
        .script
        .next("power.state", Act::Fail(Class::IPMIFailure));
    let shown = stage.act(&node, Verb::Manage).await.unwrap();
    assert_eq!(shown.provision_state, State::Enroll);
    assert!(
        error(&shown).contains("power.state was told to fail"),
        "{}",
        error(&shown)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clean_step_that_fails_puts_the_node_into_maintenance() {
    let stage = Stage::new().await;
    let node = stage.node(State::Manageable).await;
    stage
        .script
        .next("clean.step", Act::Fail(Class::NodeCleaningFailure));
    let shown = stage.act(&node, Verb::Provide).await.unwrap();
    assert_eq!(
        (shown.provision_state, shown.target_provision_state),
        (State::CleanFailed, Some(State::Available))
    );
    assert!(shown.maintenance);
    assert_eq!(shown.fault.as_deref(), Some("clean failure"));
    assert_eq!(shown.maintenance_reason, shown.last_error);
    assert!(shown.clean_step.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cleaning_that_cannot_be_prepared_needs_no_maintenance() {
    let stage = Stage::new().await;
    let node = stage.node(State::Manageable).await;
    stage
        .script
        .next("deploy.prepare_cleaning", Act::Fail(Class::NetworkError));
    let shown = stage.act(&node, Verb::Provide).await.unwrap();
    assert_eq!(
        (shown.provision_state, shown.maintenance),
        (State::CleanFailed, false)
    );
    assert!(
        error(&shown).contains("Failed to prepare node"),
        "{}",
        error(&shown)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_step_fails_a_manual_cleaning() {
    let stage = Stage::new().await;
    let node = stage.node(State::Manageable).await;
    let request = DoNodeClean {
        node_id: NodeRef::from(&node),
        clean_steps: vec![json!({"interface": "raid", "step": "no_such_step"})],
        disable_ramdisk: None,
    };
    stage.ask(request).await.unwrap();
    let shown = stage.settled(&node).await;
    assert_eq!(
        (shown.provision_state, shown.target_provision_state),
        (State::CleanFailed, Some(State::Manageable))
    );
    assert!(
        error(&shown).contains("raid.no_such_step"),
        "{}",
        error(&shown)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn each_part_of_a_deployment_can_fail() {
    let stage = Stage::new().await;
    for (method, cleaned_up) in [("deploy.prepare", 0), ("deploy.step", 1)] {
        let node = stage.node(State::Available).await;
        let before = stage.script.calls("deploy.clean_up");
        stage
            .script
            .next(method, Act::Fail(Class::InstanceDeployFailure));
        let shown = stage.deploy(&node).await.unwrap();
        assert_eq!(shown.provision_state, State::DeployFailed, "{method}");
        assert!(error(&shown).contains(method), "{}", error(&shown));
        assert!(shown.deploy_step.is_empty());
        assert_eq!(
            stage.script.calls("deploy.clean_up") - before,
            cleaned_up,
            "{method}"
        );
        let shown = stage.deploy(&node).await.unwrap();
        assert_eq!(
            (shown.provision_state, &shown.last_error),
            (State::Active, &None)
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deployment_that_cannot_be_validated_is_refused() {
    let stage = Stage::new().await;
    let node = stage.node(State::Available).await;
    stage
        .script
        .next("Deploy.validate", Act::Fail(Class::MissingParameterValue));
    let fault = stage.deploy(&node).await.unwrap_err();
    assert_eq!(
        (fault.class, fault.code()),
        (Class::InstanceDeployFailure, 400)
    );
    assert_eq!(stage.settled(&node).await.provision_state, State::Available);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tear_down_that_fails_ends_in_error() {
    let stage = Stage::new().await;
    let node = stage.node(State::Active).await;
    stage
        .edit(&node, |node| node.instance_uuid = Some("i-1".into()))
        .await;
    stage
        .script
        .next("deploy.tear_down", Act::Fail(Class::IPMIFailure));
    let shown = stage.tear_down(&node).await.unwrap();
    assert_eq!(shown.provision_state, State::Error);
    assert!(
        error(&shown).starts_with("Failed to tear down: "),
        "{}",
        error(&shown)
    );
    assert_eq!(shown.instance_uuid, None);
    let shown = stage.tear_down(&node).await.unwrap();
    assert_eq!(shown.provision_state, State::Available);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_costs_one_node_its_flow_and_nobody_anything_else() {
    let stage = Stage::new().await;
    let node = stage.node(State::Available).await;
    stage.script.next("deploy.step", Act::Panic);
    let shown = stage.deploy(&node).await.unwrap();
    assert_eq!(shown.provision_state, State::DeployFailed);
    assert!(
        error(&shown).contains("The conductor failed"),
        "{}",
        error(&shown)
    );
    assert_eq!(stage.conductor.core().workers.busy(), 0);
    let other = stage.node(State::Available).await;
    assert_eq!(
        stage.deploy(&other).await.unwrap().provision_state,
        State::Active
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn inspection_and_service_fail_with_their_reasons() {
    let stage = Stage::new().await;
    let node = stage.node(State::Manageable).await;
    stage
        .script
        .next("inspect", Act::Fail(Class::HardwareInspectionFailure));
    stage
        .ask(InspectHardware {
            node_id: NodeRef::from(&node),
        })
        .await
        .unwrap();
    let shown = stage.settled(&node).await;
    assert_eq!(shown.provision_state, State::InspectFailed);
    assert_eq!(error(&shown), "inspect was told to fail");

    let node = stage.node(State::Active).await;
    stage
        .script
        .next("service.step", Act::Fail(Class::NodeServicingFailure));
    let request = DoNodeService {
        node_id: NodeRef::from(&node),
        service_steps: vec![json!({"interface": "deploy", "step": "polish"})],
        disable_ramdisk: None,
    };
    stage.ask(request).await.unwrap();
    let shown = stage.settled(&node).await;
    assert_eq!(
        (shown.provision_state, shown.maintenance),
        (State::ServiceFailed, true)
    );
    assert_eq!(shown.fault.as_deref(), Some("service failure"));
    assert_eq!(
        refused(stage.act(&node, Verb::Abort).await),
        Class::InvalidState
    );
    stage.edit(&node, |node| node.maintenance = false).await;
    assert_eq!(
        stage.act(&node, Verb::Abort).await.unwrap().provision_state,
        State::Active
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_abort_now_and_an_abort_after_the_step() {
    let stage = Stage::new().await;
    let steps = json!([{"interface": "deploy", "step": "erase"}]);
    for (abortable, expected) in [(true, State::CleanFailed), (false, State::CleanWait)] {
        let node = stage.node(State::CleanWait).await;
        stage
            .edit(&node, |node| {
                node.driver_internal_info.set("clean_steps", steps.clone());
                node.driver_internal_info.set("clean_step_index", 0);
                node.clean_step.set("interface", "deploy");
                node.clean_step.set("step", "erase");
                node.clean_step.set("abortable", abortable);
            })
            .await;
        let shown = stage.act(&node, Verb::Abort).await.unwrap();
        assert_eq!(shown.provision_state, expected);
        if abortable {
            assert!(error(&shown).contains("deploy.erase"), "{}", error(&shown));
        } else {
            assert_eq!(shown.clean_step.member("abort_after"), Some(&json!(true)));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_pool_refuses_and_leaves_the_node_as_it_was() {
    let stage = Stage::with(&[
        ("conductor", "workers_pool_size", "3"),
        ("conductor", "reserved_workers_pool_percentage", "0"),
    ])
    .await;
    let mut busy = Vec::new();
    for _ in 0..3 {
        let node = stage.node(State::Manageable).await;
        stage.script.next("inspect", Act::Hang);
        stage
            .ask(InspectHardware {
                node_id: NodeRef::from(&node),
            })
            .await
            .unwrap();
        busy.push(node);
    }
    let node = stage.node(State::Manageable).await;
    let request = InspectHardware {
        node_id: NodeRef::from(&node),
    };
    assert_eq!(
        refused(stage.ask(request).await),
        Class::NoFreeConductorWorker
    );
    let shown = stage.show(&node).await;
    assert_eq!(
        (shown.provision_state, shown.reservation.as_deref()),
        (State::Manageable, None)
    );
    assert_eq!(error(&shown), "No free conductor workers available");
    for _ in &busy {
        stage.script.open();
    }
    for node in &busy {
        assert_eq!(stage.settled(node).await.provision_state, State::Manageable);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_power_change_that_fails_says_so() {
    let stage = Stage::new().await;
    let node = stage.node(State::Manageable).await;
    let on = || ChangeNodePowerState {
        node_id: NodeRef::from(&node),
        new_state: PowerState::On,
        timeout: None,
    };
    stage
        .script
        .next("power.set", Act::Fail(Class::PowerStateFailure));
    stage.ask(on()).await.unwrap();
    let shown = stage.settled(&node).await;
    assert_eq!((shown.power_state, shown.target_power_state), (None, None));
    assert!(
        error(&shown).starts_with("Failed to change power state to 'power on'"),
        "{}",
        error(&shown)
    );
    stage.ask(on()).await.unwrap();
    let shown = stage.settled(&node).await;
    assert_eq!(
        (shown.power_state, shown.last_error),
        (Some(PowerState::On), None)
    );
    stage
        .edit(&node, |node| node.disable_power_off = Some(true))
        .await;
    let off = ChangeNodePowerState {
        new_state: PowerState::Off,
        ..on()
    };
    stage.ask(off).await.unwrap();
    let shown = stage.settled(&node).await;
    assert_eq!(shown.power_state, Some(PowerState::On));
    assert!(
        error(&shown).contains("disable_power_off"),
        "{}",
        error(&shown)
    );
}
