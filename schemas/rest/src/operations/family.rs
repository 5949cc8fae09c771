//! The columns of the API table.

use super::id::OperationId;
use super::param::Param;
use crate::versions::{Feature, Version};

/// A method some operation answers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "HTTP's own names")]
pub enum Method {
    Delete,
    Get,
    Patch,
    Post,
    Put,
}

impl Method {
    /// The method by its HTTP name (upper case).
    pub fn from_name(name: &str) -> Option<Method> {
        Some(match name {
            "DELETE" => Method::Delete,
            "GET" => Method::Get,
            "PATCH" => Method::Patch,
            "POST" => Method::Post,
            "PUT" => Method::Put,
            _ => return None,
        })
    }

    /// The HTTP name.
    pub const fn name(self) -> &'static str {
        match self {
            Method::Delete => "DELETE",
            Method::Get => "GET",
            Method::Patch => "PATCH",
            Method::Post => "POST",
            Method::Put => "PUT",
        }
    }
}

/// What a request gets that comes too early in the version list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// There from the first version on.
    Open,
    /// 404 as if the path did not exist: no version headers.
    NoRoute(Feature),
    /// 404 (GET) or 405 (any other method) as if the path did not exist.
    NoRouteOr405(Feature),
    /// 404 as an ordinary error.
    NotFound(Feature),
    /// 404 as an ordinary error, after the parameters were checked.
    LateNotFound(Feature),
    /// 404 (GET) or 405 (any other method) as an ordinary error.
    NotFoundOr405(Feature),
    /// 406, but only once the node was found.
    LateNotAcceptable(Feature),
    /// The path is read as surplus segments of the parent family.
    Surplus(Feature),
    /// 404 as an ordinary error, after the handler checked the body; works at the very first
    /// version, too.
    FirstOrNotFound(Feature),
}

impl Gate {
    /// The version the row appears with.
    pub const fn since(self) -> Option<Feature> {
        match self {
            Gate::Open => None,
            Gate::NoRoute(f)
            | Gate::NoRouteOr405(f)
            | Gate::NotFound(f)
            | Gate::LateNotFound(f)
            | Gate::NotFoundOr405(f)
            | Gate::LateNotAcceptable(f)
            | Gate::Surplus(f)
            | Gate::FirstOrNotFound(f) => Some(f),
        }
    }

    /// Whether the row exists at a version.
    pub const fn passes(self, version: Version) -> bool {
        match self {
            Gate::FirstOrNotFound(f) => version.allows(f) || version.is_first(),
            _ => match self.since() {
                Some(feature) => version.allows(feature),
                None => true,
            },
        }
    }
}

/// How the request body is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// The whole body is one JSON document, under almost any content type.
    Whole,
    /// The members of a JSON object are parameters, beside those of the query.
    Keywords,
}

/// What the `Allow` header of a 405 lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allow {
    /// The methods of collection and members.
    Methods,
    /// Nothing (sub-resources of `management`).
    Nothing,
}

/// How a malformed member name is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadIdent {
    /// An ordinary error, by the parameter check.
    Error,
    /// While routing: no version headers.
    Route,
}

/// One operation.
#[derive(Debug)]
pub struct Operation {
    /// Its name; the handler map is keyed by it.
    pub id: OperationId,
    /// The method.
    pub method: Method,
    /// The path below the family's; `{name}` stands for any segment.
    pub tail: &'static str,
    /// The policy rule that must allow it.
    pub rule: &'static str,
    /// Since when.
    pub gate: Gate,
    /// How the body is read; only for methods that have one.
    pub body: Body,
    /// The parameters, in the order they are checked.
    pub params: &'static [Param],
    /// The status of success.
    pub success: u16,
    /// The parameter a surplus path segment is read as.
    pub surplus: Option<&'static str>,
    /// Whether parameters not in the list are passed on instead of refused.
    pub open_params: bool,
}

impl Operation {
    /// A row with the usual values: open, keywords, 200 and no parameters.
    pub const fn new(
        id: OperationId,
        method: Method,
        tail: &'static str,
        rule: &'static str,
    ) -> Self {
        Operation {
            id,
            method,
            tail,
            rule,
            gate: Gate::Open,
            body: Body::Keywords,
            params: &[],
            success: 200,
            surplus: None,
            open_params: false,
        }
    }

    /// Sets since when.
    pub const fn gate(mut self, gate: Gate) -> Self {
        self.gate = gate;
        self
    }

    /// Reads the whole body as one document.
    pub const fn whole(mut self) -> Self {
        self.body = Body::Whole;
        self
    }

    /// Sets the parameters.
    pub const fn params(mut self, params: &'static [Param]) -> Self {
        self.params = params;
        self
    }

    /// Sets the status of success.
    pub const fn success(mut self, status: u16) -> Self {
        self.success = status;
        self
    }

    /// Sets the parameter a surplus path segment is read as.
    pub const fn surplus(mut self, param: &'static str) -> Self {
        self.surplus = Some(param);
        self
    }

    /// Passes unknown parameters on.
    pub const fn open_params(mut self) -> Self {
        self.open_params = true;
        self
    }
}

/// Operations under one path that share an `Allow` header.
#[derive(Debug)]
pub struct Family {
    /// The path, e.g. `/v1/nodes/{node}/states`.
    pub path: &'static str,
    /// Since when.
    pub gate: Gate,
    /// What 405 lists.
    pub allow: Allow,
    /// How malformed placeholders are refused.
    pub bad_ident: BadIdent,
    /// The operations.
    pub operations: &'static [Operation],
}

impl Family {
    /// A family that is open and lists its methods.
    pub const fn new(path: &'static str, operations: &'static [Operation]) -> Self {
        Family {
            path,
            gate: Gate::Open,
            allow: Allow::Methods,
            bad_ident: BadIdent::Error,
            operations,
        }
    }

    /// Sets since when.
    pub const fn gate(mut self, gate: Gate) -> Self {
        self.gate = gate;
        self
    }

    /// Lists no methods in 405.
    pub const fn allow_nothing(mut self) -> Self {
        self.allow = Allow::Nothing;
        self
    }

    /// Refuses malformed names while routing.
    pub const fn route_ident(mut self) -> Self {
        self.bad_ident = BadIdent::Route;
        self
    }

    /// The methods of the collection and of its members, sorted.
    pub fn methods(&self) -> Vec<Method> {
        let mut methods: Vec<Method> = match self.allow {
            Allow::Nothing => Vec::new(),
            Allow::Methods => self
                .operations
                .iter()
                .filter(|op| op.tail.is_empty() || op.is_member())
                .map(|op| op.method)
                .collect(),
        };
        methods.sort();
        methods.dedup();
        methods
    }
}

impl Operation {
    /// Whether the operation is on a member, `/{name}`.
    pub fn is_member(&self) -> bool {
        self.tail.starts_with("/{") && self.tail.rfind('/') == Some(0)
    }
}
