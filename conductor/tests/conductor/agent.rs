//! Flows that work through a ramdisk, with the real agent interfaces and an agent that speaks HTTP.

use schemas_model::power::PowerState;
use schemas_model::provision::{State, Verb};
use schemas_model::{Fault, Object, Uuid};
use schemas_rpc::Reply;
use schemas_rpc::methods::{DoNodeClean, DoNodeRescue, GetNodeWithToken, Heartbeat, NodeRef};
use serde_json::{Value, json};

use crate::fake_agent::FakeAgent;
use crate::script::Act;
use crate::stage::Stage;

const OPTIONS: &[(&str, &str, &str)] = &[
    (
        "DEFAULT",
        "enabled_deploy_interfaces",
        "direct,ramdisk,fake",
    ),
    ("DEFAULT", "default_deploy_interface", "direct"),
    ("DEFAULT", "enabled_rescue_interfaces", "agent,fake"),
    ("DEFAULT", "default_rescue_interface", "agent"),
    ("agent", "require_tls", "False"),
    ("agent", "command_wait_interval", "0"),
    ("agent", "post_deploy_get_power_state_retry_interval", "0"),
    ("deploy", "default_boot_mode", "uefi"),
];

struct Machine {
    stage: Stage,
    agent: FakeAgent,
    node: Uuid,
    token: tokio::sync::Mutex<Option<String>>,
    logs: tempfile::TempDir,
}

impl Machine {
    async fn new(state: State) -> Self {
        // The executable does this when it starts; a second time changes nothing.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let logs = tempfile::tempdir().unwrap();
        let path = logs.path().to_string_lossy().into_owned();
        let mut options = OPTIONS.to_vec();
        options.push(("agent", "deploy_logs_local_path", &path));
        options.push(("agent", "certificates_path", &path));
        let stage = Stage::with(&options).await;
        let node = stage.node(state).await;
        stage
            .edit(&node, |node| {
                node.power_state = Some(PowerState::On);
                node.driver_info.set("ipmi_password", "hunter2");
                // Its UEFI boot order is left alone: fake management boots from no disk.
                node.properties.set("vendor", "Lenovo");
                node.instance_info = Object::from_text(
                    r#"{"image_source": "http://192.0.2.1/i.qcow2", "image_checksum": "abc",
                        "image_type": "whole-disk", "configdrive": "H4sI", "rescue_password": "x"}"#,
                );
            })
            .await;
        Machine {
            stage,
            agent: FakeAgent::boot().await,
            node,
            token: tokio::sync::Mutex::default(),
            logs,
        }
    }

    /// The agent looks its node up (once a boot) and reports in; returns the node when all has settled.
    async fn beat(&self) -> schemas_model::Node {
        self.beat_with(None).await.unwrap();
        self.stage.settled(&self.node).await
    }

    async fn beat_with(&self, certificate: Option<&str>) -> Result<(), Fault> {
        let node_id = NodeRef::from(&self.node);
        let mut token = self.token.lock().await;
        if token.is_none() {
            let asked = GetNodeWithToken {
                node_id: node_id.clone(),
            };
            let Reply::Node(node) = self.stage.ask(asked).await? else {
                panic!()
            };
            let given = node.object.driver_internal_info;
            *token = given.text_member("agent_secret_token").map(str::to_owned);
        }
        let request = Heartbeat {
            node_id,
            callback_url: self.agent.url.clone(),
            agent_version: Some("13.0.0".to_owned()),
            agent_token: token.clone().map(Into::into),
            agent_verify_ca: certificate.map(str::to_owned),
            agent_status: None,
            agent_status_message: None,
        };
        self.stage.ask(request).await.map(drop)
    }

    /// The machine reboots for a step: another agent comes up.
    async fn reboot(&self) {
        self.agent.reboot();
        *self.token.lock().await = None;
    }

    async fn clean(&self, steps: Value) -> schemas_model::Node {
        let request = DoNodeClean {
            node_id: NodeRef::from(&self.node),
            clean_steps: steps.as_array().unwrap().clone(),
            disable_ramdisk: None,
        };
        self.stage.ask(request).await.unwrap();
        self.stage.settled(&self.node).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_image_is_deployed_as_the_recorded_conversation_goes() {
    let machine = Machine::new(State::Available).await;
    let node = machine.stage.deploy(&machine.node).await.unwrap();
    assert_eq!(
        node.provision_state,
        State::DeployWait,
        "{:?}",
        node.last_error
    );

    let node = machine.beat().await;
    assert_eq!(
        node.provision_state,
        State::DeployWait,
        "{:?}",
        node.last_error
    );
    let info = &node.driver_internal_info;
    assert_eq!(info.text_member("agent_url"), Some(&*machine.agent.url));
    assert_eq!(info.text_member("agent_version"), Some("13.0.0"));
    assert!(info.text_member("agent_last_heartbeat").is_some());
    assert_eq!(node.deploy_step.text_member("step"), Some("write_image"));
    let sent = machine.agent.last_params();
    assert_eq!(sent["step"]["args"]["configdrive"], "H4sI");
    assert_eq!(sent["deploy_version"]["generic_hardware_manager"], "1.2");
    assert_eq!(sent["node"]["instance_info"]["configdrive"], "H4sI");
    assert!(!sent.to_string().contains("hunter2"));

    // It still writes: a heartbeat changes nothing.
    let node = machine.beat().await;
    assert_eq!(node.provision_state, State::DeployWait);

    machine.agent.end("SUCCEEDED", Value::Null);
    machine
        .stage
        .script
        .next("power.state", Act::Power(Some(PowerState::Off)));
    let node = machine.beat().await;
    assert_eq!(
        (node.provision_state, node.last_error.as_deref()),
        (State::Active, None)
    );
    assert_eq!(
        machine.agent.ran(),
        [
            "deploy.get_deploy_steps",
            "deploy.execute_deploy_step",
            "standby.get_partition_uuids",
            "image.install_bootloader",
            "standby.power_off",
        ]
    );
    let token = machine.token.lock().await.clone().unwrap();
    assert_eq!(machine.agent.tokens(), [token]);
    assert_eq!(node.driver_internal_info.member("agent_url"), None);
    assert_eq!(machine.stage.script.calls("boot.prepare_instance"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_step_fails_the_deployment_and_keeps_the_logs() {
    let machine = Machine::new(State::Available).await;
    machine.stage.deploy(&machine.node).await.unwrap();
    machine.beat().await;
    machine.agent.end(
        "FAILED",
        json!({"type": "ImageWriteError", "message": "Error writing image", "details": "disk full"}),
    );
    let node = machine.beat().await;
    assert_eq!(node.provision_state, State::DeployFailed);
    assert!(node.last_error.unwrap().contains("disk full"));
    assert!(
        machine
            .agent
            .ran()
            .contains(&"log.collect_system_logs".to_owned())
    );
    let kept: Vec<_> = std::fs::read_dir(machine.logs.path()).unwrap().collect();
    assert_eq!(kept.len(), 1);
    let file = kept.into_iter().next().unwrap().unwrap().path();
    assert_eq!(std::fs::read(&file).unwrap(), b"logs");
}

#[tokio::test(flavor = "multi_thread")]
async fn manual_cleaning_runs_the_agents_step_and_leads_back() {
    let machine = Machine::new(State::Manageable).await;
    let node = machine
        .clean(json!([{"interface": "deploy", "step": "erase_devices_metadata"}]))
        .await;
    assert_eq!(
        node.provision_state,
        State::CleanWait,
        "{:?}",
        node.last_error
    );
    machine.beat().await;
    machine.agent.end("SUCCEEDED", Value::Null);
    let node = machine.beat().await;
    assert_eq!(
        (node.provision_state, node.last_error.as_deref()),
        (State::Manageable, None)
    );
    assert_eq!(
        machine.agent.ran(),
        ["clean.get_clean_steps", "clean.execute_clean_step"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn automated_cleaning_reboots_where_a_step_asks_for_it() {
    let machine = Machine::new(State::Manageable).await;
    let current = |node: &schemas_model::Node| {
        let step = node.clean_step.text_member("step").map(str::to_owned);
        step.unwrap_or_else(|| panic!("{} {:?}", node.provision_state, node.last_error))
    };
    machine
        .stage
        .act(&machine.node, Verb::Provide)
        .await
        .unwrap();
    let node = machine.beat().await;
    assert_eq!(current(&node), "update_nic");
    let reboots = machine.stage.script.calls("power.reboot");
    machine.agent.end("SUCCEEDED", Value::Null);
    let node = machine.beat().await;
    assert_eq!(node.provision_state, State::CleanWait);
    assert_eq!(machine.stage.script.calls("power.reboot"), reboots + 1);
    let flag = node.driver_internal_info.member("cleaning_reboot");
    assert_eq!(flag, Some(&json!(true)));

    machine.reboot().await;
    let node = machine.beat().await;
    assert_eq!(current(&node), "erase_devices_metadata");
    let flag = node.driver_internal_info.member("cleaning_reboot");
    assert_eq!(flag, None);

    // Another version of the agent: all begins again, with its steps.
    machine.agent.end("VERSION_MISMATCH", Value::Null);
    let node = machine.beat().await;
    assert_eq!(current(&node), "update_nic");
    machine.agent.end("SUCCEEDED", Value::Null);
    machine.beat().await;
    machine.reboot().await;
    for step in ["erase_devices_metadata", "erase_devices"] {
        let node = machine.beat().await;
        assert_eq!(current(&node), step);
        machine.agent.end("SUCCEEDED", Value::Null);
    }
    let node = machine.beat().await;
    assert_eq!(
        (node.provision_state, node.last_error.as_deref()),
        (State::Available, None)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rescue_gives_the_agent_the_hashed_password() {
    let machine = Machine::new(State::Active).await;
    let request = DoNodeRescue {
        node_id: NodeRef::from(&machine.node),
        rescue_password: "hunter3".to_owned().into(),
    };
    machine.stage.ask(request).await.unwrap();
    let node = machine.stage.settled(&machine.node).await;
    assert_eq!(
        node.provision_state,
        State::RescueWait,
        "{:?}",
        node.last_error
    );
    let node = machine.beat().await;
    assert_eq!(node.provision_state, State::Rescue, "{:?}", node.last_error);
    let sent = machine.agent.last_params();
    assert_eq!(sent["hashed"], true);
    assert!(sent["rescue_password"].as_str().unwrap().starts_with("$5$"));
    assert_eq!(node.instance_info.member("rescue_password"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_is_kept_for_one_boot() {
    let one = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
    let machine = Machine::new(State::Cleaning).await;
    machine.beat_with(Some(one)).await.unwrap();
    let node = machine.stage.settled(&machine.node).await;
    let path = node.driver_internal_info.text_member("agent_verify_ca");
    assert_eq!(std::fs::read_to_string(path.unwrap()).unwrap(), one);
    let other = one.replace("AA", "BB");
    let refused = machine.beat_with(Some(&other)).await.unwrap_err();
    assert!(refused.message.contains("Detected change"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_heartbeat_in_a_state_without_agents_is_ignored() {
    let machine = Machine::new(State::Active).await;
    let node = machine.beat().await;
    assert_eq!(node.driver_internal_info.member("agent_url"), None);
}
