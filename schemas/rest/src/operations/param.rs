//! The columns of a parameter: name, kind, since when.

use crate::versions::Feature;

/// What a parameter's text must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// oslo's words for true and false, any case; also JSON booleans.
    Boolean,
    /// What Python's `int()` takes.
    Integer,
    /// UUID-like text.
    Uuid,
    /// A logical name.
    Name,
    /// A UUID or a logical name.
    UuidOrName,
    /// A MAC address; lower-cased.
    Mac,
    /// `host[:port]`.
    HostPort,
    /// A comma list, or a repeated parameter; lower-cased and without repetition.
    List,
    /// Any JSON value; the handler checks it.
    Json,
}

/// What a parameter does that comes too early in the version list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Early {
    /// 406.
    NotAcceptable,
    /// 400.
    BadRequest,
}

/// One parameter of an operation, in query or (keyword) body.
#[derive(Clone, Copy, Debug)]
pub struct Param {
    /// Its name.
    pub name: &'static str,
    /// What it must be.
    pub kind: Kind,
    /// Whether the request fails without it.
    pub required: bool,
    /// Since when, and what happens before.
    pub since: Option<(Feature, Early)>,
}

impl Param {
    /// An optional parameter that was always there.
    pub const fn new(name: &'static str, kind: Kind) -> Self {
        Param {
            name,
            kind,
            required: false,
            since: None,
        }
    }

    /// Makes it mandatory.
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// 406 before a version.
    pub const fn since(mut self, feature: Feature) -> Self {
        self.since = Some((feature, Early::NotAcceptable));
        self
    }

    /// 400 before a version.
    pub const fn bad_before(mut self, feature: Feature) -> Self {
        self.since = Some((feature, Early::BadRequest));
        self
    }
}

/// `marker`, a UUID.
pub const MARKER: Param = Param::new("marker", Kind::Uuid);
/// `limit`, at least 1; capped by `[api]max_limit`.
pub const LIMIT: Param = Param::new("limit", Kind::Integer);
/// `sort_key`, a field; `id` when absent.
pub const SORT_KEY: Param = Param::new("sort_key", Kind::Text);
/// `sort_dir`, `asc` (default) or `desc`.
pub const SORT_DIR: Param = Param::new("sort_dir", Kind::Text);
/// `fields`, the choice of fields.
pub const FIELDS: Param = Param::new("fields", Kind::List).since(Feature::FetchingSubsetOfFields);
/// `detail` of a list.
pub const DETAIL: Param =
    Param::new("detail", Kind::Boolean).bad_before(Feature::EnableDetailQuery);
