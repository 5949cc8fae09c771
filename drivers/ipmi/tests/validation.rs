//! What `validate` says of a node's `driver_info`. The cases and their outcomes are those of
//! Ironic 39.0.0, observed through `GET /v1/nodes/{node}/validate`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod node;

use drivers_interface::{Interface, Vendor};
use drivers_ipmi::{
    Bmcs, IntelIpmitoolManagement, IpmitoolManagement, IpmitoolPower, IpmitoolVendor, PROPERTIES,
};
use node::TestTask;
use schemas_model::{Class, Object};
use serde_json::{Value, json};

/// The address and these.
fn with(more: Value) -> Value {
    let mut info = json!({"ipmi_address": "192.0.2.1"});
    let (Some(all), Value::Object(more)) = (info.as_object_mut(), more) else {
        panic!("objects");
    };
    all.extend(more);
    info
}

async fn refusal(driver_info: Value) -> (Class, String) {
    let task = TestTask::new(driver_info.clone());
    let power = IpmitoolPower::new(Bmcs::default());
    match power.validate(&task).await {
        Ok(()) => panic!("{driver_info} was accepted"),
        Err(fault) => (fault.class, fault.message.into_owned()),
    }
}

#[tokio::test]
async fn what_is_missing_or_wrong_is_named() {
    let missing = Class::MissingParameterValue;
    let invalid = Class::InvalidParameterValue;
    let cases = [
        (json!({}), missing, "['ipmi_address']"),
        (json!({"ipmi_address": ""}), missing, "['ipmi_address']"),
        (
            json!({"ipmi_address": "bad_host!"}),
            invalid,
            "\"bad_host!\"",
        ),
        (
            with(json!({"ipmi_port": "abc"})),
            invalid,
            "ipmi_port \"abc\"",
        ),
        (
            with(json!({"ipmi_port": 65536})),
            invalid,
            "ipmi_port \"65536\"",
        ),
        (
            with(json!({"ipmi_terminal_port": "99999"})),
            invalid,
            "ipmi_terminal_port \"99999\"",
        ),
        (
            with(json!({"ipmi_priv_level": "admin"})),
            invalid,
            "ADMINISTRATOR, CALLBACK, OPERATOR, USER",
        ),
        (
            with(json!({"ipmi_priv_level": null})),
            invalid,
            "level value:None",
        ),
        (
            with(json!({"ipmi_bridging": null})),
            invalid,
            "ipmi_bridging: None",
        ),
        (
            with(json!({"ipmi_protocol_version": null})),
            invalid,
            "version value None",
        ),
        (with(json!({"ipmi_port": ""})), invalid, "ipmi_port \"\""),
        (
            with(json!({"ipmi_bridging": "single"})),
            missing,
            "['ipmi_target_channel', 'ipmi_target_address']",
        ),
        (
            with(json!({"ipmi_bridging": "dual", "ipmi_target_channel": 1})),
            missing,
            "['ipmi_target_address', 'ipmi_transit_channel', 'ipmi_transit_address']",
        ),
        (
            with(json!({"ipmi_bridging": "x"})),
            invalid,
            "['single', 'dual', 'no']",
        ),
        (with(json!({"ipmi_hex_kg_key": "abc"})), invalid, "not even"),
        (
            with(json!({"ipmi_hex_kg_key": "zz"})),
            invalid,
            "hexadecimal",
        ),
        (
            with(json!({"ipmi_cipher_suite": "x"})),
            invalid,
            "cipher suite x, expected a number",
        ),
        (
            with(json!({"ipmi_cipher_suite": "0"})),
            invalid,
            "no authentication",
        ),
        (
            with(json!({"ipmi_cipher_suite": "3", "ipmi_protocol_version": "1.5"})),
            invalid,
            "Cipher suites cannot be used with IPMI 1.5",
        ),
        (
            with(json!({"ipmi_protocol_version": "3"})),
            invalid,
            "2.0, 1.5",
        ),
        (
            with(json!({"ipmi_username": "seventeen-letters"})),
            invalid,
            "16 bytes",
        ),
    ];
    for (driver_info, class, part) in cases {
        let shown = driver_info.to_string();
        let (got, message) = refusal(driver_info).await;
        assert_eq!(got, class, "{shown}: {message}");
        assert!(message.contains(part), "{shown}: {message}");
    }
}

#[tokio::test]
async fn what_ironic_accepts_is_accepted() {
    for driver_info in [
        with(json!({})),
        json!({"ipmi_address": "bmc-1.example.org", "ipmi_username": "u", "ipmi_password": "p"}),
        json!({"ipmi_address": "2001:db8::1", "ipmi_port": "6230"}),
        with(json!({"ipmi_protocol_version": 2.0})),
        with(json!({"ipmi_protocol_version": "1.5"})),
        with(json!({"ipmi_cipher_suite": 17})),
        with(json!({"ipmi_cipher_suite": 0})),
        with(json!({"ipmi_cipher_suite": null, "ipmi_hex_kg_key": null, "ipmi_port": null})),
        with(json!({"ipmi_port": 0, "ipmi_terminal_port": 0})),
        with(json!({"ipmi_port": 623.0, "ipmi_terminal_port": ""})),
        with(json!({"ipmi_password": 1234})),
        with(json!({"ipmi_hex_kg_key": "0123456789abcdefABCD"})),
        with(json!({
            "ipmi_bridging": "single",
            "ipmi_target_channel": "7",
            "ipmi_target_address": "0x72",
        })),
    ] {
        let task = TestTask::new(driver_info.clone());
        let power = IpmitoolPower::new(Bmcs::default());
        assert_eq!(power.validate(&task).await, Ok(()), "{driver_info}");
    }
}

/// Read off Ironic 39.0.0: what it passes to `ipmitool`.
#[test]
fn zeros_are_what_ipmitool_takes_by_itself() {
    let zeros = with(json!({"ipmi_port": 0, "ipmi_cipher_suite": 0}));
    let mut task = TestTask::new(zeros);
    task.configure(|config| config.ipmi.cipher_suite_versions = vec!["1".into()]);
    let target = drivers_ipmi::target(&task.node, &task.config).unwrap();
    assert_eq!(target.port, 623);
    let suites: Vec<_> = target.parameters.suites.iter().map(|row| row.id).collect();
    assert_eq!(suites, [17, 3]);
}

#[tokio::test]
async fn only_power_looks_at_the_form_of_the_address() {
    let task = TestTask::new(json!({"ipmi_address": "bad_host!"}));
    let management = IpmitoolManagement::new(Bmcs::default());
    assert_eq!(management.validate(&task).await, Ok(()));
}

#[tokio::test]
async fn messages_hold_no_password() {
    let secret = "a-password-that-is-too-long";
    let (_, message) = refusal(with(json!({"ipmi_password": secret}))).await;
    assert!(message.contains("20 bytes"), "{message}");
    assert!(!message.contains(secret));
    let (_, message) = refusal(with(json!({"ipmi_hex_kg_key": "0123zz"}))).await;
    assert!(!message.contains("0123"));
}

#[tokio::test]
async fn a_raw_command_needs_its_bytes() {
    let task = TestTask::new(with(json!({})));
    let vendor = IpmitoolVendor::new(Bmcs::default());
    let nothing = Object::default();
    let fault = vendor
        .validate_method(&task, "send_raw", &nothing)
        .await
        .unwrap_err();
    assert_eq!(fault.class, Class::MissingParameterValue);
    assert!(fault.message.contains("raw_bytes"));
    vendor
        .validate_method(&task, "bmc_reset", &nothing)
        .await
        .unwrap();
}

#[test]
fn all_interfaces_read_the_same_properties() {
    let bmcs = Bmcs::default();
    let names: Vec<_> = PROPERTIES.iter().map(|row| row.name).collect();
    assert_eq!(names.len(), 16);
    assert!(names.iter().all(|name| name.starts_with("ipmi_")));
    assert_eq!(IpmitoolPower::new(bmcs.clone()).properties(), PROPERTIES);
    assert_eq!(
        IpmitoolManagement::new(bmcs.clone()).properties(),
        PROPERTIES
    );
    assert_eq!(
        IntelIpmitoolManagement::new(bmcs.clone()).properties(),
        PROPERTIES
    );
    assert_eq!(IpmitoolVendor::new(bmcs).properties(), PROPERTIES);
}

#[test]
fn steps_are_those_that_ironic_lists() {
    let rows = |interface: &dyn Interface| -> Vec<_> {
        interface
            .step_table()
            .iter()
            .map(|row| {
                (
                    row.kind.as_str(),
                    row.name,
                    row.priority,
                    row.abortable,
                    row.requires_ramdisk,
                )
            })
            .collect()
    };
    assert_eq!(
        rows(&IpmitoolVendor::new(Bmcs::default())),
        [
            ("clean", "send_raw", 0, false, false),
            ("deploy", "send_raw", 0, true, true),
            ("service", "send_raw", 0, false, true),
        ]
    );
    assert_eq!(
        rows(&IntelIpmitoolManagement::new(Bmcs::default())),
        [("deploy", "configure_intel_speedselect", 200, true, true)]
    );
}
