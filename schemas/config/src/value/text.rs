//! Plain, secret and quoted text.

use schemas_model::secret::Secret;

use super::OptionValue;
use crate::error::ValueProblem;
use crate::row::{Kind, OptionRow};

impl OptionValue for String {
    const KIND: Kind = Kind::String;

    fn parse(text: &str, row: &OptionRow) -> Result<Self, ValueProblem> {
        if !row.choices.is_empty() && !row.choices.contains(&text) {
            return Err(ValueProblem::NotAChoice(row.choices));
        }
        Ok(text.to_owned())
    }
}

impl OptionValue for Secret<String> {
    const KIND: Kind = Kind::String;
    const SECRET: bool = true;

    fn parse(text: &str, _: &OptionRow) -> Result<Self, ValueProblem> {
        Ok(Secret::from(text))
    }
}

/// Text of a dict whose quotes, if any, are removed; within them a comma separates nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quoted(pub String);

impl std::ops::Deref for Quoted {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl OptionValue for Quoted {
    const KIND: Kind = Kind::String;

    fn parse(text: &str, _: &OptionRow) -> Result<Self, ValueProblem> {
        let Some(quote) = text
            .chars()
            .next()
            .filter(|first| matches!(first, '"' | '\''))
        else {
            return Ok(Quoted(text.to_owned()));
        };
        let inner = text
            .strip_prefix(quote)
            .and_then(|rest| rest.strip_suffix(quote));
        inner
            .map(|inner| Quoted(inner.to_owned()))
            .ok_or(ValueProblem::UnclosedQuote)
    }
}
