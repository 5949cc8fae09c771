//! What a configuration says that has no effect or should be written otherwise.

use std::fmt;

use crate::location::Location;

/// Something to tell the operator; loading went on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// Where it was seen.
    pub location: Location,
    /// The section as written (lower case but for `DEFAULT`).
    pub section: String,
    /// The option as written.
    pub option: String,
    /// What to tell.
    pub kind: WarningKind,
}

/// What there is to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WarningKind {
    /// Nothing by this name is known.
    Unknown,
    /// Ironic knows it, but here it does nothing.
    NoEffect,
    /// An old name; the value is used.
    Deprecated {
        /// The section of today's name.
        section: &'static str,
        /// Today's name.
        option: &'static str,
    },
    /// Ironic is going to remove it; the value is used.
    ToBeRemoved,
    /// A number option was left empty; its default is used.
    EmptyNumber,
    /// It changed, but only a restart can apply it.
    NeedsRestart,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Warning {
            location,
            section,
            option,
            kind,
        } = self;
        write!(f, "{location}: [{section}]{option} ")?;
        match kind {
            WarningKind::Unknown => f.write_str("is not a known option; ignored"),
            WarningKind::NoEffect => f.write_str("has no effect here; ignored"),
            WarningKind::Deprecated { section, option } => {
                write!(f, "is an old name of [{section}]{option}")
            }
            WarningKind::ToBeRemoved => f.write_str("is going to be removed"),
            WarningKind::EmptyNumber => f.write_str("is empty; its default is used"),
            WarningKind::NeedsRestart => f.write_str("changed, which needs a restart"),
        }
    }
}
