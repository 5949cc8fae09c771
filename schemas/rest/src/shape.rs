//! Answers: which fields, and writing them.

use schemas_model::Fault;

use crate::field::{Field, Resource, Show};
use crate::out::{Key, Out};
use crate::params::not_acceptable;
use crate::versions::Version;

/// Whether one resource is asked for or a list; a few fields cannot be chosen in lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// One.
    One,
    /// A list.
    List,
}

/// The fields an answer has.
pub struct Selection<R: Resource> {
    fields: Vec<Shown<R>>,
    /// What a `next` link repeats in `fields=`.
    pub names: Option<Vec<String>>,
}

/// A field that is shown, with its name as it stands in an answer.
struct Shown<R: Resource> {
    name: &'static str,
    key: Key,
    show: Show<R>,
}

impl<R: Resource> Selection<R> {
    /// Every field of a version.
    pub fn all(version: Version) -> Self {
        Selection {
            fields: visible::<R>(version, |_| true),
            names: None,
        }
    }

    /// The fields of a short list.
    pub fn short(version: Version) -> Self {
        Selection {
            fields: visible::<R>(version, |field| {
                field.always || R::SHORT.contains(&field.name)
            }),
            names: Some(R::SHORT.iter().map(|name| (*name).to_owned()).collect()),
        }
    }

    /// The fields a caller chose.
    ///
    /// # Errors
    /// 406 for a field that is newer than the version, 400 for one that does not exist.
    pub fn chosen(names: &[String], version: Version, scope: Scope) -> Result<Self, Fault> {
        check_names::<R>(names, version)?;
        for name in names {
            let known = R::field(name).is_some_and(|field| match scope {
                Scope::One => field.selectable,
                Scope::List => field.selectable_in_lists,
            });
            if !known {
                return Err(Fault::invalid_parameter(format!(
                    "Field(s) \"{name}\" are not valid"
                )));
            }
        }
        Ok(Selection {
            fields: visible::<R>(version, |field| {
                field.always || names.iter().any(|name| name == field.name)
            }),
            names: Some(names.to_vec()),
        })
    }

    /// The fields of a list: chosen, all with `detail`, else the short ones.
    ///
    /// # Errors
    /// As [`Selection::chosen`]; 400 for both `fields` and `detail`.
    pub fn of_list(
        fields: Option<&[String]>,
        detail: Option<bool>,
        version: Version,
    ) -> Result<Self, Fault> {
        match (fields, detail) {
            (Some(_), Some(true)) => Err(Fault::invalid_parameter(
                "Can not specify ?detail=True and fields in the same request.",
            )),
            (Some(names), _) => Self::chosen(names, version, Scope::List),
            (None, Some(true)) => Ok(Self::all(version)),
            (None, _) => Ok(Self::short(version)),
        }
    }

    /// The fields of one resource: chosen, else all.
    ///
    /// # Errors
    /// As [`Selection::chosen`].
    pub fn of_one(fields: Option<&[String]>, version: Version) -> Result<Self, Fault> {
        match fields {
            Some(names) => Self::chosen(names, version, Scope::One),
            None => Ok(Self::all(version)),
        }
    }

    /// The fields by name.
    pub fn fields(&self) -> impl Iterator<Item = &'static str> {
        self.fields.iter().map(|field| field.name)
    }

    /// Whether a field is among them; tells whether a look-up is needed.
    pub fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|field| field.name == name)
    }

    /// Whether all of them are among these; links, which are made of the UUID, do not count.
    pub fn is_within(&self, names: &[&str]) -> bool {
        self.fields
            .iter()
            .all(|field| field.name == "links" || names.contains(&field.name))
    }

    /// Writes one resource.
    pub fn write(&self, view: &R::View<'_>, out: &mut Out<'_>) {
        out.object(|out| self.write_members(view, out));
    }

    /// Writes many resources as items. The first one tells how much room the others will need.
    pub fn write_all<'v>(
        &self,
        views: impl ExactSizeIterator<Item = R::View<'v>>,
        out: &mut Out<'_>,
    ) {
        let (others, before) = (views.len().saturating_sub(1), out.written());
        for (number, view) in views.enumerate() {
            self.write(&view, out.item());
            if number == 0 {
                let first = out.written() - before;
                // An eighth more, for numbers that grow.
                out.reserve((first + first / 8).saturating_mul(others));
            }
        }
    }

    /// Writes the members of one resource into an open object.
    pub fn write_members(&self, view: &R::View<'_>, out: &mut Out<'_>) {
        for field in &self.fields {
            (field.show)(view, out.prepared(&field.key));
        }
    }
}

fn visible<R: Resource>(version: Version, wanted: impl Fn(&Field<R>) -> bool) -> Vec<Shown<R>> {
    R::FIELDS
        .iter()
        .filter(|field| wanted(field) && field.exists_at(version))
        .filter_map(|field| {
            Some(Shown {
                name: field.name,
                key: Key::new(field.name),
                show: field.show?,
            })
        })
        .collect()
}

/// Whether `fields` may name a field of a resource: for the rows of the API table.
pub fn is_field<R: Resource>(name: &str) -> bool {
    R::field(name).is_some_and(|field| field.selectable || field.always)
}

/// Refuses names of fields that are newer than the version (406).
///
/// # Errors
/// `NotAcceptable`.
pub fn check_names<R: Resource>(names: &[String], version: Version) -> Result<(), Fault> {
    let early = names
        .iter()
        .filter_map(|name| R::field(name))
        .find(|field| field.gated && !field.exists_at(version));
    match early {
        None => Ok(()),
        Some(field) => Err(not_acceptable(format!(
            "Request not acceptable. Field {} is not known at API version {version}.",
            field.name
        ))),
    }
}
