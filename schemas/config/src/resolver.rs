//! The final text of every option: which source wins, and what its references stand for.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;

use crate::error::{ConfigError, ValueProblem};
use crate::layer::{Found, Layer};
use crate::location::Location;
use crate::row::{Kind, OptionRow};
use crate::schema::{self, Schema};
use crate::source::Sources;
use crate::template;

/// How deep references may nest.
const MAX_DEPTH: usize = 16;

/// The sources of a configuration, read.
#[derive(Debug, Clone)]
pub(crate) struct Layers {
    sources: Sources,
    files: Vec<Layer>,
}

impl Layers {
    /// Reads all files of `sources`.
    pub fn read(sources: Sources) -> Result<Self, ConfigError> {
        let files = sources.read()?;
        Ok(Layers { sources, files })
    }

    /// What the sources say about an option; `None` when they say nothing. A later file's old
    /// name beats an earlier file's current name, as in oslo.config.
    pub fn find(&self, section: &str, row: &OptionRow) -> Option<Found> {
        if let Some(found) = self.sources.overrides.find(section, row) {
            return Some(found);
        }
        if let Some((name, value)) = self.sources.variable(section, row.name) {
            let location = Location::Environment(name);
            return Some(Found {
                texts: vec![value.to_owned()],
                location,
            });
        }
        if row.multi {
            let mut all = self.upwards().filter_map(|layer| layer.find(section, row));
            let first = all.next()?;
            return Some(all.fold(first, |mut found, next| {
                found.texts.extend(next.texts);
                Found {
                    location: next.location,
                    ..found
                }
            }));
        }
        self.upwards()
            .rev()
            .find_map(|layer| layer.find(section, row))
    }

    /// The section that an option of `section` is looked up in: for credentials, the one that
    /// `auth_section` names, if it is set.
    fn holder<'s>(&self, schema: &Schema, section: &'s str, row: &OptionRow) -> Cow<'s, str> {
        let is_credential = schema::is_credential(row.name);
        let redirect = schema
            .row(section, schema::AUTH_SECTION)
            .filter(|_| is_credential);
        let named = redirect.and_then(|(section, row)| self.find(section, row));
        match named.and_then(|found| found.texts.into_iter().next_back()) {
            Some(named) => Cow::Owned(named),
            None => Cow::Borrowed(section),
        }
    }

    /// The sections that `auth_section` names somewhere.
    pub fn auth_sections(&self, schema: &Schema) -> Vec<String> {
        let redirects = schema
            .all()
            .filter(|(_, row)| row.name == schema::AUTH_SECTION);
        let named = redirects.filter_map(|(section, row)| self.find(section, row));
        named.flat_map(|found| found.texts).collect()
    }

    /// The default of an option on this machine.
    fn default(&self, schema: &Schema, section: &str, row: &OptionRow) -> Option<String> {
        let fact = row.fact.map(|fact| self.sources.machine.text(fact));
        fact.or_else(|| schema.default(section, row))
            .map(str::to_owned)
    }

    /// Every layer whose names an operator may have mistyped.
    pub fn upwards(&self) -> impl DoubleEndedIterator<Item = &Layer> {
        std::iter::once(&self.sources.embedded).chain(&self.files)
    }

    /// The sources, to read them again.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }
}

/// Resolves options of one set of layers.
pub(crate) struct Resolver<'a> {
    schema: &'a Schema,
    layers: &'a Layers,
    /// Layers that only mutable options are taken from, after a reload.
    fresh: Option<&'a Layers>,
    memo: RefCell<HashMap<(&'static str, &'static str), Option<String>>>,
}

/// The final texts of an option.
pub(crate) struct Resolved {
    /// The texts; empty when the option is unset.
    pub texts: Vec<String>,
    /// Where they come from.
    pub location: Location,
}

impl<'a> Resolver<'a> {
    /// Resolves everything from `layers`.
    pub fn new(schema: &'a Schema, layers: &'a Layers) -> Self {
        Resolver {
            schema,
            layers,
            fresh: None,
            memo: RefCell::default(),
        }
    }

    /// Resolves mutable options from `fresh`, the others from `layers`.
    pub fn reloading(schema: &'a Schema, layers: &'a Layers, fresh: &'a Layers) -> Self {
        Resolver {
            fresh: Some(fresh),
            ..Resolver::new(schema, layers)
        }
    }

    fn layers_of(&self, row: &OptionRow) -> &'a Layers {
        self.fresh.filter(|_| row.mutable).unwrap_or(self.layers)
    }

    /// The final texts of an option, or the text at fault with its location and the reason.
    pub fn resolve(
        &self,
        section: &'static str,
        row: &'static OptionRow,
    ) -> Result<Resolved, (Found, ValueProblem)> {
        let layers = self.layers_of(row);
        let found = match layers.find(&layers.holder(self.schema, section, row), row) {
            Some(found) => found,
            None => return self.resolve_default(section, row),
        };
        let mut texts = Vec::with_capacity(found.texts.len());
        for text in &found.texts {
            match self.substitute(section, text, &mut vec![(section, row.name)]) {
                Ok(text) => texts.push(text),
                Err(problem) => return Err((found, problem)),
            }
        }
        Ok(Resolved {
            texts,
            location: found.location,
        })
    }

    /// The default of an option, its references replaced.
    pub fn resolve_default(
        &self,
        section: &'static str,
        row: &'static OptionRow,
    ) -> Result<Resolved, (Found, ValueProblem)> {
        let location = Location::Default;
        let Some(text) = self.layers_of(row).default(self.schema, section, row) else {
            return Ok(Resolved {
                texts: Vec::new(),
                location,
            });
        };
        match self.substitute(section, &text, &mut vec![(section, row.name)]) {
            Ok(text) => Ok(Resolved {
                texts: vec![text],
                location,
            }),
            Err(problem) => Err((
                Found {
                    texts: vec![text],
                    location,
                },
                problem,
            )),
        }
    }

    fn substitute(
        &self,
        section: &'static str,
        text: &str,
        path: &mut Vec<(&'static str, &'static str)>,
    ) -> Result<String, ValueProblem> {
        template::substitute(text, |name| self.referred(section, name, path))
    }

    /// The text that `$name` stands for in an option of `section`.
    fn referred(
        &self,
        section: &'static str,
        name: &str,
        path: &mut Vec<(&'static str, &'static str)>,
    ) -> Result<String, ValueProblem> {
        let target = match name.split_once('.') {
            Some((section, option)) => self.schema.row(section, option),
            None => self
                .schema
                .row(section, name)
                .or_else(|| self.schema.row("DEFAULT", name)),
        };
        let Some((section, row)) = target else {
            return Err(ValueProblem::UnknownReference(name.to_owned()));
        };
        let key = (section, row.name);
        if let Some(text) = self.memo.borrow().get(&key) {
            return Ok(text.clone().unwrap_or_default());
        }
        if path.contains(&key) || path.len() >= MAX_DEPTH {
            return Err(ValueProblem::CircularReference(name.to_owned()));
        }
        path.push(key);
        let layers = self.layers_of(row);
        let raw = match layers.find(section, row) {
            Some(found) => found.texts.into_iter().next_back(),
            None => layers.default(self.schema, section, row),
        };
        let text = raw
            .map(|raw| self.substitute(section, &raw, path))
            .transpose()?;
        path.pop();
        let text = text.map(|text| as_inserted(row.kind, text));
        self.memo.borrow_mut().insert(key, text.clone());
        Ok(text.unwrap_or_default())
    }
}

/// oslo.config inserts the typed value: booleans and numbers lose the way they were written.
fn as_inserted(kind: Kind, text: String) -> String {
    match kind {
        Kind::Boolean => match crate::value::boolean(&text) {
            Ok(true) => "True".to_owned(),
            Ok(false) => "False".to_owned(),
            Err(_) => text,
        },
        Kind::Integer | Kind::Port => match crate::value::integer(&text) {
            Ok(number) => number.to_string(),
            Err(_) => text,
        },
        _ => text,
    }
}
