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
    /// The same, saying what is too new.
    NoRouteNamed(Feature),
    /// 404 (GET) or 405 (any other method) as if the path did not exist, saying what is too new.
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
            | Gate::NoRouteNamed(f)
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

/// How routing comes from the family above to this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reached {
    /// It stands right below `/v1`.
    Top,
    /// Its name is looked for in the whole rest of the path; what stands before it becomes
    /// arguments.
    Attribute,
    /// The family above is asked for it ([`Lookup`]); the name before it belongs to the family.
    Lookup,
}

/// What a family does with a name its operations have no use for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// Nothing.
    None,
    /// Takes it for a member, refuses malformed names (400 without version headers), and looks for
    /// a family below it. Names of families below are no members.
    Node,
    /// The same, whatever the member is called.
    Member,
    /// The same without looking at the name.
    AnyMember,
    /// Looks for a family right below, without a member between.
    Direct,
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
    /// The name of the document that the whole body is.
    pub document: Option<&'static str>,
    /// The parameters, in the order they are checked.
    pub params: &'static [Param],
    /// The status of success.
    pub success: u16,
    /// Whether parameters not in the list are passed on instead of refused.
    pub open_params: bool,
    /// Which names `fields` may have in the query, where that is checked with the other
    /// parameters; elsewhere it comes last. Names in the path are never checked here.
    pub field_names: Option<fn(&str) -> bool>,
    /// Whether surplus segments are answered 404 and not 400.
    pub surplus_not_found: bool,
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
            document: None,
            params: &[],
            success: 200,
            open_params: false,
            field_names: None,
            surplus_not_found: false,
        }
    }

    /// Sets since when.
    pub const fn gate(mut self, gate: Gate) -> Self {
        self.gate = gate;
        self
    }

    /// Reads the whole body as one document, which the reference calls by a name: a parameter
    /// of that name counts for nothing.
    pub const fn whole(mut self, document: &'static str) -> Self {
        self.body = Body::Whole;
        self.document = Some(document);
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

    /// Checks the names in `fields` early.
    pub const fn field_names(mut self, known: fn(&str) -> bool) -> Self {
        self.field_names = Some(known);
        self
    }

    /// Answers surplus segments with 404.
    pub const fn surplus_not_found(mut self) -> Self {
        self.surplus_not_found = true;
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
    /// How it is reached.
    pub reached: Reached,
    /// How it finds families below members.
    pub lookup: Lookup,
    /// Whether the GET of the path itself takes surplus segments as arguments; where members are
    /// read, theirs does.
    pub plain_get: bool,
    /// Whether every method on anything below is one operation: vendor methods.
    pub catches_all: bool,
    /// The path whose sub-families it has; mostly its own.
    pub subtree: &'static str,
    /// The operations.
    pub operations: &'static [Operation],
}

impl Family {
    /// A family that is open and lists its methods.
    pub const fn new(path: &'static str, operations: &'static [Operation]) -> Self {
        Family {
            path,
            gate: Gate::Open,
            reached: Reached::Top,
            lookup: Lookup::None,
            plain_get: false,
            catches_all: false,
            subtree: path,
            operations,
        }
    }

    /// Sets since when.
    pub const fn gate(mut self, gate: Gate) -> Self {
        self.gate = gate;
        self
    }

    /// Sets how it is reached.
    pub const fn reached(mut self, reached: Reached) -> Self {
        self.reached = reached;
        self
    }

    /// Sets how it finds families below members.
    pub const fn lookup(mut self, lookup: Lookup) -> Self {
        self.lookup = lookup;
        self
    }

    /// Its GET takes surplus segments.
    pub const fn plain_get(mut self) -> Self {
        self.plain_get = true;
        self
    }

    /// Every method on anything below is one operation.
    pub const fn catches_all(mut self) -> Self {
        self.catches_all = true;
        self
    }

    /// Has the sub-families of another path.
    pub const fn subtree(mut self, path: &'static str) -> Self {
        self.subtree = path;
        self
    }

    /// The methods of the collection and of its members, sorted; what 405 lists.
    pub fn methods(&self) -> Vec<Method> {
        let mut methods: Vec<Method> = self
            .operations
            .iter()
            .filter(|op| !self.catches_all && (op.tail.is_empty() || op.is_member()))
            .map(|op| op.method)
            .collect();
        methods.sort();
        methods.dedup();
        methods
    }
}

impl Operation {
    /// Whether it is the detailed list of a collection.
    pub fn is_detail(&self) -> bool {
        self.tail == "/detail"
    }

    /// Whether the whole body is one document.
    pub fn is_whole(&self) -> bool {
        self.body == Body::Whole
    }

    /// Whether the operation is on a member, `/{name}`.
    pub fn is_member(&self) -> bool {
        self.tail.starts_with("/{") && self.tail.rfind('/') == Some(0)
    }
}
