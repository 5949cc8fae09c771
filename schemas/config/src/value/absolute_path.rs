//! Paths that cannot lead elsewhere.

use std::path::Path;

use super::OptionValue;
use crate::error::ValueProblem;
use crate::row::{Kind, OptionRow};

/// An absolute path free of `.`, `..` and doubled slashes, without a slash at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AbsolutePath(String);

impl AbsolutePath {
    /// The path.
    pub fn as_path(&self) -> &Path {
        Path::new(&self.0)
    }
}

impl OptionValue for AbsolutePath {
    const KIND: Kind = Kind::String;

    fn parse(text: &str, _: &OptionRow) -> Result<Self, ValueProblem> {
        let path = if text.len() > 1 {
            text.trim_end_matches('/')
        } else {
            text
        };
        let Some(names) = path.strip_prefix('/') else {
            return Err(ValueProblem::NotAbsolutePath);
        };
        let leads_elsewhere = |name: &str| matches!(name, "" | "." | "..");
        if !names.is_empty() && names.split('/').any(leads_elsewhere) {
            return Err(ValueProblem::NotAbsolutePath);
        }
        Ok(AbsolutePath(path.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_say_where_they_lead() {
        let row = OptionRow::new("x", Kind::List, None, "");
        let read = |text: &str| AbsolutePath::parse(text, &row).map(|path| path.0);
        assert_eq!(read("/var/lib/ironic/").as_deref(), Ok("/var/lib/ironic"));
        assert_eq!(read("/").as_deref(), Ok("/"));
        for bad in ["", "a", "/a/../b", "/a/./b", "//a", "/a//b"] {
            assert_eq!(read(bad), Err(ValueProblem::NotAbsolutePath), "{bad}");
        }
    }
}
