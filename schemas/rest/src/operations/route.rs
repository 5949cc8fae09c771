//! From method and path to an operation, or to the way the path is refused.
//!
//! Ironic's routing is positional: a surplus segment becomes the next argument of the method, a
//! missing one a missing argument. The rules here give the same statuses from the table alone.

use super::families;
use super::family::{BadIdent, Family, Gate, Method, Operation};
use crate::ident;
use crate::versions::Version;

/// A path segment that stands for something, e.g. (`node`, `rack-7`).
pub type PathArgument = (&'static str, String);

/// What a request is for.
#[derive(Debug)]
pub struct Matched {
    /// The family.
    pub family: &'static Family,
    /// The operation.
    pub operation: &'static Operation,
    /// The placeholders of family and operation, outermost first.
    pub arguments: Vec<PathArgument>,
    /// A surplus segment, and the parameter it is read as.
    pub surplus: Option<(&'static str, String)>,
}

/// Where a request goes.
#[derive(Debug)]
pub enum Routed {
    /// `/`: the list of versions.
    Root,
    /// `/v1`: the list of resources.
    V1,
    /// An operation.
    Operation(Matched),
    /// Nothing there. Answered without version headers.
    NoRoute,
    /// The path exists, the method does not. Answered without version headers.
    MethodNotAllowed(Vec<Method>),
    /// A name in the path is neither a UUID nor a logical name. Answered without version headers.
    BadIdent(String),
    /// The operation is too new; 404.
    TooNew,
    /// The operation is too new; 405, because it is not a GET.
    TooNewMethod,
    /// The operation is too new; 405 without version headers.
    TooNewMethodNoRoute,
    /// The method works on a member, and none is named.
    MissingMember(&'static str),
    /// The method works on the collection, and a member is named.
    SurplusMember,
    /// Surplus segments that mean nothing.
    NotFound,
}

/// Splits a decoded path into its segments: without `v1`, without trailing slash.
/// `None` when a segment in the middle is empty or a relative one.
pub fn segments(path: &str) -> Option<Vec<&str>> {
    let mut parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    while parts.last().is_some_and(|last| last.is_empty()) {
        parts.pop();
    }
    if parts.iter().any(|part| part.is_empty() || *part == "..") {
        return None;
    }
    Some(parts)
}

/// Finds what a request is for. `method` is `None` for a method no operation has.
pub fn route(method: Option<Method>, path: &str, version: Version) -> Routed {
    let Some(parts) = segments(path) else {
        return Routed::NoRoute;
    };
    match parts.as_slice() {
        [] => Routed::Root,
        ["v1"] => Routed::V1,
        ["v1", rest @ ..] => under_v1(method, rest, version),
        rest => under_v1(method, rest, version),
    }
}

fn under_v1(method: Option<Method>, parts: &[&str], version: Version) -> Routed {
    let mut candidates: Vec<(&'static Family, usize)> = families()
        .filter_map(|family| prefix_length(family.path, parts).map(|length| (family, length)))
        .collect();
    candidates.sort_by_key(|(_, length)| std::cmp::Reverse(*length));
    for (family, length) in candidates {
        let method_name = method.unwrap_or(Method::Put);
        if let Gate::Surplus(_) = family.gate
            && !family.gate.passes(version)
        {
            continue;
        }
        if let Some(refused) = bad_ident(family, &parts[..length]) {
            return refused;
        }
        if let Some(refused) = refused_by(family.gate, method_name, version) {
            return refused;
        }
        return within(family, method, parts, length, version);
    }
    Routed::NoRoute
}

/// How many segments a family's path takes of `parts`, if it matches.
fn prefix_length(path: &str, parts: &[&str]) -> Option<usize> {
    let template: Vec<&str> = path.split('/').skip(2).collect();
    (parts.len() >= template.len()
        && template
            .iter()
            .zip(parts)
            .all(|(want, got)| want.starts_with('{') || want == got))
    .then_some(template.len())
}

fn bad_ident(family: &Family, parts: &[&str]) -> Option<Routed> {
    if family.bad_ident != BadIdent::Route {
        return None;
    }
    let template = family.path.split('/').skip(2);
    template
        .zip(parts)
        .find(|(want, got)| want.starts_with('{') && !ident::is_uuid_or_name(got))
        .map(|(_, got)| Routed::BadIdent((*got).to_owned()))
}

fn refused_by(gate: Gate, method: Method, version: Version) -> Option<Routed> {
    if gate.passes(version) {
        return None;
    }
    match gate {
        Gate::Open
        | Gate::Surplus(_)
        | Gate::LateNotFound(_)
        | Gate::LateNotAcceptable(_)
        | Gate::FirstOrNotFound(_) => None,
        Gate::NoRoute(_) => Some(Routed::NoRoute),
        Gate::NoRouteOr405(_) if method == Method::Get => Some(Routed::NoRoute),
        Gate::NoRouteOr405(_) => Some(Routed::TooNewMethodNoRoute),
        Gate::NotFoundOr405(_) if method != Method::Get => Some(Routed::TooNewMethod),
        Gate::NotFound(_) | Gate::NotFoundOr405(_) => Some(Routed::TooNew),
    }
}

fn within(
    family: &'static Family,
    method: Option<Method>,
    parts: &[&str],
    length: usize,
    version: Version,
) -> Routed {
    let tail = &parts[length..];
    let found = method.and_then(|method| {
        family
            .operations
            .iter()
            .filter(|op| op.method == method && tail_matches(op.tail, tail))
            .min_by_key(|op| op.tail.contains('{'))
    });
    // A malformed member name is refused before anything else is looked at.
    if family.bad_ident == BadIdent::Route
        && let Some(first) = tail.first()
        && !ident::is_uuid_or_name(first)
        && family
            .operations
            .iter()
            .any(|op| op.is_member() && op.tail != "/{trait}")
    {
        return Routed::BadIdent((*first).to_owned());
    }
    if let Some(operation) = found {
        if let Some(refused) = refused_by(operation.gate, operation.method, version) {
            return refused;
        }
        let mut arguments = arguments(family.path, &parts[..length], 2);
        arguments.extend(self::arguments(operation.tail, tail, 1));
        return Routed::Operation(Matched {
            family,
            operation,
            arguments,
            surplus: None,
        });
    }
    let Some(method) = method else {
        return Routed::MethodNotAllowed(family.methods());
    };
    let member = family
        .operations
        .iter()
        .find(|op| op.method == method && op.is_member());
    let collection = family
        .operations
        .iter()
        .any(|op| op.method == method && op.tail.is_empty());
    match (tail, member) {
        ([], Some(member)) => refused_by(member.gate, method, version).unwrap_or(
            Routed::MissingMember(member.tail.trim_matches(['/', '{', '}'])),
        ),
        ([first, second, ..], Some(member)) => match member.surplus {
            Some(param) => {
                let mut arguments = arguments(family.path, &parts[..length], 2);
                arguments.extend(self::arguments(member.tail, &[first], 1));
                Routed::Operation(Matched {
                    family,
                    operation: member,
                    arguments,
                    surplus: Some((param, (*second).to_owned())),
                })
            }
            // Where routing does not look at names, the operation does, and comes no further.
            None if family.bad_ident == BadIdent::Error => Routed::SurplusMember,
            None => Routed::NotFound,
        },
        ([_, ..], None) if collection && method == Method::Post => Routed::SurplusMember,
        _ => Routed::MethodNotAllowed(family.methods()),
    }
}

fn tail_matches(template: &str, tail: &[&str]) -> bool {
    let mut wanted = template.split('/').skip(1);
    let mut given = tail.iter();
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(want), Some(got)) if want.starts_with('{') || want == *got => {}
            _ => return false,
        }
    }
}

/// The placeholders of `template` with the segments in their places; the first `skip` parts of
/// the split template are not among `parts`.
fn arguments(template: &'static str, parts: &[&str], skip: usize) -> Vec<PathArgument> {
    template
        .split('/')
        .skip(skip)
        .zip(parts)
        .filter_map(|(want, got)| {
            let name = want.strip_prefix('{')?.strip_suffix('}')?;
            Some((name, (*got).to_owned()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::OperationId;
    use crate::versions::Feature;

    fn at(method: &str, path: &str, version: Version) -> Routed {
        route(Method::from_name(method), path, version)
    }

    fn id(routed: &Routed) -> Option<OperationId> {
        match routed {
            Routed::Operation(matched) => Some(matched.operation.id),
            _ => None,
        }
    }

    #[test]
    fn the_version_segment_and_trailing_slashes_are_optional() {
        for path in ["/v1/nodes", "/v1/nodes/", "/nodes", "//v1/nodes"] {
            assert_eq!(
                id(&at("GET", path, Version::MAX)),
                Some(OperationId::NodeList),
                "{path}"
            );
        }
        assert!(matches!(at("GET", "//", Version::MAX), Routed::Root));
        assert!(matches!(at("GET", "/v1/", Version::MAX), Routed::V1));
        assert!(matches!(
            at("GET", "/v1/../v1/nodes", Version::MAX),
            Routed::NoRoute
        ));
    }

    #[test]
    fn exact_segments_beat_placeholders() {
        assert_eq!(
            id(&at("GET", "/v1/nodes/detail", Version::MAX)),
            Some(OperationId::NodeListDetail)
        );
        assert_eq!(
            id(&at("DELETE", "/v1/nodes/detail", Version::MAX)),
            Some(OperationId::NodeDelete)
        );
    }

    #[test]
    fn a_wrong_method_lists_those_of_collection_and_members() {
        use Method::{Delete, Get, Patch, Post};
        match at("PUT", "/v1/nodes/aaa", Version::MAX) {
            Routed::MethodNotAllowed(methods) => assert_eq!(methods, [Delete, Get, Patch, Post]),
            other => panic!("{other:?}"),
        }
        match at("PUT", "/v1/nodes/aaa/management/nosuch", Version::MAX) {
            Routed::MethodNotAllowed(methods) => assert!(methods.is_empty()),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn missing_and_surplus_segments() {
        assert!(matches!(
            at("DELETE", "/v1/nodes", Version::MAX),
            Routed::MissingMember("node")
        ));
        assert!(matches!(
            at("POST", "/v1/nodes/aaa/validate", Version::MAX),
            Routed::SurplusMember
        ));
        assert!(matches!(
            at("DELETE", "/v1/nodes/aaa/validate", Version::MAX),
            Routed::NotFound
        ));
        match at("GET", "/v1/chassis/aaa/nosuch", Version::MAX) {
            Routed::Operation(matched) => {
                assert_eq!(matched.operation.id, OperationId::ChassisShow);
                assert_eq!(matched.surplus, Some(("fields", "nosuch".to_owned())));
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn traits_are_a_surplus_segment_before_their_version() {
        let early = Version::of(Feature::InspectWait.min(Feature::SoftPowerOff));
        assert_eq!(
            id(&at("GET", "/v1/nodes/aaa/traits", early)),
            Some(OperationId::NodeShow)
        );
        assert!(matches!(
            at("PUT", "/v1/nodes/aaa/traits", early),
            Routed::MethodNotAllowed(_)
        ));
        assert!(matches!(
            at("DELETE", "/v1/nodes/aaa/traits", early),
            Routed::NotFound
        ));
        assert_eq!(
            id(&at("GET", "/v1/nodes/aaa/traits", Version::MAX)),
            Some(OperationId::NodeTraitList)
        );
    }

    #[test]
    fn names_in_the_path_are_checked_while_routing() {
        assert!(matches!(
            at("GET", "/v1/nodes/a\0b", Version::MAX),
            Routed::BadIdent(_)
        ));
        assert!(matches!(
            at("GET", "/v1/nodes/é/vifs", Version::MAX),
            Routed::BadIdent(_)
        ));
    }

    #[test]
    fn gates() {
        assert!(matches!(
            at("GET", "/v1/portgroups", Version::MIN),
            Routed::TooNew
        ));
        assert!(matches!(
            at("GET", "/v1/nodes/a/vifs", Version::MIN),
            Routed::NoRoute
        ));
        assert!(matches!(
            at("POST", "/v1/allocations", Version::MIN),
            Routed::TooNewMethod
        ));
        assert!(matches!(
            at("POST", "/v1/runbooks", Version::MIN),
            Routed::TooNewMethodNoRoute
        ));
        assert_eq!(
            id(&at("POST", "/v1/continue_inspection", Version::MIN)),
            Some(OperationId::ContinueInspection)
        );
    }
}
