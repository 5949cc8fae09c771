//! Conditions: operators over inspection data.

use super::Signature;
use crate::wire_enum::wire_enum;

wire_enum! {
    /// What a condition compares.
    pub enum Operator("inspection rule operator") {
        /// All values are equal.
        Eq = "eq",
        /// Each value is less than the next.
        Lt = "lt",
        /// Each value is greater than the next.
        Gt = "gt",
        /// The value is nothing, an empty text, list or object.
        IsEmpty = "is-empty",
        /// The address is in the network.
        InNet = "in-net",
        /// The whole value matches the expression.
        Matches = "matches",
        /// Some part of the value matches the expression.
        Contains = "contains",
        /// The value is in the list.
        OneOf = "one-of",
        /// The value is null.
        IsNone = "is-none",
        /// The value is true, a number but zero, or a word for true.
        IsTrue = "is-true",
        /// The value is false, zero, null, or a word for false.
        IsFalse = "is-false",
    }
}

wire_enum! {
    /// How the results of a condition with a loop make one.
    pub enum Multiple("way to combine results") {
        /// One is enough.
        Any = "any",
        /// All must hold.
        All = "all",
        /// The first that holds ends the loop; else the first one counts.
        First = "first",
        /// The last one counts.
        Last = "last",
    }
}

impl Operator {
    /// Reads the word of a condition: an operator, or `!` and an operator for its opposite.
    /// Returns the operator and whether it is inverted.
    pub fn parse(word: &str) -> Option<(Operator, bool)> {
        let (plain, inverted) = match word.strip_prefix('!') {
            Some(plain) => (plain, true),
            None => (word, false),
        };
        plain.parse().ok().map(|operator| (operator, inverted))
    }

    /// The arguments.
    pub const fn signature(self) -> Signature {
        match self {
            Operator::Eq | Operator::Lt | Operator::Gt => {
                Signature::new(&["values"], &["force_strings"])
            }
            Operator::InNet => Signature::new(&["address", "subnet"], &[]),
            Operator::Matches | Operator::Contains => Signature::new(&["value", "regex"], &[]),
            Operator::OneOf => Signature::new(&["value"], &["values"]),
            Operator::IsEmpty | Operator::IsNone | Operator::IsTrue | Operator::IsFalse => {
                Signature::new(&["value"], &[])
            }
        }
    }

    /// The arguments in which `{inventory[...]}` and the like are filled in outside loops.
    pub const fn interpolated(self) -> &'static [&'static str] {
        match self {
            Operator::Eq | Operator::Lt | Operator::Gt => &["values"],
            Operator::InNet => &["address", "subnet"],
            _ => &["value"],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exclamation_mark_inverts() {
        assert_eq!(Operator::parse("eq"), Some((Operator::Eq, false)));
        assert_eq!(Operator::parse("!in-net"), Some((Operator::InNet, true)));
        for bad in ["! eq", "!!eq", "ne", ""] {
            assert_eq!(Operator::parse(bad), None, "{bad}");
        }
    }
}
