//! File modes: written in octal, or (by Ironic's older options) in decimal.

use super::OptionValue;
use crate::error::ValueProblem;
use crate::row::{Kind, OptionRow};

/// The permission bits of a file, written in octal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileMode(pub u32);

impl OptionValue for FileMode {
    const KIND: Kind = Kind::Octal;

    fn parse(text: &str, _: &OptionRow) -> Result<Self, ValueProblem> {
        let text = text.trim();
        let digits = text
            .strip_prefix("0o")
            .or_else(|| text.strip_prefix("0O"))
            .unwrap_or(text);
        u32::from_str_radix(digits, 8)
            .map(FileMode)
            .map_err(|_| ValueProblem::NotOctal)
    }
}

/// The permission bits of a file, written in decimal: 420 is `rw-r--r--`. Ironic's help asks for
/// `0o644`, which Ironic itself refuses; here it is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DecimalMode(pub u32);

impl OptionValue for DecimalMode {
    const KIND: Kind = Kind::Integer;

    fn parse(text: &str, row: &OptionRow) -> Result<Self, ValueProblem> {
        if text.trim().starts_with("0o") {
            return FileMode::parse(text, row).map(|FileMode(bits)| DecimalMode(bits));
        }
        let number = i64::parse(text, row)?;
        u32::try_from(number)
            .map(DecimalMode)
            .map_err(|_| ValueProblem::BelowMinimum(0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octal_with_or_without_prefix() {
        let row = OptionRow::new("x", Kind::Octal, None, "");
        for (text, expected) in [
            ("0660", Ok(FileMode(0o660))),
            ("660", Ok(FileMode(0o660))),
            ("0o600", Ok(FileMode(0o600))),
            ("689", Err(ValueProblem::NotOctal)),
            ("", Err(ValueProblem::NotOctal)),
        ] {
            assert_eq!(FileMode::parse(text, &row), expected, "{text}");
        }
    }

    #[test]
    fn decimal_as_ironic_reads_it() {
        let row = OptionRow::new("x", Kind::Integer, None, "");
        assert_eq!(DecimalMode::parse("420", &row), Ok(DecimalMode(0o644)));
        assert_eq!(DecimalMode::parse("0o644", &row), Ok(DecimalMode(0o644)));
        assert_eq!(DecimalMode::parse("", &row), Err(ValueProblem::EmptyNumber));
    }
}
