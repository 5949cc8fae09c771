//! Power: on, off, reboot, soft; refusals that mean "already"; BMCs that settle; wrong passwords.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod machine;
mod node;

use std::sync::atomic::{AtomicUsize, Ordering};

use machine::{FakeMachine, SYSTEM};
use node::TestTask;
use schemas_model::Class;
use schemas_model::power::PowerState;
use serde_json::json;

const RESET: &str = "POST /redfish/v1/Systems/1/Actions/ComputerSystem.Reset";

fn resets(machine: &FakeMachine) -> Vec<String> {
    machine
        .bodies(RESET)
        .iter()
        .map(|body| body["ResetType"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn on_reboot_and_off() {
    let machine = FakeMachine::start().await;
    let mut task = TestTask::new(&machine.bmc.origin);
    let power = task.set().power.clone();
    assert_eq!(
        power.power_state(&mut task).await.unwrap(),
        Some(PowerState::Off)
    );
    power
        .set_power_state(&mut task, PowerState::On, None)
        .await
        .unwrap();
    assert_eq!(
        power.power_state(&mut task).await.unwrap(),
        Some(PowerState::On)
    );
    power.reboot(&mut task, None).await.unwrap();
    power
        .set_power_state(&mut task, PowerState::SoftOff, None)
        .await
        .unwrap();
    assert_eq!(machine.at(SYSTEM, "/PowerState"), "Off");
    power.reboot(&mut task, None).await.unwrap();
    assert_eq!(
        resets(&machine),
        ["On", "ForceOff", "On", "GracefulShutdown", "On"]
    );
}

#[tokio::test]
async fn a_refusal_of_the_state_it_is_in_is_success() {
    let machine = FakeMachine::refusing(|line, _| {
        (line == RESET).then(|| {
            (
                409,
                json!({"error": {"message": "Server is already powered OFF."}}),
            )
        })
    })
    .await;
    let mut task = TestTask::new(&machine.bmc.origin);
    let power = task.set().power.clone();
    power
        .set_power_state(&mut task, PowerState::Off, None)
        .await
        .unwrap();
    let fault = power
        .set_power_state(&mut task, PowerState::On, None)
        .await
        .unwrap_err();
    assert_eq!(fault.class, Class::RedfishError);
    let node = task.node.uuid.to_string();
    for part in [
        node.as_str(),
        machine.bmc.origin.as_str(),
        "'power on'",
        "already powered OFF",
    ] {
        assert!(fault.message.contains(part), "{part} in {fault}");
    }
}

#[tokio::test]
async fn a_bmc_that_settles_is_asked_again() {
    let asked = AtomicUsize::new(0);
    let machine = FakeMachine::refusing(move |line, _| {
        let conflict = json!({"error": {"@Message.ExtendedInfo": [{"MessageId": "Base.1.18.ActionParameterValueConflict"}]}});
        (line == RESET && asked.fetch_add(1, Ordering::SeqCst) < 2).then_some((409, conflict))
    })
    .await;
    let mut task = TestTask::new(&machine.bmc.origin);
    task.set()
        .power
        .set_power_state(&mut task, PowerState::On, None)
        .await
        .unwrap();
    assert_eq!(resets(&machine), ["On", "On", "On"]);
}

#[tokio::test]
async fn a_machine_that_does_not_obey_is_named() {
    // The BMC accepts, and nothing happens.
    let machine = FakeMachine::start().await;
    machine.change(SYSTEM, json!({"Actions": {"#ComputerSystem.Reset": {"target": "/redfish/v1/Nowhere/Actions/Nothing"}}}));
    let mut task = TestTask::new(&machine.bmc.origin);
    let fault = task
        .set()
        .power
        .set_power_state(
            &mut task,
            PowerState::On,
            Some(std::time::Duration::from_secs(2)),
        )
        .await
        .unwrap_err();
    assert_eq!(fault.class, Class::PowerStateFailure);
    assert!(
        fault.message.contains("still 'power off'") && fault.message.contains(&machine.bmc.origin),
        "{fault}"
    );
}

#[tokio::test]
async fn a_reset_that_is_not_offered_is_not_sent() {
    let machine = FakeMachine::start().await;
    machine.change(SYSTEM, json!({"Actions": {"#ComputerSystem.Reset": {"ResetType@Redfish.AllowableValues": ["On", "ForceOff"]}}}));
    let mut task = TestTask::new(&machine.bmc.origin);
    let fault = task
        .set()
        .power
        .set_power_state(&mut task, PowerState::SoftOff, None)
        .await
        .unwrap_err();
    assert!(
        fault
            .message
            .contains("GracefulShutdown is not offered; the BMC allows On, ForceOff"),
        "{fault}"
    );
    assert!(resets(&machine).is_empty());
}

#[tokio::test]
async fn faults_name_the_reason() {
    let machine = FakeMachine::refusing(|_, _| {
        Some((
            401,
            json!({"error": {"message": "Incorrect username or password"}}),
        ))
    })
    .await;
    let mut task = TestTask::new(&machine.bmc.origin);
    let fault = task.set().power.power_state(&mut task).await.unwrap_err();
    assert_eq!(fault.class, Class::RedfishError);
    assert!(
        fault.message.contains("Incorrect username or password")
            && !fault.message.contains("s3cret"),
        "{fault}"
    );

    let mut nobody = TestTask::new("http://127.0.0.1:9");
    let fault = nobody
        .set()
        .power
        .power_state(&mut nobody)
        .await
        .unwrap_err();
    assert_eq!(fault.class, Class::RedfishConnectionError);
    assert!(
        fault.message.contains("http://127.0.0.1:9") && fault.message.contains("Check the address"),
        "{fault}"
    );
}
