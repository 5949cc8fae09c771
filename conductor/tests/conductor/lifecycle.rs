//! Every flow when all goes well, and what each leaves in the database.

use schemas_model::provision::{State, Verb};
use schemas_model::{Class, Object};
use schemas_rpc::Reply;
use schemas_rpc::methods::{
    ContinueInspection, DestroyNode, DoNodeClean, DoNodeRescue, DoNodeService, DoNodeUnrescue,
    GetNodeWithToken, Heartbeat, InspectHardware, NodeRef,
};
use serde_json::json;

use crate::script::Act;
use crate::stage::{Stage, refused};

#[tokio::test(flavor = "multi_thread")]
async fn from_enroll_to_active_and_back() {
    let stage = Stage::new().await;
    let node = stage.node(State::Enroll).await;

    let shown = stage.act(&node, Verb::Manage).await.unwrap();
    assert_eq!(
        (shown.provision_state, shown.target_provision_state),
        (State::Manageable, None)
    );

    let shown = stage.act(&node, Verb::Provide).await.unwrap();
    assert_eq!(
        (shown.provision_state, &shown.last_error),
        (State::Available, &None)
    );
    assert_eq!(stage.script.calls("clean.step"), 1);
    assert!(shown.clean_step.is_empty());
    assert_eq!(
        shown.driver_internal_info.member("clean_steps"),
        Some(&json!(null))
    );
    assert_eq!(shown.driver_internal_info.member("clean_step_index"), None);

    stage
        .edit(&node, |node| {
            node.instance_info = Object::from_text(r#"{"image_source": "http://x/i"}"#)
        })
        .await;
    let shown = stage.deploy(&node).await.unwrap();
    assert_eq!(shown.provision_state, State::Active);
    assert_eq!(
        shown.instance_info.text_member("image_type"),
        Some("whole-disk")
    );
    assert!(shown.conductor_affinity.is_some());

    let shown = stage.tear_down(&node).await.unwrap();
    assert_eq!(
        (shown.provision_state, shown.last_error),
        (State::Available, None)
    );
    assert!(shown.instance_info.is_empty());
    assert_eq!(stage.script.calls("deploy.tear_down"), 1);
    assert_eq!(stage.script.calls("clean.step"), 2);

    let history = stage
        .database
        .node_history_list(shown.id, &schemas_db::Page::all())
        .await
        .unwrap();
    let types: Vec<_> = history
        .iter()
        .filter_map(|e| e.event_type.as_deref())
        .collect();
    assert_eq!(
        types,
        [
            "automated_cleaning_start",
            "automated_cleaning_end",
            "deployment_start",
            "deployment_end",
            "automated_cleaning_start",
            "automated_cleaning_end",
        ]
    );

    stage.act(&node, Verb::Manage).await.unwrap();
    stage
        .ask(DestroyNode {
            node_id: NodeRef::from(&node),
        })
        .await
        .unwrap();
    assert!(stage.database.node_by_uuid(&node).await.is_err());
    assert_eq!(stage.conductor.core().leases.held(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn manual_cleaning_waits_for_its_agent_and_leads_back() {
    let stage = Stage::new().await;
    let node = stage.node(State::Manageable).await;
    stage.script.next("deploy.prepare_cleaning", Act::Wait);
    let clean_steps = vec![
        json!({"interface": "deploy", "step": "burn"}),
        json!({"step": "hold"}),
        json!({"interface": "deploy", "step": "erase"}),
    ];
    let request = DoNodeClean {
        node_id: NodeRef::from(&node),
        clean_steps,
        disable_ramdisk: None,
    };
    stage.ask(request).await.unwrap();
    let shown = stage.settled(&node).await;
    assert_eq!(
        (shown.provision_state, shown.target_provision_state),
        (State::CleanWait, Some(State::Manageable))
    );

    // The first step waits, the second is done at once.
    stage.script.next("clean.step", Act::Wait);
    beat(&stage, &node).await.unwrap();
    let shown = stage.settled(&node).await;
    assert_eq!(
        shown.provision_state,
        State::CleanWait,
        "{:?}",
        shown.last_error
    );
    assert_eq!(shown.clean_step.text_member("step"), Some("burn"));
    assert_eq!(
        shown.driver_internal_info.member("clean_step_index"),
        Some(&json!(0))
    );
    // Reserved steps are dropped when the list is made.
    assert_eq!(
        shown
            .driver_internal_info
            .member("clean_steps")
            .unwrap()
            .as_array()
            .unwrap()
            .len(),
        2
    );

    stage.script.next("deploy.poll_step", Act::Wait);
    beat(&stage, &node).await.unwrap();
    assert_eq!(stage.settled(&node).await.provision_state, State::CleanWait);
    assert_eq!(
        stage.script.calls("clean.step"),
        1,
        "a step is not run twice"
    );

    beat(&stage, &node).await.unwrap();
    let shown = stage.settled(&node).await;
    assert_eq!(
        shown.provision_state,
        State::Manageable,
        "{:?}",
        shown.last_error
    );
    assert_eq!(stage.script.calls("clean.step"), 2);
    assert_eq!(stage.script.calls("deploy.tear_down_cleaning"), 1);
}

async fn beat(stage: &Stage, node: &schemas_model::Uuid) -> Result<Reply, schemas_model::Fault> {
    let node_id = NodeRef::from(node);
    let shown = stage.show(node).await;
    let token = match shown.driver_internal_info.text_member("agent_secret_token") {
        Some(token) => token.to_owned(),
        None => {
            let request = GetNodeWithToken {
                node_id: node_id.clone(),
            };
            let Reply::Node(node) = stage.ask(request).await? else {
                panic!()
            };
            node.object
                .driver_internal_info
                .text_member("agent_secret_token")
                .unwrap()
                .to_owned()
        }
    };
    stage
        .ask(Heartbeat {
            node_id,
            callback_url: "https://192.0.2.1:9999".to_owned(),
            agent_version: Some("11".to_owned()),
            agent_token: Some(token.into()),
            agent_verify_ca: None,
            agent_status: None,
            agent_status_message: None,
        })
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_given_once_and_demanded() {
    let stage = Stage::new().await;
    let node = stage.node(State::CleanWait).await;
    let ask = || GetNodeWithToken {
        node_id: NodeRef::from(&node),
    };
    let Reply::Node(first) = stage.ask(ask()).await.unwrap() else {
        panic!()
    };
    let Reply::Node(second) = stage.ask(ask()).await.unwrap() else {
        panic!()
    };
    let token = |node: &schemas_model::Node| {
        node.driver_internal_info
            .text_member("agent_secret_token")
            .unwrap()
            .to_owned()
    };
    assert_eq!(token(&first.object).len(), 43);
    assert_eq!(token(&second.object), "******");
    let wrong = Heartbeat {
        node_id: NodeRef::from(&node),
        callback_url: "https://192.0.2.1".into(),
        agent_version: Some("11".into()),
        agent_token: Some("wrong".into()),
        agent_verify_ca: None,
        agent_status: None,
        agent_status_message: None,
    };
    assert_eq!(
        refused(stage.ask(wrong.clone()).await),
        Class::InvalidParameterValue
    );
    let plain = Heartbeat {
        callback_url: "http://192.0.2.1".into(),
        agent_token: Some(token(&first.object).into()),
        ..wrong
    };
    assert_eq!(
        refused(stage.ask(plain).await),
        Class::InvalidParameterValue
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deployment_waits_for_its_agent() {
    let stage = Stage::new().await;
    let node = stage.node(State::Available).await;
    stage.script.next("deploy.step", Act::Wait);
    let shown = stage.deploy(&node).await.unwrap();
    assert_eq!(
        (shown.provision_state, shown.target_provision_state),
        (State::DeployWait, Some(State::Active))
    );
    assert_eq!(shown.deploy_step.text_member("step"), Some("deploy"));
    beat(&stage, &node).await.unwrap();
    let shown = stage.settled(&node).await;
    assert_eq!(
        shown.provision_state,
        State::Active,
        "{:?}",
        shown.last_error
    );
    assert_eq!(stage.script.calls("deploy.step"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn inspection_with_and_without_a_ramdisk() {
    let stage = Stage::new().await;
    let node = stage.node(State::Manageable).await;
    let inspect = || InspectHardware {
        node_id: NodeRef::from(&node),
    };
    stage.ask(inspect()).await.unwrap();
    let shown = stage.settled(&node).await;
    assert_eq!(shown.provision_state, State::Manageable);
    assert!(shown.inspection_finished_at.is_some() && shown.inspection_started_at.is_none());

    stage.script.next("inspect", Act::Wait);
    stage.ask(inspect()).await.unwrap();
    let shown = stage.settled(&node).await;
    assert_eq!(shown.provision_state, State::InspectWait);
    assert!(shown.inspection_started_at.is_some());
    let results = ContinueInspection {
        node_id: NodeRef::from(&node),
        inventory: json!({"cpu": {}}),
        plugin_data: json!(null),
    };
    stage.ask(results.clone()).await.unwrap();
    let shown = stage.settled(&node).await;
    assert_eq!(shown.provision_state, State::Manageable);
    assert_eq!(refused(stage.ask(results).await), Class::NotFound);

    stage.script.next("inspect", Act::Wait);
    stage.ask(inspect()).await.unwrap();
    stage.settled(&node).await;
    let shown = stage.act(&node, Verb::Abort).await.unwrap();
    assert_eq!(shown.provision_state, State::InspectFailed);
    assert_eq!(
        shown.last_error.as_deref(),
        Some("Inspection was aborted by request.")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn rescue_and_back() {
    let stage = Stage::new().await;
    let node = stage.node(State::Active).await;
    let rescue = DoNodeRescue {
        node_id: NodeRef::from(&node),
        rescue_password: "pw".into(),
    };
    stage.ask(rescue).await.unwrap();
    let shown = stage.settled(&node).await;
    assert_eq!(shown.provision_state, State::Rescue);
    let hashed = shown
        .instance_info
        .text_member("hashed_rescue_password")
        .unwrap();
    assert!(hashed.starts_with("$5$"), "{hashed}");
    stage
        .ask(DoNodeUnrescue {
            node_id: NodeRef::from(&node),
        })
        .await
        .unwrap();
    assert_eq!(stage.settled(&node).await.provision_state, State::Active);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rescue_that_does_not_fit_leaves_no_password() {
    let stage = Stage::new().await;
    let node = stage.node(State::Available).await;
    let rescue = DoNodeRescue {
        node_id: NodeRef::from(&node),
        rescue_password: "pw".into(),
    };
    assert_eq!(
        refused(stage.ask(rescue).await),
        Class::InvalidStateRequested
    );
    let shown = stage.settled(&node).await;
    assert_eq!(shown.provision_state, State::Available);
    assert_eq!(shown.instance_info.member("rescue_password"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn adoption_and_service() {
    let stage = Stage::new().await;
    let node = stage.node(State::Manageable).await;
    let shown = stage.act(&node, Verb::Adopt).await.unwrap();
    assert_eq!(shown.provision_state, State::Active);
    assert_eq!(stage.script.calls("deploy.take_over"), 1);
    let service = DoNodeService {
        node_id: NodeRef::from(&node),
        service_steps: vec![json!({"interface": "deploy", "step": "polish"})],
        disable_ramdisk: None,
    };
    stage.ask(service).await.unwrap();
    let shown = stage.settled(&node).await;
    assert_eq!(
        (shown.provision_state, shown.last_error),
        (State::Active, None)
    );
    assert_eq!(stage.script.calls("service.step"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn automated_cleaning_can_be_switched_off_by_node_and_configuration() {
    let stage = Stage::with(&[("conductor", "automated_clean", "false")]).await;
    let node = stage.node(State::Manageable).await;
    let shown = stage.act(&node, Verb::Provide).await.unwrap();
    assert_eq!(shown.provision_state, State::Available);
    assert_eq!(stage.script.calls("clean.step"), 0);

    let node = stage.node(State::Manageable).await;
    stage
        .edit(&node, |node| node.automated_clean = Some(true))
        .await;
    stage.act(&node, Verb::Provide).await.unwrap();
    assert_eq!(stage.script.calls("clean.step"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn verbs_that_do_not_fit_are_refused_and_change_nothing() {
    let stage = Stage::new().await;
    for (state, verb) in [
        (State::Active, Verb::Provide),
        (State::Enroll, Verb::Adopt),
        (State::Available, Verb::Abort),
        (State::Manageable, Verb::Unhold),
    ] {
        let node = stage.node(state).await;
        assert_eq!(
            refused(stage.act(&node, verb).await),
            Class::InvalidStateRequested,
            "{state} {verb}"
        );
        let shown = stage.settled(&node).await;
        assert_eq!((shown.provision_state, shown.last_error), (state, None));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_node_goes_on_when_it_is_let_go() {
    let stage = Stage::new().await;
    let node = stage.node(State::CleanHold).await;
    let shown = stage.act(&node, Verb::Unhold).await.unwrap();
    assert_eq!(shown.provision_state, State::CleanWait);
}

/// `manage → provide → active → deleted` on fake hardware, in figures.
#[tokio::test(flavor = "multi_thread")]
async fn a_whole_life_costs_little() {
    let stage = Stage::new().await;
    let node = stage.node(State::Enroll).await;
    let begun = std::time::Instant::now();
    stage.act(&node, Verb::Manage).await.unwrap();
    stage.act(&node, Verb::Provide).await.unwrap();
    stage.deploy(&node).await.unwrap();
    stage.tear_down(&node).await.unwrap();
    let took = begun.elapsed();
    assert!(took < std::time::Duration::from_secs(2), "{took:?}");
}
