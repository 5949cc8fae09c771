//! Component schemas: what is shown of a resource, what may be sent to create one, a patch, a fault.

use utoipa::openapi::extensions::{Extensions, ExtensionsBuilder};
use utoipa::openapi::schema::{
    AdditionalProperties, ArrayBuilder, ObjectBuilder, Schema, SchemaType, Type,
};
use utoipa::openapi::{Ref, RefOr};

use super::EXTENSION;
use super::resources::{FieldFacts, ResourceFacts};
use crate::field::Json;
use crate::versions::{Feature, Version};

/// The name of the patch component.
pub(super) const PATCH: &str = "json_patch";
/// The name of the fault component.
pub(super) const FAULT: &str = "fault";

/// A reference to a component.
pub(super) fn reference(name: &str) -> RefOr<Schema> {
    RefOr::Ref(Ref::from_schema_name(name))
}

/// `x-openstack` with the range of microversions; nothing in a document of one version.
pub(super) fn range(
    since: Option<Feature>,
    until: Option<Feature>,
    version: Option<Version>,
) -> Option<Extensions> {
    if version.is_some() || (since.is_none() && until.is_none()) {
        return None;
    }
    let mut range = serde_json::Map::new();
    if let Some(since) = since {
        range.insert("min-ver".into(), since.to_string().into());
    }
    if let Some(until) = until {
        let last = Feature::ALL
            .iter()
            .rev()
            .find(|feature| feature.minor() < until.minor());
        range.insert(
            "max-ver".into(),
            last.map_or_else(|| until.to_string(), ToString::to_string)
                .into(),
        );
    }
    Some(
        ExtensionsBuilder::new()
            .add(EXTENSION, serde_json::Value::Object(range))
            .build(),
    )
}

fn json_type(json: Json) -> Type {
    match json {
        Json::Null => Type::Null,
        Json::Boolean => Type::Boolean,
        Json::Integer => Type::Integer,
        Json::String => Type::String,
        Json::Array => Type::Array,
        Json::Object => Type::Object,
    }
}

fn types(of: &[Json]) -> SchemaType {
    match of {
        [one] => SchemaType::Type(json_type(*one)),
        many => SchemaType::Array(many.iter().copied().map(json_type).collect()),
    }
}

fn shown(field: &FieldFacts, version: Option<Version>) -> Schema {
    let may_be_null = !matches!(field.json, Json::Object | Json::Array | Json::Null);
    let schema_type = if may_be_null {
        types(&[field.json, Json::Null])
    } else {
        types(&[field.json])
    };
    ObjectBuilder::new()
        .schema_type(schema_type)
        .extensions(range(field.since, field.until, version))
        .into()
}

fn accepted(field: &FieldFacts, version: Option<Version>) -> Schema {
    let given: &[Json] = field.accept.as_ref().map_or(&[], |accept| accept.types);
    let mut schema = ObjectBuilder::new().extensions(range(field.since, field.until, version));
    if !given.is_empty() {
        schema = schema.schema_type(types(given));
    }
    if let Some(accept) = field
        .accept
        .as_ref()
        .filter(|accept| accept.types.contains(&Json::String))
    {
        schema = schema.min_length((accept.min > 0).then_some(accept.min));
        schema = schema.max_length((accept.max < usize::MAX).then_some(accept.max));
    }
    schema.into()
}

/// The components of a resource: shown, list, and what creates one.
pub(super) fn components(
    resource: &ResourceFacts,
    version: Option<Version>,
) -> Vec<(String, Schema)> {
    let name = resource.component();
    let there = || {
        resource
            .fields
            .iter()
            .filter(|field| field.exists_at(version))
    };
    let one = there()
        .filter(|field| field.shown)
        .fold(ObjectBuilder::new(), |object, field| {
            object.property(field.name, shown(field, version))
        });
    let list = ObjectBuilder::new()
        .property(
            resource.collection,
            ArrayBuilder::new().items(reference(&name)),
        )
        .property("next", ObjectBuilder::new().schema_type(Type::String));
    let mut components = vec![
        (name.clone(), one.into()),
        (format!("{name}_list"), list.into()),
    ];
    if there().any(|field| field.creatable) {
        let create = there().filter(|field| field.creatable).fold(
            ObjectBuilder::new().additional_properties(Some(AdditionalProperties::FreeForm(false))),
            |object, field| {
                let object = object.property(field.name, accepted(field, version));
                if field.required {
                    object.required(field.name)
                } else {
                    object
                }
            },
        );
        components.push((format!("{name}_create"), create.into()));
    }
    let patchable: Vec<&str> = there()
        .filter(|field| field.patchable)
        .map(|field| field.name)
        .collect();
    if !patchable.is_empty() {
        let paths = format!("Fields that can be patched: {}.", patchable.join(", "));
        let patch = ArrayBuilder::new()
            .items(reference(PATCH))
            .description(Some(paths));
        components.push((format!("{name}_patch"), patch.into()));
    }
    components
}

/// Components that belong to no resource.
pub(super) fn shared() -> Vec<(String, Schema)> {
    let text = || ObjectBuilder::new().schema_type(Type::String);
    let patch = ObjectBuilder::new()
        .property("op", text().enum_values(Some(["add", "remove", "replace"])))
        .property("path", text())
        .property("value", utoipa::openapi::schema::empty())
        .required("op")
        .required("path");
    let fault = ObjectBuilder::new().property("error_message", utoipa::openapi::schema::empty());
    vec![
        (PATCH.to_owned(), patch.into()),
        (FAULT.to_owned(), fault.into()),
    ]
}
