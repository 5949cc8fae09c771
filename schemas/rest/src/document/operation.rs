//! One operation: parameters, body, answers.

use utoipa::openapi::path::{
    Operation as Described, OperationBuilder, Parameter, ParameterBuilder, ParameterIn,
};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Schema, Type};
use utoipa::openapi::{ContentBuilder, RefOr, Required, ResponseBuilder};

use super::fields::{FAULT, range, reference};
use super::resources::ResourceFacts;
use crate::operations::{Body, Family, Kind, Method, Operation, Param, operations};
use crate::versions::{Feature, Version};

const JSON: &str = "application/json";

/// Describes one row.
pub(super) fn describe(
    family: &Family,
    row: &Operation,
    resources: &[ResourceFacts],
    version: Option<Version>,
) -> Described {
    let since = later(family.gate.since(), row.gate.since());
    let mut described = OperationBuilder::new()
        .operation_id(Some(operation_id(family, row)))
        .tag(tag(family.path))
        .description(Some(format!("Policy: {}", row.rule)))
        .extensions(range(since, None, version));
    for name in placeholders(family.path).chain(placeholders(row.tail)) {
        described = described.parameter(
            ParameterBuilder::new()
                .name(name)
                .parameter_in(ParameterIn::Path)
                .required(Required::True)
                .schema(Some(ObjectBuilder::new().schema_type(Type::String))),
        );
    }
    let takes_body = matches!(row.method, Method::Post | Method::Put | Method::Patch);
    let there = |param: &&Param| match (version, param.since) {
        (Some(version), Some((feature, _))) => version.allows(feature),
        _ => true,
    };
    if takes_body && row.body == Body::Keywords {
        let body = row
            .params
            .iter()
            .filter(there)
            .fold(ObjectBuilder::new(), |object, param| {
                let object = object.property(param.name, kind(param, version));
                if param.required {
                    object.required(param.name)
                } else {
                    object
                }
            });
        described = described.request_body(Some(
            RequestBodyBuilder::new()
                .content(JSON, ContentBuilder::new().schema(Some(body)).build())
                .build(),
        ));
    } else {
        for param in row.params.iter().filter(there) {
            described = described.parameter(query(param, version));
        }
    }
    let resource = resources
        .iter()
        .find(|resource| last_word(family.path) == Some(resource.collection));
    if takes_body && row.body == Body::Whole {
        let schema = resource.map_or_else(
            || RefOr::T(utoipa::openapi::schema::empty()),
            |resource| {
                let what = if row.method == Method::Patch {
                    "patch"
                } else {
                    "create"
                };
                reference(&format!("{}_{what}", resource.component()))
            },
        );
        described = described.request_body(Some(
            RequestBodyBuilder::new()
                .required(Some(Required::True))
                .content(JSON, ContentBuilder::new().schema(Some(schema)).build())
                .build(),
        ));
    }
    let mut success = ResponseBuilder::new().description("Success");
    if let Some(schema) = answer(row, resource) {
        success = success.content(JSON, ContentBuilder::new().schema(Some(schema)).build());
    }
    let fault = ResponseBuilder::new()
        .description("What is wrong, in the body's error_message")
        .content(
            JSON,
            ContentBuilder::new().schema(Some(reference(FAULT))).build(),
        );
    described
        .response(row.success.to_string(), success)
        .response("default", fault)
        .build()
}

/// The operation's name; with method and path where one name stands for several rows.
fn operation_id(family: &Family, row: &Operation) -> String {
    let rows = operations().filter(|(_, other)| other.id == row.id).count();
    if rows == 1 {
        return format!("{:?}", row.id);
    }
    let path = format!("{}{}", family.path, row.tail);
    let words: Vec<&str> = path
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    format!(
        "{:?}_{}_{}",
        row.id,
        row.method.name().to_ascii_lowercase(),
        words.join("_")
    )
}

/// What a successful answer holds, when the tables say it.
fn answer(row: &Operation, resource: Option<&ResourceFacts>) -> Option<RefOr<Schema>> {
    let name = resource?.component();
    match (row.method, row.tail) {
        (Method::Get, "" | "/detail") => Some(reference(&format!("{name}_list"))),
        (Method::Post, "") => Some(reference(&name)),
        (Method::Get | Method::Patch, _) if row.is_member() => Some(reference(&name)),
        _ => None,
    }
}

fn later(a: Option<Feature>, b: Option<Feature>) -> Option<Feature> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.max(b)),
        (a, b) => a.or(b),
    }
}

fn last_word(path: &str) -> Option<&str> {
    path.rsplit('/').find(|segment| !segment.starts_with('{'))
}

fn tag(path: &str) -> &str {
    path.trim_start_matches("/v1/")
        .split('/')
        .next()
        .filter(|word| !word.is_empty())
        .unwrap_or("discovery")
}

fn placeholders(path: &'static str) -> impl Iterator<Item = &'static str> {
    path.split('/')
        .filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
}

fn query(param: &Param, version: Option<Version>) -> Parameter {
    ParameterBuilder::new()
        .name(param.name)
        .parameter_in(ParameterIn::Query)
        .required(if param.required {
            Required::True
        } else {
            Required::False
        })
        .schema(Some(kind(param, version)))
        .build()
}

fn kind(param: &Param, version: Option<Version>) -> Schema {
    let extensions = range(param.since.map(|(feature, _)| feature), None, version);
    let of = |schema_type: Type| {
        ObjectBuilder::new()
            .schema_type(schema_type)
            .extensions(extensions.clone())
            .into()
    };
    match param.kind {
        Kind::Boolean => of(Type::Boolean),
        Kind::Integer => of(Type::Integer),
        Kind::List => ArrayBuilder::new()
            .items(ObjectBuilder::new().schema_type(Type::String))
            .extensions(extensions)
            .into(),
        Kind::Json => ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::SchemaType::AnyValue)
            .extensions(extensions)
            .into(),
        Kind::Text | Kind::Uuid | Kind::Name | Kind::UuidOrName | Kind::Mac | Kind::HostPort => {
            of(Type::String)
        }
    }
}
