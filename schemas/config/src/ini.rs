//! The syntax of one configuration file, as oslo.config reads it.
//!
//! Not the INI of other programs: a line that starts with a blank continues the value above it, an
//! indented `#` is therefore a continuation and no comment, `:` separates as well as `=`, and one
//! pair of quotes around a whole value is removed. Observed on oslo.config 10.4 with Ironic 39.0.0.
//! Nothing is interpreted here: no types, no substitution, no names.

use crate::error::SyntaxProblem;

/// One `key = value` of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Assignment {
    /// The section as written.
    pub section: String,
    /// The option as written.
    pub key: String,
    /// The value; continuation lines are joined by `\n`.
    pub value: String,
    /// The line of the key, from 1.
    pub line: usize,
}

/// A line that does not follow the syntax.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SyntaxError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub problem: SyntaxProblem,
}

/// Reads a whole file.
pub(crate) fn parse(text: &str) -> Result<Vec<Assignment>, SyntaxError> {
    let mut parser = Parser::default();
    // A carriage return alone ends a line, too (Python's universal newlines).
    let text = text.replace("\r\n", "\n");
    for (index, raw) in text.split(['\n', '\r']).enumerate() {
        parser.line(raw, index + 1)?;
    }
    parser.flush();
    Ok(parser.done)
}

#[derive(Default)]
struct Parser {
    section: Option<String>,
    open: Option<Assignment>,
    done: Vec<Assignment>,
}

impl Parser {
    fn line(&mut self, raw: &str, number: usize) -> Result<(), SyntaxError> {
        let refuse = |problem| {
            Err(SyntaxError {
                line: number,
                problem,
            })
        };
        let line = raw.trim_end();
        if line.is_empty() {
            self.flush();
            return Ok(());
        }
        if line.starts_with([' ', '\t']) {
            let Some(open) = &mut self.open else {
                return refuse(SyntaxProblem::StrayContinuation);
            };
            open.value.push('\n');
            open.value.push_str(line.trim_start());
            return Ok(());
        }
        self.flush();
        if let Some(rest) = line.strip_prefix('[') {
            match rest.strip_suffix(']') {
                None => return refuse(SyntaxProblem::UnclosedSection),
                Some("") => return refuse(SyntaxProblem::EmptySection),
                Some(name) => self.section = Some(name.to_owned()),
            }
        } else if !line.starts_with(['#', ';']) {
            let Some((key, value)) = line.split_once(['=', ':']) else {
                return refuse(SyntaxProblem::NoAssignment);
            };
            let key = key.trim();
            if key.is_empty() {
                return refuse(SyntaxProblem::EmptyKey);
            }
            let Some(section) = &self.section else {
                return refuse(SyntaxProblem::OutsideSection);
            };
            self.open = Some(Assignment {
                section: section.clone(),
                key: key.to_owned(),
                value: unquoted(value.trim()).to_owned(),
                line: number,
            });
        }
        Ok(())
    }

    fn flush(&mut self) {
        self.done.extend(self.open.take());
    }
}

/// Removes one pair of equal quotes around the whole value; a lone quote becomes nothing.
fn unquoted(value: &str) -> &str {
    for quote in ['"', '\''] {
        if value.len() == 1 && value.starts_with(quote) {
            return "";
        }
        let inner = value
            .strip_prefix(quote)
            .and_then(|rest| rest.strip_suffix(quote));
        if let Some(inner) = inner {
            return inner;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> (String, String) {
        let mut all = parse(&format!("[s]\n{text}")).unwrap();
        assert_eq!(all.len(), 1, "{all:?}");
        let last = all.remove(0);
        (last.key, last.value)
    }

    #[test]
    fn values_as_oslo_reads_them() {
        for (text, key, value) in [
            ("a=b", "a", "b"),
            ("a : b", "a", "b"),
            ("a = b = c", "a", "b = c"),
            ("a: b=c", "a", "b=c"),
            ("url = http://x:1/?y=z", "url", "http://x:1/?y=z"),
            ("a =", "a", ""),
            ("a = \"b c\"", "a", "b c"),
            ("a = 'b'", "a", "b"),
            ("a = \"b'", "a", "\"b'"),
            ("a = \"", "a", ""),
            ("a = \"\"", "a", ""),
            ("a = b # not a comment", "a", "b # not a comment"),
            ("a = b,\n    c,\n\td", "a", "b,\nc,\nd"),
            (
                "a = b\n  # continued, not a comment",
                "a",
                "b\n# continued, not a comment",
            ),
            ("a = b\r", "a", "b"),
            ("# x = y\n; z = w\na = b", "a", "b"),
        ] {
            assert_eq!(one(text), (key.to_owned(), value.to_owned()), "{text:?}");
        }
    }

    #[test]
    fn lines_end_as_python_ends_them() {
        for text in [
            "[s]\na = 1\nb = 2\n",
            "[s]\r\na = 1\r\nb = 2",
            "[s]\ra = 1\rb = 2\r",
        ] {
            let seen: Vec<_> = parse(text)
                .unwrap()
                .into_iter()
                .map(|one| (one.key, one.value, one.line))
                .collect();
            let expected =
                [("a", "1", 2), ("b", "2", 3)].map(|(k, v, l)| (k.to_owned(), v.to_owned(), l));
            assert_eq!(seen, expected, "{text:?}");
        }
    }

    #[test]
    fn sections_may_come_back_and_keys_may_repeat() {
        let text = "[a]\nx = 1\n\n[b]\nx = 2\n[a]\nx = 3\n";
        let seen: Vec<_> = parse(text)
            .unwrap()
            .into_iter()
            .map(|a| (a.section, a.value, a.line))
            .collect();
        let expected = [("a", "1", 2), ("b", "2", 5), ("a", "3", 7)]
            .map(|(s, v, l)| (s.to_owned(), v.to_owned(), l));
        assert_eq!(seen, expected);
    }

    #[test]
    fn lines_that_oslo_refuses() {
        for (text, line, problem) in [
            ("a = b", 1, SyntaxProblem::OutsideSection),
            ("[a]\nnonsense", 2, SyntaxProblem::NoAssignment),
            ("[a]\n= b", 2, SyntaxProblem::EmptyKey),
            ("[a\n", 1, SyntaxProblem::UnclosedSection),
            ("[a] # why\n", 1, SyntaxProblem::UnclosedSection),
            ("[]\n", 1, SyntaxProblem::EmptySection),
            ("[a]\n  b = c\n", 2, SyntaxProblem::StrayContinuation),
            ("[a]\nb = c\n\n  d\n", 4, SyntaxProblem::StrayContinuation),
            (
                "[a]\nb = c\n# x\n  d\n",
                4,
                SyntaxProblem::StrayContinuation,
            ),
        ] {
            assert_eq!(parse(text), Err(SyntaxError { line, problem }), "{text:?}");
        }
    }
}
