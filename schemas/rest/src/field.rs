//! The columns of a field: one row per field of a resource, from which requests are checked,
//! answers are written and the OpenAPI document is made.

use schemas_model::Fault;
use serde_json::Value;

use crate::out::Out;
use crate::versions::{Feature, Version};

/// A resource of the API: its names and its table of fields.
pub trait Resource: Sized + 'static {
    /// What a row is shown from: the model and what had to be looked up beside it.
    type View<'a>;
    /// What a request changes.
    type Model;
    /// What messages call one, e.g. `node`.
    const NAME: &'static str;
    /// What a collection is called, in the path and in the answer.
    const COLLECTION: &'static str;
    /// The fields.
    const FIELDS: &'static [Field<Self>];
    /// Whether a create request may not even say null for a field that is too new.
    const GATES_NULL: bool = false;
    /// The fields of a list without `fields` and `detail`, in the order `next` links name them.
    const SHORT: &'static [&'static str];

    /// A row by name.
    fn field(name: &str) -> Option<&'static Field<Self>> {
        Self::FIELDS.iter().find(|field| field.name == name)
    }
}

/// A JSON type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "JSON's own names")]
pub enum Json {
    Null,
    Boolean,
    Integer,
    String,
    Array,
    Object,
}

impl Json {
    /// Whether a value is of the type.
    pub fn fits(self, value: &Value) -> bool {
        match self {
            Json::Null => value.is_null(),
            Json::Boolean => value.is_boolean(),
            Json::Integer => {
                value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|f| f.fract() == 0.0)
            }
            Json::String => value.is_string(),
            Json::Array => value.is_array(),
            Json::Object => value.is_object(),
        }
    }

    /// JSON Schema's word.
    pub const fn word(self) -> &'static str {
        match self {
            Json::Null => "null",
            Json::Boolean => "boolean",
            Json::Integer => "integer",
            Json::String => "string",
            Json::Array => "array",
            Json::Object => "object",
        }
    }
}

/// A further check of a value that has the right type; may convert it.
pub type Check = fn(&str, Value) -> Result<Value, Fault>;

/// What a request may say for a field.
#[derive(Clone, Copy, Debug)]
pub struct Accept {
    /// The types.
    pub types: &'static [Json],
    /// Fewest characters of text.
    pub min: usize,
    /// Most characters of text.
    pub max: usize,
    /// What else must hold.
    pub check: Option<Check>,
}

/// Text or null.
pub const TEXT: Accept = Accept::of(&[Json::String, Json::Null]);
/// Text.
pub const NEEDED_TEXT: Accept = Accept::of(&[Json::String]);
/// An object or null.
pub const OBJECT: Accept = Accept::of(&[Json::Object, Json::Null]);
/// A boolean, oslo's words for one, or null.
pub const BOOLEAN: Accept =
    Accept::of(&[Json::String, Json::Boolean, Json::Null]).check(crate::validate::boolean);
/// A UUID or null.
pub const UUID: Accept = TEXT.check(crate::validate::uuid);

impl Accept {
    /// Any value of some types.
    pub const fn of(types: &'static [Json]) -> Self {
        Accept {
            types,
            min: 0,
            max: usize::MAX,
            check: None,
        }
    }

    /// Limits the length of text.
    pub const fn length(mut self, min: usize, max: usize) -> Self {
        self.min = min;
        self.max = max;
        self
    }

    /// Adds a check.
    pub const fn check(mut self, check: Check) -> Self {
        self.check = Some(check);
        self
    }
}

/// Writes a field's value.
pub type Show<R> = for<'a> fn(&<R as Resource>::View<'a>, &mut Out<'_>);
/// Puts a checked value into the model; null stands for "not set".
pub type Store<R> = fn(&mut <R as Resource>::Model, &Value);

/// Where a request may set a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Set {
    /// Nowhere.
    Never,
    /// When the resource is created.
    Create,
    /// When it is patched.
    Patch,
    /// In both.
    Both,
}

/// One field of a resource.
pub struct Field<R: Resource> {
    /// Its name.
    pub name: &'static str,
    /// The type it is shown as, for the OpenAPI document.
    pub json: Json,
    /// Since when it is shown.
    pub since: Option<Feature>,
    /// The version it is gone with.
    pub until: Option<Feature>,
    /// Whether a create request with it before `since` is refused (406).
    pub gated: bool,
    /// Whether empty text, and not null, is what says nothing for it.
    pub blank_text: bool,
    /// How it is written.
    pub show: Option<Show<R>>,
    /// What a request may say, and where.
    pub accept: Option<Accept>,
    /// Where a request may set it.
    pub set: Set,
    /// How it gets into the model; `None` when the handler does that.
    pub store: Option<Store<R>>,
    /// Whether a create request must have it.
    pub required: bool,
    /// Whether lists can be sorted by it.
    pub sortable: bool,
    /// Whether `fields` may name it.
    pub selectable: bool,
    /// Whether `fields` may name it in lists.
    pub selectable_in_lists: bool,
    /// Whether it is there whatever `fields` says.
    pub always: bool,
}

impl<R: Resource> Field<R> {
    /// A row that is shown from the first version on and cannot be set.
    pub const fn shown(name: &'static str, json: Json, show: Show<R>) -> Self {
        Field {
            name,
            json,
            since: None,
            until: None,
            gated: true,
            blank_text: false,
            show: Some(show),
            accept: None,
            set: Set::Never,
            store: None,
            required: false,
            sortable: !matches!(json, Json::Object | Json::Array),
            selectable: true,
            selectable_in_lists: true,
            always: false,
        }
    }

    /// A row that requests may have and answers do not.
    pub const fn hidden(name: &'static str, json: Json, accept: Accept) -> Self {
        Field {
            name,
            json,
            since: None,
            until: None,
            gated: true,
            blank_text: false,
            show: None,
            accept: Some(accept),
            set: Set::Both,
            store: None,
            required: false,
            sortable: false,
            selectable: false,
            selectable_in_lists: false,
            always: false,
        }
    }

    /// Sets since when.
    pub const fn since(mut self, feature: Feature) -> Self {
        self.since = Some(feature);
        self
    }

    /// Accepts it in requests.
    pub const fn accept(mut self, set: Set, accept: Accept, store: Store<R>) -> Self {
        self.set = set;
        self.accept = Some(accept);
        self.store = Some(store);
        self
    }

    /// Accepts it in requests; the handler resolves it (e.g. a UUID into a row).
    pub const fn resolved(mut self, set: Set, accept: Accept) -> Self {
        self.set = set;
        self.accept = Some(accept);
        self
    }

    /// Makes it mandatory when creating.
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Refuses to sort by it.
    pub const fn unsortable(mut self) -> Self {
        self.sortable = false;
        self
    }

    /// Lets create requests have it before `since`.
    pub const fn ungated(mut self) -> Self {
        self.gated = false;
        self
    }

    /// Empty text, and not null, says nothing for it.
    pub const fn blank_text(mut self) -> Self {
        self.blank_text = true;
        self
    }

    /// Takes it out of what `fields` may name.
    pub const fn unselectable(mut self) -> Self {
        self.selectable = false;
        self.selectable_in_lists = false;
        self
    }

    /// Takes it out of what `fields` may name in lists.
    pub const fn one_only(mut self) -> Self {
        self.selectable_in_lists = false;
        self
    }

    /// Shows it whatever `fields` says.
    pub const fn always(mut self) -> Self {
        self.always = true;
        self
    }

    /// Whether the field exists at a version.
    pub fn exists_at(&self, version: Version) -> bool {
        self.since.is_none_or(|since| version.allows(since))
            && self.until.is_none_or(|until| !version.allows(until))
    }

    /// Whether a create request may set it.
    pub fn creatable(&self) -> bool {
        matches!(self.set, Set::Create | Set::Both)
    }

    /// Whether a patch may set it.
    pub fn patchable(&self) -> bool {
        matches!(self.set, Set::Patch | Set::Both)
    }
}
