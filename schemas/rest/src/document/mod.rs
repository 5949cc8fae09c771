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

    /// Whether the ranges of an operation, or of a field, have a version in them.
    fn exists(described: &serde_json::Value, version: Version) -> bool {
        let minor = |bound: &str| -> Option<u16> {
            let text = described[EXTENSION][bound].as_str()?;
            text.split_once('.')?.1.parse().ok()
        };
        minor("min-ver").is_none_or(|first| first <= version.minor())
            && minor("max-ver").is_none_or(|last| version.minor() <= last)
    }

    /// The members of an object that exist at a version, or all.
    fn names(object: &serde_json::Value, version: Option<Version>) -> Vec<&String> {
        let members = object.as_object().into_iter().flatten();
        members
            .filter(|(_, said)| version.is_none_or(|at| exists(said, at)))
            .map(|(name, _)| name)
            .collect()
    }

    #[test]
    fn each_microversion_is_the_part_of_the_whole_that_its_ranges_say() {
        let whole = at(None);
        for version in Version::every() {
            let projected = at(Some(version));
            for (path, item) in whole["paths"].as_object().unwrap() {
                // Also reached by who says no version, which no range can tell.
                if version.is_first() && path == "/v1/continue_inspection" {
                    continue;
                }
                let shown = names(&projected["paths"][path], None);
                assert_eq!(names(item, Some(version)), shown, "{path} at {version}");
            }
            for (name, schema) in whole["components"]["schemas"].as_object().unwrap() {
                let shown = &projected["components"]["schemas"][name]["properties"];
                let wanted = names(&schema["properties"], Some(version));
                assert_eq!(wanted, names(shown, None), "{name} at {version}");
            }
            assert!(!projected.to_string().contains(EXTENSION), "{version}");
        }
    }

    #[test]
    fn ranges_are_said_in_the_whole_document() {
        let owner = &at(None)["components"]["schemas"]["node"]["properties"]["owner"];
        assert_eq!(owner[EXTENSION]["min-ver"], "1.50");
    }
}
