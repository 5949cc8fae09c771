//! From text to typed values: one implementation of [`OptionValue`] for each Rust type that an
//! option may have. The rules are those of `oslo_config.types`, with Ironic's own types beside them.

mod absolute_path;
mod choice;
mod collection;
mod file_mode;
mod host;
mod kernel_parameters;
mod number;
mod port_range;
mod text;
mod uri;

pub use absolute_path::AbsolutePath;
pub use choice::TlsVersion;
pub(crate) use choice::choice;
pub use collection::Multi;
pub use file_mode::{DecimalMode, FileMode};
pub use host::HostAddress;
pub use kernel_parameters::KernelParameters;
pub use number::seconds;
pub(crate) use number::{boolean, integer};
pub use port_range::PortRange;
pub use text::Quoted;
pub use uri::Uri;

use crate::error::ValueProblem;
use crate::row::{Kind, OptionRow};

/// A type that an option may have.
pub trait OptionValue: Sized {
    /// The option's kind.
    const KIND: Kind;
    /// The allowed words, for closed lists.
    const CHOICES: &'static [&'static str] = &[];
    /// Whether the value must not be shown.
    const SECRET: bool = false;
    /// Whether repeating the option appends.
    const MULTI: bool = false;

    /// Reads one text, within the limits of `row`.
    fn parse(text: &str, row: &OptionRow) -> Result<Self, ValueProblem>;

    /// Reads all texts of an option that is set; there is at least one.
    fn parse_all(texts: &[String], row: &OptionRow) -> Result<Self, ValueProblem> {
        Self::parse(texts.last().map_or("", String::as_str), row)
    }

    /// The value of an option that is neither set nor has a default, if there is such a value.
    fn unset() -> Option<Self> {
        None
    }
}

/// An option that may be unset. A number that is left empty is unset as well.
impl<T: OptionValue> OptionValue for Option<T> {
    const KIND: Kind = T::KIND;
    const CHOICES: &'static [&'static str] = T::CHOICES;
    const SECRET: bool = T::SECRET;
    const MULTI: bool = T::MULTI;

    fn parse(text: &str, row: &OptionRow) -> Result<Self, ValueProblem> {
        match T::parse(text, row) {
            Err(ValueProblem::EmptyNumber) => Ok(None),
            other => other.map(Some),
        }
    }

    fn unset() -> Option<Self> {
        Some(None)
    }
}
