//! Vendor methods: subscriptions and ejection.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod machine;
mod node;

use drivers_interface::HttpMethod;
use machine::FakeMachine;
use node::TestTask;
use schemas_model::{Class, Object};
use serde_json::{Value, json};

fn info(value: Value) -> Object {
    serde_json::from_value(value).unwrap()
}

#[tokio::test]
async fn subscriptions() {
    let machine = FakeMachine::start().await;
    let mut task = TestTask::new(&machine.bmc.origin);
    let vendor = task.set().vendor.clone();
    let wanted = info(
        json!({"Destination": "https://listener/events", "HttpHeaders": [{"Authorization": "secret"}], "EventTypes": ["Alert"]}),
    );
    vendor
        .validate_method(&task, "create_subscription", &wanted)
        .await
        .unwrap();
    let made = vendor
        .call(&mut task, "create_subscription", HttpMethod::Post, &wanted)
        .await
        .unwrap();
    assert_eq!(
        made,
        json!({"Id": "7", "Destination": "https://listener/events", "Protocol": "Redfish", "Context": "", "EventTypes": ["Alert"]})
    );
    let one = vendor
        .call(
            &mut task,
            "get_subscription",
            HttpMethod::Get,
            &info(json!({"id": "7"})),
        )
        .await
        .unwrap();
    assert_eq!(one["Id"], "7");
    let fault = vendor
        .call(
            &mut task,
            "delete_subscription",
            HttpMethod::Delete,
            &info(json!({"id": "8"})),
        )
        .await
        .unwrap_err();
    assert_eq!((fault.class, fault.code()), (Class::RedfishError, 404));
    let all = vendor
        .call(
            &mut task,
            "get_all_subscriptions",
            HttpMethod::Get,
            &info(json!({})),
        )
        .await
        .unwrap();
    assert_eq!(all["Members"], json!([]));
}

#[tokio::test]
async fn arguments_are_checked_first() {
    let machine = FakeMachine::start().await;
    let task = TestTask::new(&machine.bmc.origin);
    let vendor = task.set().vendor.clone();
    for (method, arguments) in [
        ("create_subscription", json!({})),
        ("create_subscription", json!({"Destination": "nowhere"})),
        (
            "create_subscription",
            json!({"Destination": "https://a/b", "Context": 1}),
        ),
        (
            "create_subscription",
            json!({"Destination": "https://a/b", "HttpHeaders": "x"}),
        ),
        (
            "create_subscription",
            json!({"Destination": "https://a/b", "EventTypes": ["Nonsense"]}),
        ),
        ("delete_subscription", json!({})),
        ("eject_vmedia", json!({"boot_device": "disk"})),
    ] {
        let fault = vendor
            .validate_method(&task, method, &info(arguments.clone()))
            .await
            .unwrap_err();
        assert_eq!(
            fault.class,
            Class::InvalidParameterValue,
            "{method} {arguments}"
        );
    }
    vendor
        .validate_method(&task, "eject_vmedia", &info(json!({"boot_device": "cd"})))
        .await
        .unwrap();
}

#[tokio::test]
async fn media_are_ejected() {
    let machine = FakeMachine::start().await;
    let cd = "/redfish/v1/Systems/1/VirtualMedia/Cd";
    machine.change(cd, json!({"Inserted": true}));
    let mut task = TestTask::new(&machine.bmc.origin);
    let vendor = task.set().vendor.clone();
    vendor
        .call(
            &mut task,
            "eject_vmedia",
            HttpMethod::Post,
            &info(json!({"boot_device": "floppy"})),
        )
        .await
        .unwrap();
    assert_eq!(machine.at(cd, "/Inserted"), true);
    vendor
        .call(
            &mut task,
            "eject_vmedia",
            HttpMethod::Post,
            &info(json!({})),
        )
        .await
        .unwrap();
    assert_eq!(machine.at(cd, "/Inserted"), false);
}
