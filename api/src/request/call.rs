//! One request on its way to a handler, and the handler's answer.

use std::sync::Arc;

use schemas_config::Config;
use schemas_db as db;
use schemas_model::Fault;
use schemas_rest::field::Resource;
use schemas_rest::operations::Operation;
use schemas_rest::operations::route::PathArgument;
use schemas_rest::page::Page;
use schemas_rest::params::Arguments;
use schemas_rest::shape::Selection;
use schemas_rest::{Feature, Out, Version, links};
use schemas_rpc::RequestContext;
use schemas_rpc::notification::Notifier;
use serde_json::Value;

use crate::state::AppState;

/// A request whose operation, version and parameters are known.
///
/// It gives no way to the database or to conductors: that is what
/// [`Access`](super::Access) is for.
pub struct Call {
    pub(super) state: Arc<AppState>,
    /// Who asks.
    pub context: RequestContext,
    /// The version to answer at.
    pub version: Version,
    /// What is asked for.
    pub operation: &'static Operation,
    /// The checked parameters.
    pub args: Arguments,
    /// The document of a whole-body operation.
    pub document: Value,
    /// The public URL of the service.
    pub base: String,
    /// Whether `.json` was cut off the path.
    pub json_suffix: bool,
    /// Whether the body had something in it.
    pub has_body: bool,
    /// The HTTP method, e.g. for vendor methods.
    pub http_method: String,
    /// Whether the family of the operation is below another resource.
    pub is_nested: bool,
    /// Whether a parameter was a segment of the path; some checks come later then.
    pub names_in_path: bool,
    pub(super) path: Vec<PathArgument>,
}

impl Call {
    /// Puts a request together.
    #[allow(clippy::too_many_arguments, reason = "called once, by the router")]
    pub fn new(
        state: Arc<AppState>,
        context: RequestContext,
        version: Version,
        operation: &'static Operation,
        path: Vec<PathArgument>,
        args: Arguments,
        document: Value,
        base: String,
    ) -> Self {
        Call {
            state,
            context,
            version,
            operation,
            args,
            document,
            base,
            json_suffix: false,
            is_nested: false,
            names_in_path: false,
            has_body: false,
            http_method: operation.method.name().to_owned(),
            path,
        }
    }

    /// A name or UUID of the path; empty when the path has none of that kind.
    pub fn path(&self, name: &str) -> &str {
        self.path_maybe(name).unwrap_or_default()
    }

    /// A name or UUID of the path, if it has one of that kind.
    pub fn path_maybe(&self, name: &str) -> Option<&str> {
        self.path
            .iter()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value.as_str())
    }

    /// Whether the path goes through another resource, e.g. `/v1/nodes/{node}/ports`.
    pub fn is_below_another(&self) -> bool {
        self.is_nested
    }

    /// Whether something exists at the version of the request.
    pub fn allows(&self, feature: Feature) -> bool {
        self.version.allows(feature)
    }

    /// The configuration.
    pub fn config(&self) -> &Config {
        &self.state.config
    }

    /// Where events go.
    pub(crate) fn notifier(&self) -> &Notifier {
        &self.state.notifier
    }

    /// An answer to write into.
    pub fn out(&self) -> Out<'_> {
        Out::new(&self.base, self.version)
    }

    /// Most items in one answer.
    pub fn max_limit(&self) -> u32 {
        u32::try_from(self.config().api.max_limit)
            .unwrap_or(1000)
            .max(1)
    }

    /// The page that is asked for.
    ///
    /// # Errors
    /// As [`Page::of`].
    pub fn page<R: Resource>(&self) -> Result<Page, Fault> {
        Page::of::<R>(&self.args, self.version, self.max_limit())
    }

    /// The fields of a list, by `fields` and `detail`.
    ///
    /// # Errors
    /// As [`Selection::of_list`].
    pub fn list_selection<R: Resource>(&self) -> Result<Selection<R>, Fault> {
        Selection::of_list(
            self.args.list("fields"),
            self.args.boolean("detail"),
            self.version,
        )
    }

    /// The fields of one resource, by `fields`.
    ///
    /// # Errors
    /// As [`Selection::of_one`].
    pub fn one_selection<R: Resource>(&self) -> Result<Selection<R>, Fault> {
        Selection::of_one(self.args.list("fields"), self.version)
    }

    /// The answer with one resource, with all its fields or the chosen ones.
    pub fn one<R: Resource>(&self, selection: &Selection<R>, view: &R::View<'_>) -> Answer {
        let mut out = self.out();
        selection.write(view, &mut out);
        self.answer(out.finish())
    }

    /// The answer with a newly created resource, and its address.
    pub fn created<R: Resource>(&self, view: &R::View<'_>, uuid: &str) -> Answer {
        self.one(&Selection::<R>::all(self.version), view)
            .at(self.location(format_args!("{}/{uuid}", R::COLLECTION)))
    }

    /// The answer with a list. `path` is what `next` links lead to, `last_key` the marker after
    /// this page, `extra` what `next` links repeat besides order and fields.
    pub fn list<'a, R: Resource>(
        &self,
        selection: &Selection<R>,
        views: impl ExactSizeIterator<Item = R::View<'a>>,
        page: &Page,
        path: &str,
        last_key: Option<&str>,
        extra: &[(&str, String)],
    ) -> Answer {
        let next = self.next_link(selection, page, path, views.len(), last_key, extra.to_vec());
        self.collection::<R>(next, 0, |out| selection.write_all(views, out))
    }

    /// The link to the page after one with `count` items, with the chosen fields.
    pub fn next_link<R: Resource>(
        &self,
        selection: &Selection<R>,
        page: &Page,
        path: &str,
        count: usize,
        last_key: Option<&str>,
        mut extra: Vec<(&str, String)>,
    ) -> Option<String> {
        if let Some(names) = selection.names.as_ref().filter(|names| !names.is_empty()) {
            extra.push(("fields", names.join(",")));
        }
        page.next(&self.base, path, count, last_key, &extra)
    }

    /// The answer with a list whose items are written by `write_all`; `bytes` guesses how many.
    pub fn collection<R: Resource>(
        &self,
        next: Option<String>,
        bytes: usize,
        write_all: impl FnOnce(&mut Out<'_>),
    ) -> Answer {
        let mut out = self.out();
        out.reserve(bytes);
        out.object(|out| {
            out.key(R::COLLECTION).array(write_all);
            if let Some(next) = next {
                out.key("next").text(&next);
            }
        });
        self.answer(out.finish())
    }

    /// The status of success with a body.
    pub fn answer(&self, body: Vec<u8>) -> Answer {
        Answer {
            status: self.operation.success,
            location: None,
            body: Some(body),
        }
    }

    /// The status of success with JSON from elsewhere.
    pub fn json(&self, value: &impl serde::Serialize) -> Answer {
        let mut out = self.out();
        out.value(value);
        self.answer(out.finish())
    }

    /// The status of success without a body.
    pub fn done(&self) -> Answer {
        Answer {
            status: self.operation.success,
            location: None,
            body: None,
        }
    }

    /// An address below `/v1/`.
    pub fn location(&self, path: std::fmt::Arguments<'_>) -> String {
        links::location(&self.base, path)
    }
}

/// A page as the database takes it.
pub fn db_page(page: &Page) -> db::Page {
    db::Page {
        limit: Some(page.limit),
        marker: page.marker.clone(),
        sort_key: Some(page.sort_key.clone()).filter(|key| !key.is_empty() && key != "id"),
        unsortable: page.unsortable,
        descending: page.direction == schemas_rest::page::Direction::Descending,
        bare: false,
        shown: db::Shown::Everything,
    }
}

/// The same for a list of which only some fields are shown.
pub fn shown_page<R: Resource>(page: &Page, selection: &Selection<R>) -> db::Page {
    db::Page {
        shown: shown(selection),
        ..db_page(page)
    }
}

/// The columns behind the fields that are shown; they have the same names.
pub fn shown<R: Resource>(selection: &Selection<R>) -> db::Shown {
    db::Shown::Only(selection.fields().collect())
}

/// What a handler answers with.
#[derive(Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// `Location`.
    pub location: Option<String>,
    /// JSON.
    pub body: Option<Vec<u8>>,
}

impl Answer {
    /// The same with a `Location`.
    #[must_use]
    pub fn at(mut self, location: String) -> Self {
        self.location = Some(location);
        self
    }

    /// The same with another status.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }
}
