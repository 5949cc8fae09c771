//! Booleans, integers, ports and floating point numbers, as Python reads them.

use std::time::Duration;

use super::OptionValue;
use crate::error::ValueProblem;
use crate::row::{Kind, OptionRow};

/// A number of seconds as a duration; what is negative counts as zero.
pub fn seconds(value: i64) -> Duration {
    Duration::from_secs(u64::try_from(value).unwrap_or(0))
}

/// Reads one of the words for true and false, in any case.
pub(crate) fn boolean(text: &str) -> Result<bool, ValueProblem> {
    match text.to_lowercase().as_str() {
        "true" | "1" | "on" | "yes" => Ok(true),
        "false" | "0" | "off" | "no" => Ok(false),
        _ => Err(ValueProblem::NotBoolean),
    }
}

/// Reads an integer: blanks around, a sign and underscores between digits are allowed.
pub(crate) fn integer(text: &str) -> Result<i64, ValueProblem> {
    let text = text.trim();
    if text.is_empty() {
        return Err(ValueProblem::EmptyNumber);
    }
    without_underscores(text)
        .and_then(|digits| digits.parse().ok())
        .ok_or(ValueProblem::NotInteger)
}

fn float(text: &str) -> Result<f64, ValueProblem> {
    let text = text.trim();
    if text.is_empty() {
        return Err(ValueProblem::EmptyNumber);
    }
    without_underscores(text)
        .and_then(|digits| digits.parse::<f64>().ok())
        .filter(|number| number.is_finite())
        .ok_or(ValueProblem::NotNumber)
}

/// Python allows single underscores between digits only.
fn without_underscores(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let digit = |index: Option<usize>| {
        index
            .and_then(|index| bytes.get(index))
            .is_some_and(u8::is_ascii_digit)
    };
    let misplaced = bytes.iter().enumerate().any(|(index, byte)| {
        *byte == b'_' && !(digit(index.checked_sub(1)) && digit(index.checked_add(1)))
    });
    (!misplaced).then(|| text.replace('_', ""))
}

/// Checks a number against the limits of its row.
fn within(number: f64, row: &OptionRow) -> Result<(), ValueProblem> {
    match (row.min, row.max) {
        (Some(least), _) if number < least => Err(ValueProblem::BelowMinimum(least)),
        (_, Some(greatest)) if number > greatest => Err(ValueProblem::AboveMaximum(greatest)),
        _ => Ok(()),
    }
}

impl OptionValue for bool {
    const KIND: Kind = Kind::Boolean;

    fn parse(text: &str, _: &OptionRow) -> Result<Self, ValueProblem> {
        boolean(text)
    }
}

impl OptionValue for i64 {
    const KIND: Kind = Kind::Integer;

    fn parse(text: &str, row: &OptionRow) -> Result<Self, ValueProblem> {
        let number = integer(text)?;
        within(number as f64, row)?;
        Ok(number)
    }
}

/// For options whose minimum is zero or more.
impl OptionValue for u64 {
    const KIND: Kind = Kind::Integer;

    fn parse(text: &str, row: &OptionRow) -> Result<Self, ValueProblem> {
        let number = i64::parse(text, row)?;
        u64::try_from(number).map_err(|_| ValueProblem::BelowMinimum(0.0))
    }
}

/// A TCP or UDP port.
impl OptionValue for u16 {
    const KIND: Kind = Kind::Port;

    fn parse(text: &str, row: &OptionRow) -> Result<Self, ValueProblem> {
        let number = i64::parse(text, row)?;
        u16::try_from(number).map_err(|_| match number {
            ..0 => ValueProblem::BelowMinimum(0.0),
            _ => ValueProblem::AboveMaximum(f64::from(u16::MAX)),
        })
    }
}

impl OptionValue for f64 {
    const KIND: Kind = Kind::Float;

    fn parse(text: &str, row: &OptionRow) -> Result<Self, ValueProblem> {
        let number = float(text)?;
        within(number, row)?;
        Ok(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: OptionRow = OptionRow::new("x", Kind::Integer, None, "");

    #[test]
    fn integers_as_python_reads_them() {
        for (text, expected) in [
            ("10", Ok(10)),
            (" +7 ", Ok(7)),
            ("-3", Ok(-3)),
            ("1_000", Ok(1000)),
            ("007", Ok(7)),
            ("", Err(ValueProblem::EmptyNumber)),
            ("1__0", Err(ValueProblem::NotInteger)),
            ("_1", Err(ValueProblem::NotInteger)),
            ("1.5", Err(ValueProblem::NotInteger)),
            ("0x10", Err(ValueProblem::NotInteger)),
            ("ten", Err(ValueProblem::NotInteger)),
        ] {
            assert_eq!(i64::parse(text, &ROW), expected, "{text:?}");
        }
    }

    #[test]
    fn limits_are_checked() {
        let row = ROW.min(1.0).max(4.5);
        assert_eq!(u64::parse("0", &row), Err(ValueProblem::BelowMinimum(1.0)));
        assert_eq!(u64::parse("5", &row), Err(ValueProblem::AboveMaximum(4.5)));
        assert_eq!(f64::parse("4.5", &row), Ok(4.5));
        assert_eq!(
            u16::parse("65536", &ROW),
            Err(ValueProblem::AboveMaximum(65535.0))
        );
        assert_eq!(u16::parse("-1", &ROW), Err(ValueProblem::BelowMinimum(0.0)));
        assert_eq!(f64::parse("nan", &ROW), Err(ValueProblem::NotNumber));
        assert_eq!(f64::parse("1e3", &ROW), Ok(1000.0));
    }

    #[test]
    fn booleans_in_any_case() {
        for text in ["true", "True", "1", "on", "YES"] {
            assert_eq!(boolean(text), Ok(true), "{text}");
        }
        for text in ["false", "0", "Off", "no"] {
            assert_eq!(boolean(text), Ok(false), "{text}");
        }
        for text in ["", "y", "t", "2", " true"] {
            assert_eq!(boolean(text), Err(ValueProblem::NotBoolean), "{text:?}");
        }
    }
}
