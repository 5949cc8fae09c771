//! Every message recorded from Ironic 39.0.0 (a line a method in `data/recorded.jsonl`) decodes to
//! typed values and encodes again without loss.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;

use schemas_rpc::envelope::{WireReply, WireRequest};
use schemas_rpc::faults::Failure;
use schemas_rpc::methods::{Kind, Refused};
use schemas_rpc::objects::release::Pin;
use schemas_rpc::{Request, version};
use serde_json::{Map, Value, json};

/// What was asked on purpose although no conductor offers it.
const PROBES: [&str; 3] = ["no_such_method", "oslo_rpc_server_ping", "ping"];

fn lines() -> Vec<Value> {
    include_str!("data/recorded.jsonl")
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn envelope(inner: &Value) -> Vec<u8> {
    let mut inner = inner.clone();
    if let Some(failure) = inner
        .get_mut("failure")
        .filter(|failure| failure.is_object())
    {
        *failure = Value::String(failure.to_string());
    }
    json!({"oslo.version": "2.0", "oslo.message": inner.to_string()})
        .to_string()
        .into_bytes()
}

fn inner(body: &[u8]) -> Value {
    let envelope: Value = serde_json::from_slice(body).unwrap();
    assert_eq!(envelope["oslo.version"], "2.0");
    let mut inner = serde_json::from_str(envelope["oslo.message"].as_str().unwrap()).unwrap();
    unordered(&mut inner);
    if let Some(text) = inner
        .get("failure")
        .and_then(Value::as_str)
        .map(str::to_owned)
    {
        inner["failure"] = serde_json::from_str(&text).unwrap();
    }
    inner
}

/// Changed fields come in any order.
fn unordered(value: &mut Value) {
    match value {
        Value::Object(map) => {
            if let Some(Value::Array(changes)) = map.get_mut("ironic_object.changes") {
                changes.sort_by_key(|name| name.as_str().unwrap().to_owned());
            }
            map.values_mut().for_each(unordered);
        }
        Value::Array(items) => items.iter_mut().for_each(unordered),
        _ => {}
    }
}

fn sorted(value: &Value) -> Value {
    let mut value = value.clone();
    unordered(&mut value);
    value
}

#[test]
fn requests_survive() {
    let mut seen = 0;
    for line in lines() {
        let wire = WireRequest::decode(&envelope(&line["request"])).unwrap();
        assert_eq!(inner(&wire.clone().encode()), sorted(&line["request"]));
        let name = line["method"].as_str().unwrap();
        let decoded = Request::decode(&wire.method, wire.args.clone());
        if PROBES.contains(&name) {
            assert_eq!(decoded, Err(Refused::Method(name.to_owned())));
            continue;
        }
        let request = decoded.unwrap_or_else(|refused| panic!("{name}: {refused}"));
        assert_eq!(request.name(), name);
        let kind = match line["kind"].as_str().unwrap() {
            "cast" => Kind::Cast,
            _ => Kind::Call,
        };
        assert_eq!(request.kind(), kind, "{name}");
        assert_eq!(wire.reply_to.is_some(), kind == Kind::Call, "{name}");
        let args = request.args(version::RPC).unwrap();
        assert_eq!(
            sorted(&args.values.into()),
            sorted(&wire.args.into()),
            "{name}"
        );
        assert_eq!(Some(args.version.to_string()), wire.version, "{name}");
        seen += 1;
    }
    assert_eq!(seen, 60);
}

#[test]
fn replies_survive() {
    for line in lines() {
        let name = line["method"].as_str().unwrap();
        for reply in line["replies"].as_array().unwrap() {
            let wire = WireReply::decode(&envelope(reply)).unwrap().unwrap();
            assert_eq!(inner(&wire.clone().encode()), sorted(reply));
            let args = line["request"]["args"].as_object().unwrap().clone();
            let request = Request::decode(name, args).unwrap();
            let result = wire.into_result().unwrap();
            let typed = request.decode_result(result.clone()).unwrap();
            assert_eq!(sorted(&typed.to_wire(Pin::NONE)), sorted(&result), "{name}");
        }
    }
}

#[test]
fn failures_survive_and_keep_their_status() {
    let mut classes = BTreeSet::new();
    for line in lines() {
        let name = line["method"].as_str().unwrap();
        for error in line["errors"].as_array().unwrap_or(&Vec::new()) {
            let wire = WireReply::decode(&envelope(&error["reply"]))
                .unwrap()
                .unwrap();
            assert_eq!(inner(&wire.clone().encode()), sorted(&error["reply"]));
            let failure = wire.outcome.clone().unwrap_err();
            classes.insert(failure.class.clone());
            let fault = failure.clone().into_fault();
            if let Some(status) = error["status"].as_u64() {
                assert_eq!(u64::from(fault.code()), status, "{name}: {}", failure.class);
            }
            if failure.module == "ironic.common.exception" && failure.class != "SomethingNew" {
                assert_eq!(fault.class.name(), failure.class);
                assert_eq!(fault.message, failure.message);
                assert_eq!(Failure::from(&fault).into_fault(), fault);
            }
        }
    }
    assert!(classes.len() > 15, "{classes:?}");
}

/// What our server answers to the requests that Ironic's dispatcher refused.
#[test]
fn refusals_are_those_of_ironic() {
    let refuse = |method: &str, args: Value| {
        let Value::Object(args) = args else {
            panic!("{args}")
        };
        Failure::from(&Request::decode(method, args).unwrap_err())
    };
    let lines = lines();
    let recorded = |method: &str, class: &str| -> Failure {
        lines
            .iter()
            .filter(|line| line["method"] == method)
            .flat_map(|line| line["errors"].as_array().unwrap())
            .map(|error| error["reply"]["failure"].clone())
            .find(|failure| failure["class"] == class)
            .map(|failure| serde_json::from_value(failure).unwrap())
            .unwrap()
    };
    let same = |ours: &Failure, theirs: &Failure| {
        assert_eq!(
            (&ours.class, &ours.module, &ours.kwargs),
            (&theirs.class, &theirs.module, &theirs.kwargs)
        );
    };

    let ours = refuse("no_such_method", json!({"a": 1}));
    let theirs = recorded("no_such_method", "NoSuchMethod");
    same(&ours, &theirs);
    assert_eq!(ours.message, theirs.message);

    let update = lines
        .iter()
        .find(|line| line["method"] == "update_node")
        .unwrap();
    let newer = update["errors"][0]["args"].clone();
    let theirs = recorded("update_node", "IncompatibleObjectVersion");
    same(&refuse("update_node", newer), &theirs);

    let mut bogus = Map::new();
    bogus.insert("node_id".into(), "n".into());
    bogus.insert("bogus".into(), 1.into());
    same(
        &refuse("get_boot_device", bogus.into()),
        &recorded("get_boot_device", "TypeError"),
    );
}

#[test]
fn a_pinned_client_sends_what_its_release_understands() {
    let lines = lines();
    let heartbeat = lines
        .iter()
        .find(|line| line["method"] == "heartbeat")
        .unwrap();
    let args = heartbeat["request"]["args"].as_object().unwrap().clone();
    let request = Request::decode("heartbeat", args).unwrap();
    let args = request.args(Pin::to("16.0").unwrap().rpc()).unwrap();
    assert_eq!(args.version.to_string(), "1.51");
    assert!(args.values.contains_key("agent_verify_ca"));
    assert!(!args.values.contains_key("agent_status"));
}
