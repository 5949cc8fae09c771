//! Forms of `driver_info` that Ironic 39.0.0 accepts and refuses (observed).

use drivers_redfish_client::Verify;
use schemas_config::{Config, Machine, Sources};
use schemas_model::{Class, Uuid};
use serde_json::json;

use super::*;

fn config() -> Config {
    Config::load(Sources::new(Machine::detect())).unwrap().0
}

fn parse(info: Value) -> Result<Access, Fault> {
    let mut node = Node::new(Uuid::random(), "redfish");
    node.driver_info = serde_json::from_value(info).unwrap();
    Access::parse(&node, &config().redfish)
}

fn refused(info: Value) -> (Class, String) {
    let fault = parse(info).unwrap_err();
    (fault.class, fault.message.into_owned())
}

#[test]
fn the_address_is_required() {
    for info in [
        json!({}),
        json!({"redfish_address": ""}),
        json!({"redfish_address": null}),
    ] {
        let (class, message) = refused(info);
        assert_eq!(class, Class::MissingParameterValue);
        assert!(
            message.ends_with("driver_info: ['redfish_address']"),
            "{message}"
        );
    }
}

#[test]
fn addresses() {
    for (address, origin, root) in [
        ("https://bmc", "https://bmc", "/redfish/v1/"),
        ("bmc", "https://bmc", "/redfish/v1/"),
        ("bmc:8443", "https://bmc:8443", "/redfish/v1/"),
        ("http://bmc:8000/", "http://bmc:8000", "/redfish/v1/"),
        (
            "https://bmc/proxy/7/redfish/v1",
            "https://bmc",
            "/proxy/7/redfish/v1",
        ),
        ("fe80::1", "https://[fe80::1]", "/redfish/v1/"),
        (
            "https://[fe80::1]:8443",
            "https://[fe80::1]:8443",
            "/redfish/v1/",
        ),
        ("192.0.2.7", "https://192.0.2.7", "/redfish/v1/"),
    ] {
        let info = parse(json!({"redfish_address": address})).unwrap();
        assert_eq!(info.settings.address.to_string(), origin);
        assert_eq!(info.settings.address.root().as_str(), root, "{address}");
        assert_eq!(info.settings.credentials, None);
    }
    for address in [
        json!(7),
        json!("https://"),
        json!("/:#?@"),
        json!("ftp://bmc"),
        json!("https://a b"),
    ] {
        assert_eq!(
            refused(json!({"redfish_address": address})).0,
            Class::InvalidParameterValue,
            "{address}"
        );
    }
}

#[test]
fn an_account_in_the_address_is_used_and_never_shown() {
    let info = parse(json!({"redfish_address": "https://admin:s%23cret@bmc"})).unwrap();
    assert_eq!(info.settings.address.to_string(), "https://bmc");
    assert!(
        info.settings
            .credentials
            .unwrap()
            .password
            .matches("s#cret")
    );
    let (_, message) = refused(json!({"redfish_address": "ftp://admin:s3cret@bmc"}));
    assert!(!message.contains("s3cret"), "{message}");
}

#[test]
fn systems_are_paths() {
    let system = |id: Value| {
        parse(json!({"redfish_address": "bmc", "redfish_system_id": id}))
            .map(|info| info.system.map(|path| path.to_string()))
    };
    assert_eq!(
        system(json!("/redfish/v1/Systems/1")).unwrap().unwrap(),
        "/redfish/v1/Systems/1"
    );
    assert_eq!(
        system(json!("/redfish/v1/Systems/a b")).unwrap().unwrap(),
        "/redfish/v1/Systems/a%20b"
    );
    assert_eq!(system(json!("")).unwrap(), None);
    for id in [
        json!(1),
        json!(["/redfish/v1/Systems/1"]),
        json!("/redfish/../admin"),
    ] {
        assert_eq!(
            system(id.clone()).unwrap_err().class,
            Class::InvalidParameterValue,
            "{id}"
        );
    }
}

#[test]
fn verify_ca_is_a_boolean_or_a_path() {
    let verify = |value: Value| {
        parse(json!({"redfish_address": "bmc", "redfish_verify_ca": value}))
            .map(|info| info.settings.tls.verify)
    };
    assert_eq!(
        parse(json!({"redfish_address": "bmc"}))
            .unwrap()
            .settings
            .tls
            .verify,
        Verify::System
    );
    for (value, wanted) in [
        (json!(true), Verify::System),
        (json!("False"), Verify::Off),
        (json!("yes"), Verify::System),
        (json!(false), Verify::Off),
    ] {
        assert_eq!(verify(value).unwrap(), wanted);
    }
    let directory = std::env::temp_dir();
    assert_eq!(
        verify(json!(directory.to_str().unwrap())).unwrap(),
        Verify::Bundle(directory)
    );
    for value in [json!("/no/such/ca.pem"), json!(1), json!(null), json!({})] {
        assert_eq!(
            verify(value.clone()).unwrap_err().class,
            Class::InvalidParameterValue,
            "{value}"
        );
    }
}

#[test]
fn authentication_and_tls() {
    let with = |name: &str, value: Value| parse(json!({"redfish_address": "bmc", name: value}));
    assert_eq!(
        with("redfish_auth_type", json!("basic"))
            .unwrap()
            .settings
            .auth,
        AuthType::Basic
    );
    assert_eq!(
        parse(json!({"redfish_address": "bmc"}))
            .unwrap()
            .settings
            .auth,
        AuthType::Auto
    );
    for value in [json!("none"), json!("BASIC"), json!(null), json!(1)] {
        assert_eq!(
            with("redfish_auth_type", value).unwrap_err().class,
            Class::InvalidParameterValue
        );
    }
    assert_eq!(
        with("redfish_tls_minimum_version", json!("1.3"))
            .unwrap()
            .settings
            .tls
            .minimum,
        Some(TlsMinimum::Tls13)
    );
    assert_eq!(
        with("redfish_tls_minimum_version", json!("1.0"))
            .unwrap_err()
            .class,
        Class::InvalidParameterValue
    );
}

#[test]
fn times_come_from_the_configuration() {
    let settings = parse(json!({"redfish_address": "bmc"})).unwrap().settings;
    assert_eq!(settings.timeouts.connect, Duration::from_secs(30));
    assert_eq!(settings.timeouts.read, Duration::from_secs(60));
    assert_eq!(
        (settings.retry.attempts, settings.retry.interval),
        (5, Duration::from_secs(4))
    );
}
