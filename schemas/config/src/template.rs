//! `$option`, `${section.option}` and `$$` in a value.
//!
//! A name is `[A-Za-z_][A-Za-z0-9_.]*`. `$$` and `\$` stand for a dollar sign; a dollar sign before
//! anything else stands for itself. What is inserted is not looked at again.

use crate::error::ValueProblem;

/// The longest value that substitution may produce, in bytes.
pub(crate) const MAX_VALUE_BYTES: usize = 64 * 1024;

/// Replaces every reference in `text` by what `lookup` says.
pub(crate) fn substitute(
    text: &str,
    mut lookup: impl FnMut(&str) -> Result<String, ValueProblem>,
) -> Result<String, ValueProblem> {
    if !text.contains('$') {
        return Ok(text.to_owned());
    }
    let text = text.replace("\\$", "$$");
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        rest = match reference(after) {
            Reference::Dollar(after) => {
                out.push('$');
                after
            }
            Reference::Name(name, after) => {
                out.push_str(&lookup(name)?);
                after
            }
            Reference::None => {
                out.push('$');
                after
            }
        };
        if out.len() > MAX_VALUE_BYTES {
            return Err(ValueProblem::TooLong(MAX_VALUE_BYTES));
        }
    }
    out.push_str(rest);
    Ok(out)
}

/// What follows a dollar sign.
enum Reference<'a> {
    /// A second dollar sign, and what follows it.
    Dollar(&'a str),
    /// A name, and what follows it.
    Name(&'a str, &'a str),
    /// Nothing that is a reference.
    None,
}

fn reference(after: &str) -> Reference<'_> {
    if let Some(rest) = after.strip_prefix('$') {
        return Reference::Dollar(rest);
    }
    let (braced, body) = match after.strip_prefix('{') {
        Some(body) => (true, body),
        None => (false, after),
    };
    if !body.starts_with(|first: char| first == '_' || first.is_ascii_alphabetic()) {
        return Reference::None;
    }
    let end = body
        .find(|c: char| !(c == '_' || c == '.' || c.is_ascii_alphanumeric()))
        .unwrap_or(body.len());
    let (name, rest) = body.split_at(end);
    match (braced, rest.strip_prefix('}')) {
        (false, _) => Reference::Name(name, rest),
        (true, Some(rest)) => Reference::Name(name, rest),
        (true, None) => Reference::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_replaced_once() {
        let lookup = |name: &str| Ok(format!("<{name}>"));
        for (text, expected) in [
            ("plain", "plain"),
            ("$a/b", "<a>/b"),
            ("${a}b", "<a>b"),
            ("${g.a}", "<g.a>"),
            ("x$g.a/y", "x<g.a>/y"),
            ("$$a", "$a"),
            ("\\$a", "$a"),
            ("$$$a", "$<a>"),
            ("5$", "5$"),
            ("$1", "$1"),
            ("${a", "${a"),
            ("${}", "${}"),
            ("a$é", "a$é"),
        ] {
            assert_eq!(substitute(text, lookup).as_deref(), Ok(expected), "{text}");
        }
        let inserted = substitute("$a", |_| Ok("$b".to_owned()));
        assert_eq!(inserted.as_deref(), Ok("$b"));
    }

    #[test]
    fn growth_is_bounded() {
        let result = substitute("$a$a$a", |_| Ok("x".repeat(MAX_VALUE_BYTES / 2)));
        assert_eq!(result, Err(ValueProblem::TooLong(MAX_VALUE_BYTES)));
    }
}
