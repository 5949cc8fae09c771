//! All known options: the tables of all sections, indexed by section and name.

use std::collections::HashMap;

use crate::row::OptionRow;
use crate::section::Section;
use crate::section::keystone_credentials::KeystoneCredentials;

/// The option that names the section which has a section's credentials.
pub(crate) const AUTH_SECTION: &str = "auth_section";

/// Whether `auth_section` redirects options of that name.
pub(crate) fn is_credential(name: &str) -> bool {
    name != AUTH_SECTION && KeystoneCredentials::ROWS.iter().any(|row| row.name == name)
}

/// Whether it is a credential by its name of today or by an old one.
pub(crate) fn is_or_was_credential(name: &str) -> bool {
    let mut old = KeystoneCredentials::ROWS
        .iter()
        .flat_map(|row| row.deprecated);
    is_credential(name) || old.any(|(_, old)| *old == name)
}

/// The table of one `[section]`.
#[derive(Debug, Clone, Copy)]
pub struct SectionTable {
    /// The section's name in files.
    pub name: &'static str,
    /// What the section is about.
    pub about: &'static str,
    /// Its own options.
    pub rows: &'static [OptionRow],
    /// The tables of options that it shares with other sections.
    pub shared: &'static [&'static [OptionRow]],
    /// Defaults of shared options that differ in this section: name and text.
    pub defaults: &'static [(&'static str, &'static str)],
}

impl SectionTable {
    /// All options of the section.
    pub fn all_rows(&self) -> impl Iterator<Item = &'static OptionRow> {
        self.rows
            .iter()
            .chain(self.shared.iter().copied().flatten())
    }

    /// The default of one of its options, as written in a file.
    pub fn default_of(&self, row: &OptionRow) -> Option<&'static str> {
        let own = self.defaults.iter().find(|(name, _)| *name == row.name);
        own.map(|(_, text)| *text).or(row.default)
    }
}

/// The tables, indexed.
#[derive(Debug)]
pub(crate) struct Schema {
    rows: HashMap<(&'static str, &'static str), (&'static SectionTable, &'static OptionRow)>,
    old: HashMap<(&'static str, &'static str), (&'static SectionTable, &'static OptionRow)>,
}

impl Schema {
    /// Indexes `tables`.
    pub fn new(tables: &'static [SectionTable]) -> Self {
        let mut rows = HashMap::new();
        let mut old = HashMap::new();
        for table in tables {
            for row in table.all_rows() {
                rows.insert((table.name, row.name), (table, row));
                for (section, name) in row.deprecated {
                    old.insert((section.unwrap_or(table.name), *name), (table, row));
                }
            }
        }
        Schema { rows, old }
    }

    /// The option of that name today.
    pub fn row(&self, section: &str, name: &str) -> Option<(&'static str, &'static OptionRow)> {
        self.rows
            .get(&(section, name))
            .map(|(table, row)| (table.name, *row))
    }

    /// The option that once had that name.
    pub fn formerly(
        &self,
        section: &str,
        name: &str,
    ) -> Option<(&'static str, &'static OptionRow)> {
        self.old
            .get(&(section, name))
            .map(|(table, row)| (table.name, *row))
    }

    /// The built-in default of an option.
    pub fn default(&self, section: &str, row: &OptionRow) -> Option<&'static str> {
        match self.rows.get(&(section, row.name)) {
            Some((table, _)) => table.default_of(row),
            None => row.default,
        }
    }

    /// All options.
    pub fn all(&self) -> impl Iterator<Item = (&'static str, &'static OptionRow)> {
        self.rows.values().map(|(table, row)| (table.name, *row))
    }
}
