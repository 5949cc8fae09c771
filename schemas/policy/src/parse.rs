//! The language of rules: `role:admin and (project_id:%(node.owner)s or not rule:is_lessee)`.
//!
//! `not` binds tighter than `and`, `and` tighter than `or`; operators are taken in any case. Tokens
//! are separated by blanks and by parentheses at their ends, so that `%(name)s` stays whole.
//! Whatever does not parse becomes [`Check::Never`], as in oslo.policy.

use crate::check::Check;

/// How deep parentheses and `not` may nest.
const MAX_DEPTH: usize = 64;

impl Check {
    /// Parses a rule. Empty text allows everybody.
    pub fn parse(text: &str) -> Check {
        if text.is_empty() {
            return Check::Always;
        }
        let tokens = tokens(text);
        let mut parser = Parser { rest: &tokens };
        let whole = parser.any(0).filter(|_| parser.rest.is_empty());
        whole.unwrap_or(Check::Never)
    }

    /// Parses the old form: a list of alternatives, each a list of checks that must all allow.
    /// An empty list allows everybody.
    pub fn parse_lists(alternatives: &[Vec<String>]) -> Check {
        if alternatives.is_empty() {
            return Check::Always;
        }
        let all = |checks: &Vec<String>| group(checks.iter().map(|c| single(c)), Check::All);
        let checks = alternatives
            .iter()
            .filter(|checks| !checks.is_empty())
            .filter_map(all);
        group(checks, Check::Any).unwrap_or(Check::Never)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token<'a> {
    Open,
    Close,
    And,
    Or,
    Not,
    Check(&'a str),
    /// A quoted text, which no rule can have by itself.
    Text,
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    for word in text.split_whitespace() {
        let inner = word.trim_start_matches('(');
        tokens.extend(std::iter::repeat_n(Token::Open, word.len() - inner.len()));
        let bare = inner.trim_end_matches(')');
        match bare.to_lowercase().as_str() {
            "" => {}
            "and" => tokens.push(Token::And),
            "or" => tokens.push(Token::Or),
            "not" => tokens.push(Token::Not),
            _ if is_quoted(inner) => tokens.push(Token::Text),
            _ => tokens.push(Token::Check(bare)),
        }
        tokens.extend(std::iter::repeat_n(Token::Close, inner.len() - bare.len()));
    }
    tokens
}

fn is_quoted(word: &str) -> bool {
    ['"', '\'']
        .iter()
        .any(|quote| word.len() >= 2 && word.starts_with(*quote) && word.ends_with(*quote))
}

struct Parser<'a> {
    rest: &'a [Token<'a>],
}

impl<'a> Parser<'a> {
    fn next(&mut self) -> Option<&'a Token<'a>> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first)
    }

    fn skip(&mut self, token: Token<'_>) -> bool {
        let found = self.rest.first() == Some(&token);
        if found {
            self.next();
        }
        found
    }

    fn any(&mut self, depth: usize) -> Option<Check> {
        let mut checks = vec![self.all(depth)?];
        while self.skip(Token::Or) {
            checks.push(self.all(depth)?);
        }
        group(checks, Check::Any)
    }

    fn all(&mut self, depth: usize) -> Option<Check> {
        let mut checks = vec![self.one(depth)?];
        while self.skip(Token::And) {
            checks.push(self.one(depth)?);
        }
        group(checks, Check::All)
    }

    fn one(&mut self, depth: usize) -> Option<Check> {
        if depth > MAX_DEPTH {
            return None;
        }
        match self.next()? {
            Token::Not => self.one(depth + 1).map(|check| Check::Not(Box::new(check))),
            Token::Open => self.any(depth + 1).filter(|_| self.skip(Token::Close)),
            Token::Check(text) => Some(single(text)),
            Token::Close | Token::And | Token::Or | Token::Text => None,
        }
    }
}

/// One check by itself, several grouped, none not at all.
fn group(
    checks: impl IntoIterator<Item = Check>,
    as_group: fn(Vec<Check>) -> Check,
) -> Option<Check> {
    let mut checks: Vec<_> = checks.into_iter().collect();
    match checks.len() {
        0 | 1 => checks.pop(),
        _ => Some(as_group(checks)),
    }
}

/// A check without operators.
fn single(text: &str) -> Check {
    match text {
        "!" => return Check::Never,
        "@" => return Check::Always,
        _ => {}
    }
    let Some((kind, value)) = text.split_once(':') else {
        return Check::Never;
    };
    let value = value.to_owned();
    match kind {
        "rule" => Check::Rule(value),
        "role" => Check::Role(value),
        // Asking a remote server is not supported, so it denies; the enforcer warns about it.
        "http" | "https" => Check::Never,
        _ => match literal(kind) {
            Some(literal) => Check::Literal { literal, value },
            None => Check::Attribute {
                name: kind.to_owned(),
                value,
            },
        },
    }
}

/// A Python literal as Python prints it: a quoted text, a number, `True`, `False` or `None`.
fn literal(kind: &str) -> Option<String> {
    if is_quoted(kind) {
        return kind.get(1..kind.len() - 1).map(str::to_owned);
    }
    let is_word = matches!(kind, "True" | "False" | "None");
    let is_number = kind
        .parse::<i64>()
        .is_ok_and(|number| number.to_string() == kind);
    (is_word || is_number).then(|| kind.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn role(name: &str) -> Check {
        Check::Role(name.to_owned())
    }

    fn attribute(name: &str, value: &str) -> Check {
        Check::Attribute {
            name: name.to_owned(),
            value: value.to_owned(),
        }
    }

    #[test]
    fn the_grammar() {
        let (a, b, c) = (|| role("a"), || role("b"), || role("c"));
        for (text, expected) in [
            ("", Check::Always),
            ("@", Check::Always),
            ("!", Check::Never),
            ("role:a", a()),
            ("rule:x:y", Check::Rule("x:y".to_owned())),
            (
                "project_id:%(node.owner)s",
                attribute("project_id", "%(node.owner)s"),
            ),
            (
                "(project_id:%(node.owner)s)",
                attribute("project_id", "%(node.owner)s"),
            ),
            ("role:a and role:b", Check::All(vec![a(), b()])),
            ("role:a AND role:b", Check::All(vec![a(), b()])),
            (
                "role:a or role:b and role:c",
                Check::Any(vec![a(), Check::All(vec![b(), c()])]),
            ),
            (
                "(role:a or role:b) and role:c",
                Check::All(vec![Check::Any(vec![a(), b()]), c()]),
            ),
            (
                "not role:a and role:b",
                Check::All(vec![Check::Not(Box::new(a())), b()]),
            ),
            ("not (role:a)", Check::Not(Box::new(a()))),
            (
                "not not role:a",
                Check::Not(Box::new(Check::Not(Box::new(a())))),
            ),
            ("( ( role:a ) )", a()),
            (
                "'x':%(y)s",
                Check::Literal {
                    literal: "x".to_owned(),
                    value: "%(y)s".to_owned(),
                },
            ),
            (
                "None:%(y)s",
                Check::Literal {
                    literal: "None".to_owned(),
                    value: "%(y)s".to_owned(),
                },
            ),
            (
                "True:True",
                Check::Literal {
                    literal: "True".to_owned(),
                    value: "True".to_owned(),
                },
            ),
            (
                "12:%(y)s",
                Check::Literal {
                    literal: "12".to_owned(),
                    value: "%(y)s".to_owned(),
                },
            ),
            ("a.b:c", attribute("a.b", "c")),
        ] {
            assert_eq!(Check::parse(text), expected, "{text:?}");
        }
    }

    #[test]
    fn what_cannot_be_understood_denies() {
        for text in [
            " ",
            "nonsense",
            "role:a role:b",
            "role:a and",
            "or role:a",
            "(role:a",
            "role:a)",
            "()",
            "not",
            "'quoted'",
            "\"role:a\"",
            "http://server/check",
        ] {
            assert_eq!(Check::parse(text), Check::Never, "{text:?}");
        }
        let deep = format!("{}role:a{}", "(".repeat(100_000), ")".repeat(100_000));
        assert_eq!(Check::parse(&deep), Check::Never);
        assert_eq!(Check::parse(&"not ".repeat(100_000)), Check::Never);
    }

    #[test]
    fn lists_of_lists() {
        let lists = |lists: &[&[&str]]| {
            let lists: Vec<Vec<String>> = lists
                .iter()
                .map(|l| l.iter().map(|c| (*c).to_owned()).collect())
                .collect();
            Check::parse_lists(&lists)
        };
        assert_eq!(lists(&[]), Check::Always);
        assert_eq!(lists(&[&[]]), Check::Never);
        assert_eq!(lists(&[&["role:a"]]), role("a"));
        assert_eq!(
            lists(&[&["role:a", "role:b"], &["role:c"]]),
            Check::Any(vec![Check::All(vec![role("a"), role("b")]), role("c")])
        );
    }
}
