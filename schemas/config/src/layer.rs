//! The values of one source, by section and name, each with its line.

use std::collections::HashMap;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use crate::ini::Assignment;
use crate::location::Location;
use crate::row::OptionRow;

/// The values of one file, or of one of the sources that are not files.
#[derive(Clone)]
pub(crate) struct Layer {
    origin: Location,
    values: HashMap<(String, String), Vec<Entry>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    value: String,
    line: usize,
}

/// The values found for one option.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    /// The texts; exactly one unless the option appends.
    pub texts: Vec<String>,
    /// Where the (last) text stands.
    pub location: Location,
}

/// Without the values: some are secret.
impl fmt::Debug for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Layer({} options of {})", self.values.len(), self.origin)
    }
}

impl Layer {
    /// A layer without values; `origin` is what messages call it.
    pub fn empty(origin: Location) -> Self {
        Layer {
            origin,
            values: HashMap::new(),
        }
    }

    /// The values of a parsed file.
    pub fn of_file(path: &Path, assignments: Vec<Assignment>) -> Self {
        let mut layer = Layer::empty(Location::File {
            path: Arc::from(path),
            line: 0,
        });
        for Assignment {
            section,
            key,
            value,
            line,
        } in assignments
        {
            layer.push(&section, &key, &value, line);
        }
        layer
    }

    /// Adds a value after those that the option already has.
    pub fn push(&mut self, section: &str, option: &str, value: &str, line: usize) {
        let key = (normal(section), option.to_owned());
        self.values.entry(key).or_default().push(Entry {
            value: value.to_owned(),
            line,
        });
    }

    /// The values of a row under its current name, else under an old one (current names win
    /// within a file). An option that appends takes all of them, old names first.
    pub fn find(&self, section: &str, row: &OptionRow) -> Option<Found> {
        let names = std::iter::once((section, row.name)).chain(
            row.deprecated
                .iter()
                .map(|(old, name)| (old.unwrap_or(section), *name)),
        );
        let mut found: Option<Found> = None;
        for (section, name) in names {
            let Some(entries) = self.values.get(&(section.to_owned(), name.to_owned())) else {
                continue;
            };
            let Some(last) = entries.last() else { continue };
            let location = self.at(last.line);
            if !row.multi {
                return Some(Found {
                    texts: vec![last.value.clone()],
                    location,
                });
            }
            let mut texts: Vec<_> = entries.iter().map(|entry| entry.value.clone()).collect();
            if let Some(newer) = found.take() {
                texts.extend(newer.texts);
            }
            found = Some(Found { texts, location });
        }
        found
    }

    /// Every option named in this layer: section, name and where it stands first.
    pub fn names(&self) -> impl Iterator<Item = (&str, &str, Location)> {
        self.values.iter().map(|((section, option), entries)| {
            let line = entries.first().map_or(0, |entry| entry.line);
            (section.as_str(), option.as_str(), self.at(line))
        })
    }

    fn at(&self, line: usize) -> Location {
        match &self.origin {
            Location::File { path, .. } => Location::File {
                path: path.clone(),
                line,
            },
            other => other.clone(),
        }
    }
}

/// Section names do not depend on case, but for `DEFAULT`.
fn normal(section: &str) -> String {
    if section == "DEFAULT" {
        section.to_owned()
    } else {
        section.to_lowercase()
    }
}
