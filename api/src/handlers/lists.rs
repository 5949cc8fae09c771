//! What the lists of several resources have in common.

use schemas_model::{Class, Fault};
use schemas_rest::page::{Page, python_boolean};
use schemas_rest::shape::check_names;
use schemas_rest::types::node::NodeResource;
use schemas_rest::{Resource, Selection};

use crate::request::{Call, db_page, shown_page};

/// What `next` links repeat of `detail`.
pub fn detail(call: &Call) -> Vec<(&'static str, String)> {
    call.args
        .boolean("detail")
        .map(|detail| ("detail", python_boolean(detail)))
        .into_iter()
        .collect()
}

/// Refuses names of node fields that are newer than the version, also where they mean nothing: the
/// reference asks the same question about every resource that has no table of its own.
///
/// # Errors
/// 406.
pub fn gate_names(call: &Call) -> Result<(), Fault> {
    let sort_key = call.args.text("sort_key").map(str::to_owned);
    let mut names = call.args.list("fields").unwrap_or_default().to_vec();
    names.extend(sort_key);
    names.retain(|name| !NOT_GATED.contains(&name.as_str()));
    check_names::<NodeResource>(&names, call.version)
}

/// Links of nodes, which the reference's list of new fields leaves out.
const NOT_GATED: &[&str] = &["states", "portgroups", "volume"];

/// The fields of a list, where unknown names are noticed only when there is something to show.
pub struct LateSelection<R: Resource>(Result<Selection<R>, Fault>);

impl<R: Resource> LateSelection<R> {
    /// Keeps the complaint about `fields` for later.
    ///
    /// # Errors
    /// At once for fields that are too new, and for `fields` together with `detail`.
    pub fn of(selected: Result<Selection<R>, Fault>, call: &Call) -> Result<Self, Fault> {
        match selected {
            Err(fault)
                if fault.class != Class::InvalidParameterValue
                    || call.args.boolean("detail") == Some(true) =>
            {
                Err(fault)
            }
            other => Ok(LateSelection(other)),
        }
    }

    /// Whether a field will be shown; tells whether a look-up is needed.
    pub fn has(&self, name: &str) -> bool {
        self.0.as_ref().is_ok_and(|selection| selection.has(name))
    }

    /// A page of which only what is shown is read.
    pub fn page(&self, page: &Page) -> schemas_db::Page {
        match &self.0 {
            Ok(selection) => shown_page(page, selection),
            Err(_) => db_page(page),
        }
    }

    /// The fields for so many rows.
    ///
    /// # Errors
    /// 400 for unknown names, when there is a row.
    pub fn for_rows(self, rows: usize, call: &Call) -> Result<Selection<R>, Fault> {
        match self.0 {
            Err(_) if rows == 0 => Ok(Selection::short(call.version)),
            other => other,
        }
    }
}
