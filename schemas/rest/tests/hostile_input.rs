//! The decoders of paths, queries, bodies and patches under random input: they answer with a 4xx or
//! with something checked, and never panic.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;
use schemas_model::Fault;
use schemas_rest::operations::route::{Routed, route};
use schemas_rest::operations::{Method, operations};
use schemas_rest::patch::Patch;
use schemas_rest::types::{
    allocation::AllocationResource, chassis::ChassisResource,
    deploy_template::DeployTemplateResource, inspection_rule::InspectionRuleResource,
    node::NodeResource, port::PortResource, portgroup::PortgroupResource, runbook::RunbookResource,
    volume_connector::VolumeConnectorResource, volume_target::VolumeTargetResource,
};
use schemas_rest::{Resource, Version, ident, limits, params, schema, validate, vmedia};
use serde_json::{Map, Value, json};

const METHODS: &[Option<Method>] = &[
    Some(Method::Get),
    Some(Method::Post),
    Some(Method::Put),
    Some(Method::Patch),
    Some(Method::Delete),
    None,
];

/// JSON of any kind, a few levels deep.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        ".{0,12}".prop_map(Value::from),
        "[a-z_/~0-9.-]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((".{0,8}", inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// An object whose members are mostly fields of a resource.
fn members(names: Vec<&'static str>) -> impl Strategy<Value = Value> {
    let name = prop_oneof![
        8 => prop::sample::select(names).prop_map(str::to_owned),
        1 => ".{0,8}",
    ];
    prop::collection::vec((name, any_json()), 0..6)
        .prop_map(|members| Value::Object(members.into_iter().collect()))
}

/// A patch, or something like one.
fn any_patch() -> impl Strategy<Value = Value> {
    let path = prop_oneof![
        "(/[a-z_0-9-]{1,8}){1,4}",
        "/(extra|name|properties|steps|traits)(/[a-z0-9~.-]{0,4}){0,3}",
        ".{0,10}",
    ];
    let change = (
        prop_oneof![Just("add"), Just("replace"), Just("remove"), Just("test")],
        path,
        any_json(),
    )
        .prop_map(|(op, path, value)| json!({"op": op, "path": path, "value": value}));
    prop_oneof![
        8 => prop::collection::vec(change, 0..5).prop_map(Value::from),
        1 => any_json(),
    ]
}

fn refused_as_4xx<T>(outcome: Result<T, Fault>) -> Option<T> {
    match outcome {
        Ok(value) => Some(value),
        Err(fault) => {
            assert!((400..500).contains(&fault.code()), "{fault}");
            None
        }
    }
}

fn creatable<R: Resource>(body: &Value, version: Version) {
    if let Some(members) = refused_as_4xx(validate::create::<R>(body.clone())) {
        refused_as_4xx(validate::gate::<R>(&members, version));
    }
}

fn patchable<R: Resource>(patch: &Value, document: &Map<String, Value>, version: Version) {
    for parsed in [Patch::parse(patch), Patch::parse_any_path(patch)] {
        let Some(parsed) = refused_as_4xx(parsed) else {
            continue;
        };
        refused_as_4xx(parsed.check_fields::<R>());
        refused_as_4xx(parsed.gate::<R>(version));
        if let Some(patched) = refused_as_4xx(parsed.apply(document.clone())) {
            refused_as_4xx(validate::patched::<R>(patched));
        }
    }
}

/// Calls a function of a resource for each of them.
macro_rules! for_each_resource {
    ($function:ident($($argument:expr),*)) => {
        $function::<NodeResource>($($argument),*);
        $function::<PortResource>($($argument),*);
        $function::<PortgroupResource>($($argument),*);
        $function::<ChassisResource>($($argument),*);
        $function::<VolumeConnectorResource>($($argument),*);
        $function::<VolumeTargetResource>($($argument),*);
        $function::<AllocationResource>($($argument),*);
        $function::<DeployTemplateResource>($($argument),*);
        $function::<RunbookResource>($($argument),*);
        $function::<InspectionRuleResource>($($argument),*);
    };
}

fn node_fields() -> Vec<&'static str> {
    NodeResource::FIELDS
        .iter()
        .map(|field| field.name)
        .collect()
}

proptest! {
    #[test]
    fn paths_lead_somewhere(path in "(/|[a-z_]{0,3}|v1|nodes|ports|volume|states|detail|[.]json|%|[.]{2}|é){0,12}", at in 0..METHODS.len()) {
        for version in [Version::MIN, Version::MAX] {
            if let Routed::Operation(matched) = route(METHODS[at], &path, version) {
                prop_assert!(matched.arguments.iter().all(|(_, value)| !value.is_empty()));
            }
        }
    }

    #[test]
    fn queries_are_checked(query in ".{0,40}", known in "(limit|fields|marker|sort_key|detail|address|shard)=.{0,16}") {
        for (_, operation) in operations() {
            for text in [&query, &known] {
                if let Some(arguments) = refused_as_4xx(params::check(operation, params::parse_query(text))) {
                    refused_as_4xx(arguments.gate(Version::MIN));
                }
            }
        }
    }

    #[test]
    fn keyword_bodies_are_checked(name in "[a-z_]{1,12}", value in any_json()) {
        for (_, operation) in operations() {
            let mut raw: params::Raw = operation
                .params
                .iter()
                .map(|param| (param.name.to_owned(), value.clone()))
                .collect();
            refused_as_4xx(params::check(operation, raw.clone()));
            raw.insert(name.clone(), value.clone());
            refused_as_4xx(params::check(operation, raw));
        }
    }

    #[test]
    fn documents_are_checked(body in members(node_fields()), other in any_json()) {
        for body in [&body, &other] {
            for_each_resource!(creatable(body, Version::MIN));
        }
    }

    #[test]
    fn patches_are_checked(patch in any_patch(), document in members(node_fields())) {
        let document = document.as_object().unwrap();
        for_each_resource!(patchable(&patch, document, Version::MIN));
    }

    #[test]
    fn schemas_take_anything(value in any_json()) {
        refused_as_4xx(schema::raid_config(&value));
        refused_as_4xx(schema::network_data("network_data", value.clone()));
        refused_as_4xx(schema::local_link("local_link_connection", value.clone()));
        refused_as_4xx(schema::user_steps("clean", &value));
        refused_as_4xx(schema::deploy_steps("steps", &value));
        refused_as_4xx(schema::runbook_steps("steps", &value));
        refused_as_4xx(schema::inspection_data(&value));
        refused_as_4xx(schema::events(&value));
        refused_as_4xx(schema::vif(&value));
        refused_as_4xx(schema::vmedia(&value));
        schema::is_smart_nic_link(&value);
    }

    #[test]
    fn names_take_any_text(text in ".{0,64}") {
        ident::is_logical_name(&text);
        ident::is_uuid_or_name(&text);
        ident::is_host_port(&text);
        if let Some(mac) = ident::mac(&text) {
            prop_assert_eq!(mac.to_lowercase(), mac);
        }
        ident::switch_id(&text);
        ident::boolean(&text);
        refused_as_4xx(vmedia::check_image_url(&text));
    }

    #[test]
    fn depth_is_counted_in_any_bytes(body in prop::collection::vec(any::<u8>(), 0..256)) {
        limits::depth_within(&body, 25);
    }
}
