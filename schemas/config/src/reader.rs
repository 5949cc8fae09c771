//! Typed values from resolved texts. Wrong values are collected, not returned at the first one.

use crate::error::{InvalidValue, ValueProblem};
use crate::layer::Found;
use crate::resolver::{Resolved, Resolver};
use crate::row::OptionRow;
use crate::value::OptionValue;
use crate::warning::{Warning, WarningKind};

/// Reads the options of one section after the other.
pub struct Reader<'a> {
    resolver: Resolver<'a>,
    section: &'static str,
    pub(crate) invalid: Vec<InvalidValue>,
    pub(crate) warnings: Vec<Warning>,
}

impl<'a> Reader<'a> {
    /// A reader that stands before the first section.
    pub(crate) fn new(resolver: Resolver<'a>) -> Self {
        Reader {
            resolver,
            section: "",
            invalid: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// Goes to a section.
    pub(crate) fn enter(&mut self, section: &'static str) -> &mut Self {
        self.section = section;
        self
    }

    /// The value of an option; `None` when it is wrong, which is noted.
    pub(crate) fn value<T: OptionValue>(&mut self, row: &'static OptionRow) -> Option<T> {
        let resolved = match self.resolver.resolve(self.section, row) {
            Ok(resolved) => resolved,
            Err((found, problem)) => {
                self.refuse(row, found, problem);
                return None;
            }
        };
        match typed::<T>(row, &resolved) {
            Ok(value) => Some(value),
            Err(ValueProblem::EmptyNumber) => self.default_of_empty(row, resolved),
            Err(problem) => {
                let Resolved { texts, location } = resolved;
                self.refuse(row, Found { texts, location }, problem);
                None
            }
        }
    }

    /// An empty number is no number to oslo.config, which then fails late; here it is the default.
    fn default_of_empty<T: OptionValue>(
        &mut self,
        row: &'static OptionRow,
        resolved: Resolved,
    ) -> Option<T> {
        self.warnings.push(Warning {
            location: resolved.location,
            section: self.section.to_owned(),
            option: row.name.to_owned(),
            kind: WarningKind::EmptyNumber,
        });
        let default = match self.resolver.resolve_default(self.section, row) {
            Ok(default) => default,
            Err((found, problem)) => {
                self.refuse(row, found, problem);
                return None;
            }
        };
        match typed::<T>(row, &default) {
            Ok(value) => Some(value),
            Err(problem) => {
                let Resolved { texts, location } = default;
                self.refuse(row, Found { texts, location }, problem);
                None
            }
        }
    }

    /// Refuses an option that was read, for a reason that shows only beside other options.
    pub(crate) fn refuse_resolved(&mut self, row: &'static OptionRow, problem: ValueProblem) {
        let found = match self.resolver.resolve(self.section, row) {
            Ok(Resolved { texts, location }) => Found { texts, location },
            Err((found, _)) => found,
        };
        self.refuse(row, found, problem);
    }

    fn refuse(&mut self, row: &OptionRow, found: Found, problem: ValueProblem) {
        self.invalid.push(InvalidValue {
            section: self.section.to_owned(),
            option: row.name.to_owned(),
            value: (!row.secret).then(|| found.texts.join(", ")),
            location: found.location,
            problem,
        });
    }
}

fn typed<T: OptionValue>(row: &OptionRow, resolved: &Resolved) -> Result<T, ValueProblem> {
    match resolved.texts.as_slice() {
        [] => T::unset().ok_or(ValueProblem::Missing),
        texts => T::parse_all(texts, row),
    }
}
