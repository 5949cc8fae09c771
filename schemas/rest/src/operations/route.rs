//! From method and path to an operation, or to the way the path is refused.
//!
//! Ironic routes with pecan's REST controllers, whose rules answer every odd path in its own way: a
//! name that is an attribute is found anywhere in the rest of the path, surplus segments become the
//! next arguments of the method, a method nobody has is looked for further down. The same rules
//! work here on the table of families, so the statuses of paths nobody thought of agree.
//! Source: Ironic 39.0.0 and pecan, observed.

use super::families;
use super::family::{Family, Gate, Lookup, Method, Operation, Reached};
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
    /// Surplus segments, and the parameters they are read as.
    pub surplus: Vec<PathArgument>,
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
    BadIdent {
        /// Of what it is a name.
        kind: &'static str,
        /// The name.
        name: String,
    },
    /// The operation is too new; 404.
    TooNew,
    /// The operation is too new; 405, because it is not a GET.
    TooNewMethod,
    /// The operation is too new; 404 without version headers, with a text.
    TooNewNoRoute(String),
    /// The operation is too new; 405 without version headers, with a text.
    TooNewMethodNoRoute(String),
    /// The method works on a member, and none is named.
    MissingMember(&'static str),
    /// The method works on the collection, and a member is named.
    SurplusMember,
    /// Surplus segments that mean nothing.
    NotFound,
}

/// Splits a decoded path into its segments below `v1`, without a trailing slash.
/// `None` when it leads nowhere at once.
pub fn segments(path: &str) -> Option<Vec<&str>> {
    let mut parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    if parts.last().is_some_and(|last| last.is_empty()) {
        parts.pop();
    }
    if parts.first() == Some(&"v1") {
        parts.remove(0);
    }
    match parts.first() {
        Some(&"" | &"..") => None,
        _ => Some(parts),
    }
}

/// Finds what a request is for. `method` is `None` for a method no operation has.
pub fn route(method: Option<Method>, path: &str, version: Version) -> Routed {
    if path.trim_matches('/').is_empty() {
        return Routed::Root;
    }
    if path.trim_matches('/') == "v1" {
        return Routed::V1;
    }
    let Some((name, rest)) = segments(path)
        .as_deref()
        .and_then(<[&str]>::split_first)
        .map(|(name, rest)| (*name, rest.to_vec()))
    else {
        return Routed::NoRoute;
    };
    let top = families().find(|family| {
        family.reached == Reached::Top && family.path.strip_prefix("/v1/") == Some(name)
    });
    let Some(top) = top else {
        return Routed::NoRoute;
    };
    let mut walk = Walk {
        method,
        version,
        held: Vec::new(),
        routing: Vec::new(),
    };
    match walk.enter(top, &rest) {
        Ok(found) => walk.select(found),
        Err(Refused::NotFound) => Routed::NoRoute,
        Err(Refused::MethodNotAllowed(methods)) => Routed::MethodNotAllowed(methods),
        Err(Refused::TooNew(family)) => too_new(family, method),
        Err(Refused::BadIdent { kind, name }) => Routed::BadIdent { kind, name },
    }
}

/// Which of a family's operations a path leads to.
#[derive(Clone, Copy, Debug)]
enum Endpoint<'p> {
    /// The GET of the path itself.
    All,
    /// The GET of a member, or that of the path with arguments.
    One,
    /// The method, on collection or member.
    Verb,
    /// An operation with a name of its own.
    Named(&'p str),
    /// Whatever the method.
    Anything,
}

/// An operation is near: its family, which one, and the arguments from the path.
#[derive(Debug)]
struct Found<'p> {
    family: &'static Family,
    endpoint: Endpoint<'p>,
    rest: Vec<&'p str>,
}

/// Why a controller does not take a path.
#[derive(Clone, Debug)]
enum Refused {
    NotFound,
    MethodNotAllowed(Vec<Method>),
    /// A family that its gate keeps to itself.
    TooNew(&'static Family),
    BadIdent {
        kind: &'static str,
        name: String,
    },
}

/// One walk down the families.
struct Walk<'p> {
    method: Option<Method>,
    version: Version,
    /// What families on the way hold: they were made for a member.
    held: Vec<PathArgument>,
    /// Segments passed over to find an attribute; the first arguments of the operation.
    routing: Vec<&'p str>,
}

impl<'p> Walk<'p> {
    /// A family and its last resorts.
    fn enter(&mut self, family: &'static Family, rest: &[&'p str]) -> Result<Found<'p>, Refused> {
        let refused = match self.within(family, rest) {
            Err(
                refused @ (Refused::NotFound | Refused::MethodNotAllowed(_) | Refused::TooNew(_)),
            ) => refused,
            other => return other,
        };
        if let Some((below, rest)) = self.look_up(family, rest)? {
            return self.enter(below, &rest);
        }
        if family.catches_all {
            return Ok(Found {
                family,
                endpoint: Endpoint::Anything,
                rest: rest.to_vec(),
            });
        }
        Err(refused)
    }

    /// pecan's `RestController._route`.
    fn within(&mut self, family: &'static Family, rest: &[&'p str]) -> Result<Found<'p>, Refused> {
        if let Gate::NoRouteOr405(_) = family.gate
            && !family.gate.passes(self.version)
        {
            return Err(Refused::TooNew(family));
        }
        if family.plain_get || reads_members(family) {
            for (at, name) in rest.iter().enumerate() {
                if let Some(below) = attribute(family, name) {
                    self.routing.extend_from_slice(&rest[..at]);
                    return self.enter(below, &rest[at + 1..]);
                }
            }
        }
        let handled = self.handle(family, rest);
        if handled.is_err() || !rest.is_empty() {
            let named: Vec<&str> = rest
                .iter()
                .copied()
                .filter(|name| !name.is_empty())
                .collect();
            if !named.is_empty()
                && let Some((below, rest)) = self.look_up(family, &named)?
            {
                return self.enter(below, &rest);
            }
        }
        match handled {
            Err(Refused::MethodNotAllowed(_)) => Err(Refused::MethodNotAllowed(family.methods())),
            other => other,
        }
    }

    /// pecan's `_handle_<method>`.
    fn handle(&mut self, family: &'static Family, rest: &[&'p str]) -> Result<Found<'p>, Refused> {
        let found = |endpoint, rest: &[&'p str]| {
            Ok(Found {
                family,
                endpoint,
                rest: rest.to_vec(),
            })
        };
        let not_allowed = Err(Refused::MethodNotAllowed(Vec::new()));
        let has = |method: Method| {
            family
                .operations
                .iter()
                .any(|op| op.method == method && (op.tail.is_empty() || op.is_member()))
        };
        match self.method {
            Some(Method::Get) => {
                if rest.is_empty() {
                    return if has(Method::Get) {
                        found(Endpoint::All, &[])
                    } else {
                        not_allowed
                    };
                }
                if let Some((name, others)) = self.named(family, rest) {
                    return found(Endpoint::Named(name), &others);
                }
                if let Some(below) = rest.first().and_then(|name| attribute(family, name)) {
                    return self.enter(below, &rest[1..]);
                }
                if family.plain_get || reads_members(family) {
                    return found(Endpoint::One, rest);
                }
                not_allowed
            }
            Some(method @ (Method::Delete | Method::Post | Method::Put)) => {
                if let Some((name, others)) = self.named(family, rest) {
                    return found(Endpoint::Named(name), &others);
                }
                if let Some(below) = rest.first().and_then(|name| attribute(family, name)) {
                    return self.enter(below, &rest[1..]);
                }
                if has(method) {
                    return found(Endpoint::Verb, rest);
                }
                not_allowed
            }
            other => {
                if other.is_some_and(has) {
                    return found(Endpoint::Verb, rest);
                }
                match rest.first().and_then(|name| attribute(family, name)) {
                    Some(below) => self.enter(below, &rest[1..]),
                    None => not_allowed,
                }
            }
        }
    }

    /// An operation with a name: the last one that is not empty, for PUT and DELETE the first.
    fn named(&self, family: &Family, rest: &[&'p str]) -> Option<(&'p str, Vec<&'p str>)> {
        let mut names: Vec<&'p str> = rest.iter().copied().filter(|n| !n.is_empty()).collect();
        if names.is_empty() {
            return None;
        }
        let name = match self.method {
            Some(Method::Put | Method::Delete) => names.remove(0),
            _ => names.pop()?,
        };
        family
            .operations
            .iter()
            .any(|op| Some(op.method) == self.method && own_name(op) == Some(name))
            .then_some((name, names))
    }

    /// A family below a member, and the rest of the path.
    fn look_up(
        &mut self,
        family: &'static Family,
        rest: &[&'p str],
    ) -> Result<Option<(&'static Family, Vec<&'p str>)>, Refused> {
        let Some((first, after)) = rest.split_first() else {
            return Ok(None);
        };
        let (name, after) = match family.lookup {
            Lookup::None => return Ok(None),
            Lookup::Direct if !family.gate.passes(self.version) => return Err(Refused::NotFound),
            Lookup::Direct => (*first, after),
            lookup => {
                if lookup == Lookup::Node && looked_up(family, first).is_some() {
                    return Err(Refused::NotFound);
                }
                if lookup != Lookup::AnyMember && !ident::is_uuid_or_name(first) {
                    let kind = match lookup {
                        Lookup::Node => "node",
                        _ => family.path.rsplit('/').next().unwrap_or_default(),
                    };
                    return Err(Refused::BadIdent {
                        kind: kind.strip_suffix('s').unwrap_or(kind),
                        name: (*first).to_owned(),
                    });
                }
                match after.split_first() {
                    None => return Ok(None),
                    Some((name, after)) => (*name, after),
                }
            }
        };
        let Some(below) = looked_up(family, name) else {
            return Ok(None);
        };
        match below.gate {
            Gate::Surplus(_) if !below.gate.passes(self.version) => return Ok(None),
            Gate::NoRoute(_) if !below.gate.passes(self.version) => return Err(Refused::NotFound),
            Gate::NoRouteNamed(_) if !below.gate.passes(self.version) => {
                return Err(Refused::TooNew(below));
            }
            _ => {}
        }
        if family.lookup != Lookup::Direct
            && let Some(placeholder) = placeholders(below.path).last()
        {
            self.held.push((placeholder, (*first).to_owned()));
        }
        Ok(Some((below, after.to_vec())))
    }

    /// The operation of an endpoint, with the segments in the places of its arguments.
    fn select(self, found: Found<'p>) -> Routed {
        let Found {
            family,
            endpoint,
            rest,
        } = found;
        let mut given: Vec<&str> = self.routing;
        given.extend(rest.iter().filter(|name| !name.is_empty()));
        let method = match (self.method, endpoint) {
            (Some(method), _) => method,
            // Vendors' methods may be called by any HTTP method; who has it refuses what it does not know.
            (None, Endpoint::Anything) => Method::Post,
            (None, _) => return Routed::SurplusMember,
        };
        // What a family was made for is no argument of its operations.
        let own: Vec<&'static str> = placeholders(family.path)
            .filter(|name| !self.held.iter().any(|(held, _)| held == name))
            .collect();
        let mut candidates: Vec<(&'static Operation, Vec<&'static str>)> = family
            .operations
            .iter()
            .filter(|op| {
                op.method == method
                    && match endpoint {
                        Endpoint::Named(name) => own_name(op) == Some(name),
                        Endpoint::All => op.tail.is_empty(),
                        Endpoint::One => op.is_member() || family.plain_get && op.tail.is_empty(),
                        Endpoint::Verb | Endpoint::Anything => own_name(op).is_none(),
                    }
            })
            .map(|op| {
                let names = own.iter().copied().chain(placeholders(op.tail));
                (op, names.collect())
            })
            .collect();
        candidates.sort_by_key(|(_, names)| std::cmp::Reverse(names.len()));
        let fitting = candidates
            .iter()
            .find(|(_, names)| names.len() <= given.len());
        let Some((operation, names)) = fitting.or(candidates.last()) else {
            return Routed::SurplusMember;
        };
        for gate in [family.gate, operation.gate] {
            if let Some(refused) = refused_by(gate, family, method, self.version) {
                return refused;
            }
        }
        if let Some(missing) = names.get(given.len()) {
            return Routed::MissingMember(missing);
        }
        let surplus: Vec<PathArgument> = operation
            .params
            .iter()
            .map(|param| param.name)
            .zip(&given[names.len()..])
            .map(|(name, value)| (name, (*value).to_owned()))
            .collect();
        if !operation.open_params
            && (surplus.len() < given.len() - names.len()
                || (method == Method::Post && operation.is_whole() && !surplus.is_empty()))
        {
            return if operation.surplus_not_found {
                Routed::NotFound
            } else {
                Routed::SurplusMember
            };
        }
        let mut arguments = self.held;
        arguments.extend(
            names
                .iter()
                .zip(&given)
                .map(|(name, value)| (*name, (*value).to_owned())),
        );
        Routed::Operation(Matched {
            family,
            operation,
            arguments,
            surplus,
        })
    }
}

/// Whether members are read, or could be: a GET on one, or on anything below.
fn reads_members(family: &Family) -> bool {
    family
        .operations
        .iter()
        .any(|op| op.method == Method::Get && op.is_member() && !family.catches_all)
}

/// The name of an operation that has one, e.g. `detail`.
fn own_name(op: &Operation) -> Option<&'static str> {
    op.tail
        .rsplit('/')
        .next()
        .filter(|name| !name.is_empty() && !name.starts_with('{'))
}

/// The family that is an attribute of another.
fn attribute(family: &Family, name: &str) -> Option<&'static Family> {
    below(family, Reached::Attribute, name)
}

/// The family that another one finds below a member.
fn looked_up(family: &Family, name: &str) -> Option<&'static Family> {
    below(family, Reached::Lookup, name)
}

fn below(family: &Family, reached: Reached, name: &str) -> Option<&'static Family> {
    families()
        .filter(|below| below.reached == reached)
        .find(|below| {
            below
                .path
                .strip_prefix(family.subtree)
                .and_then(|tail| tail.strip_prefix('/'))
                .is_some_and(|tail| match tail.split_once('/') {
                    Some((member, tail)) => member.starts_with('{') && tail == name,
                    None => tail == name,
                })
        })
}

/// The names in braces of a path, e.g. `node` of `/v1/nodes/{node}/ports`.
fn placeholders(path: &'static str) -> impl Iterator<Item = &'static str> {
    path.split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

/// How a family refuses versions before its own without becoming an endpoint.
fn too_new(family: &Family, method: Option<Method>) -> Routed {
    let mut words = family.path.rsplit('/');
    let name = words.next().unwrap_or_default().replace('_', " ");
    let owner = words
        .next()
        .and_then(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .map(|owner| format!("{owner} "))
        .unwrap_or_default();
    let text = format!("The API version does not allow {owner}{name}");
    match (family.gate, method) {
        (Gate::NoRouteNamed(_), _) | (_, Some(Method::Get)) => Routed::TooNewNoRoute(text),
        _ => Routed::TooNewMethodNoRoute(text),
    }
}

fn refused_by(gate: Gate, family: &Family, method: Method, version: Version) -> Option<Routed> {
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
        Gate::NoRouteNamed(_) | Gate::NoRouteOr405(_) => Some(too_new(family, Some(method))),
        Gate::NotFoundOr405(_) if method != Method::Get => Some(Routed::TooNewMethod),
        Gate::NotFound(_) | Gate::NotFoundOr405(_) => Some(Routed::TooNew),
    }
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
            at("GET", "/v1/nodes//", Version::MAX),
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
                assert_eq!(matched.surplus, [("fields", "nosuch".to_owned())]);
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
            Routed::BadIdent { kind: "node", .. }
        ));
        assert!(matches!(
            at("GET", "/v1/nodes/é/vifs", Version::MAX),
            Routed::BadIdent { kind: "node", .. }
        ));
    }

    #[test]
    fn vendors_see_every_http_method() {
        for path in ["nodes/aaa", "drivers/aaa"] {
            for (method, name) in [("HEAD", "methods"), ("TRACE", "x"), ("FOO", "methods")] {
                let path = format!("/v1/{path}/vendor_passthru/{name}");
                match at(method, &path, Version::MAX) {
                    Routed::Operation(matched) => {
                        let (_, last) = matched.arguments.last().unwrap();
                        assert_eq!(
                            (last.as_str(), matched.operation.method),
                            (name, Method::Post)
                        );
                    }
                    other => panic!("{method} {path}: {other:?}"),
                }
            }
        }
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
            Routed::TooNewMethodNoRoute(_)
        ));
        assert_eq!(
            id(&at("POST", "/v1/continue_inspection", Version::MIN)),
            Some(OperationId::ContinueInspection)
        );
    }
}
