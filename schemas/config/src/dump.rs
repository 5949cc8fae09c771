//! All options as data, for documentation and for comparison with Ironic.

use serde::Serialize;

use crate::config::Config;
use crate::row::OptionRow;

/// One option of one section.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct DumpedOption {
    /// The section.
    pub section: &'static str,
    /// The default in this section, as written in a file; `None` when unset.
    pub section_default: Option<&'static str>,
    /// Everything else.
    #[serde(flatten)]
    pub row: OptionRow,
}

/// All options of all sections, in the order of the tables.
pub fn options() -> impl Iterator<Item = DumpedOption> {
    Config::SECTIONS.iter().flat_map(|table| {
        table.all_rows().map(|row| DumpedOption {
            section: table.name,
            section_default: table.default_of(row),
            row: *row,
        })
    })
}
