//! The OpenAPI document, made from the same tables as routing, checks and answers.
//!
//! [`generate`] gives the whole API, each operation, parameter and field with its range of
//! microversions in the extension `x-openstack` (`min-ver`, `max-ver`), as OpenStack's code
//! generator writes it; given a version, only what exists at it, without ranges.
//!
//! Invariant: nothing is said here that is not a row of a table.

mod fields;
mod operation;
mod resources;

use utoipa::openapi::{
    ComponentsBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, PathItem,
    PathsBuilder, path::HttpMethod,
};

use crate::operations::{self, Method, OperationId};
use crate::versions::Version;

/// The extension that holds microversion ranges.
pub const EXTENSION: &str = "x-openstack";

/// The document of the whole API, or of one microversion of it.
pub fn generate(version: Option<Version>) -> OpenApi {
    let resources = resources::all();
    let mut paths = PathsBuilder::new();
    for (family, row) in operations::operations() {
        let real = !matches!(row.id, OperationId::Malformed | OperationId::NoSuchMember);
        let exists = version.is_none_or(|at| family.gate.passes(at) && row.gate.passes(at));
        if real && exists {
            let path = format!("{}{}", family.path, row.tail);
            let described = operation::describe(family, row, &resources, version);
            let item = PathItem::new(http_method(row.method), described);
            paths = paths.path(
                if path.is_empty() {
                    "/".to_owned()
                } else {
                    path
                },
                item,
            );
        }
    }
    let components = resources
        .iter()
        .flat_map(|resource| fields::components(resource, version))
        .chain(fields::shared())
        .fold(ComponentsBuilder::new(), |all, (name, schema)| {
            all.schema(name, schema)
        });
    let title = match version {
        None => "Bare Metal API, every microversion".to_owned(),
        Some(version) => format!("Bare Metal API, microversion {version}"),
    };
    OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title(title)
                .version(version.unwrap_or(Version::MAX).to_string())
                .license(Some(
                    LicenseBuilder::new()
                        .name("Apache-2.0")
                        .identifier(Some("Apache-2.0"))
                        .build(),
                )),
        )
        .paths(paths)
        .components(Some(components.build()))
        .build()
}

const fn http_method(method: Method) -> HttpMethod {
    match method {
        Method::Delete => HttpMethod::Delete,
        Method::Get => HttpMethod::Get,
        Method::Patch => HttpMethod::Patch,
        Method::Post => HttpMethod::Post,
        Method::Put => HttpMethod::Put,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::versions::Feature;

    fn at(version: Option<Version>) -> serde_json::Value {
        serde_json::to_value(generate(version)).unwrap()
    }

    #[test]
    fn every_operation_is_there_once_and_named_once() {
        let document = at(None);
        let mut ids = std::collections::BTreeSet::new();
        let mut count = 0;
        for (path, item) in document["paths"].as_object().unwrap() {
            assert!(path.starts_with('/'), "{path}");
            for (_, operation) in item.as_object().unwrap() {
                count += 1;
                let id = operation["operationId"].as_str().unwrap().to_owned();
                assert!(ids.insert(id.clone()), "{id}");
            }
        }
        let rows = operations::operations()
            .filter(|(_, row)| {
                !matches!(row.id, OperationId::Malformed | OperationId::NoSuchMember)
            })
            .count();
        assert_eq!(count, rows);
    }

    #[test]
    fn a_version_shows_what_exists_at_it() {
        let first = at(Some(Version::MIN));
        assert!(first["paths"]["/v1/allocations"].is_null());
        assert!(first["components"]["schemas"]["node"]["properties"]["owner"].is_null());
        let later = at(Some(Version::of(Feature::NodeOwner)));
        assert!(!later["components"]["schemas"]["node"]["properties"]["owner"].is_null());
    }

    #[test]
    fn ranges_are_said_in_the_whole_document() {
        let owner = &at(None)["components"]["schemas"]["node"]["properties"]["owner"];
        assert_eq!(owner[EXTENSION]["min-ver"], "1.50");
    }
}
