//! Ranges of ports.

use std::ops::Range;

use super::OptionValue;
use crate::error::ValueProblem;
use crate::row::{Kind, OptionRow};

/// `start:end`; the end does not belong to the range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortRange(pub Range<u16>);

impl OptionValue for PortRange {
    const KIND: Kind = Kind::String;

    fn parse(text: &str, _: &OptionRow) -> Result<Self, ValueProblem> {
        let range = || {
            let (start, end) = text.split_once(':')?;
            let (start, end) = (start.trim().parse().ok()?, end.trim().parse().ok()?);
            (start <= end).then_some(PortRange(start..end))
        };
        range().ok_or(ValueProblem::NotPortRange)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn start_to_end() {
        let row = OptionRow::new("x", Kind::List, None, "");
        let ranges = Vec::<PortRange>::parse("10000:20000, 5:5", &row);
        assert_eq!(ranges, Ok(vec![PortRange(10000..20000), PortRange(5..5)]));
        for bad in ["1", "2:1", "1:65536", "a:b", "1:2:3"] {
            assert_eq!(
                PortRange::parse(bad, &row),
                Err(ValueProblem::NotPortRange),
                "{bad}"
            );
        }
    }
}
