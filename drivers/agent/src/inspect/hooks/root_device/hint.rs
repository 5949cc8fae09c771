//! Root device hints: an expression for each property of a disk, all of which have to hold.
//!
//! The operators are those of oslo.utils' specs matcher, as far as Ironic documents them for hints:
//! `=`, `==`, `!=`, `<`, `<=`, `>`, `>=` for numbers, the same with `s` before for texts, `<in>`,
//! `<all-in>`, `<or>`. Texts are compared without regard to case.

use serde_json::Value;

const GIB: f64 = 1_073_741_824.0;

/// What a hint is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    /// GiB.
    Size,
    Boolean,
}

/// THE table of hints.
const KINDS: &[(&str, Kind)] = &[
    ("size", Kind::Size),
    ("model", Kind::Text),
    ("wwn", Kind::Text),
    ("serial", Kind::Text),
    ("vendor", Kind::Text),
    ("wwn_with_extension", Kind::Text),
    ("wwn_vendor_extension", Kind::Text),
    ("name", Kind::Text),
    ("rotational", Kind::Boolean),
    ("hctl", Kind::Text),
    ("by_path", Kind::Text),
];

/// Operators; longer ones before those they begin with.
const OPERATORS: &[&str] = &[
    "<all-in>", "<or>", "<in>", "s==", "s!=", "s<=", "s>=", "s<", "s>", "==", "!=", "<=", ">=",
    "=", "<", ">",
];

/// The hints of a node.
#[derive(Debug, PartialEq)]
pub(super) struct Hints(Vec<Hint>);

#[derive(Debug, PartialEq)]
struct Hint {
    name: &'static str,
    test: Test,
}

#[derive(Debug, PartialEq)]
enum Test {
    Text {
        operator: &'static str,
        values: Vec<String>,
    },
    Size {
        operator: &'static str,
        values: Vec<f64>,
    },
    Boolean(bool),
}

impl Hints {
    /// Reads them.
    ///
    /// # Errors
    /// What is wrong.
    pub(super) fn parse(value: &Value) -> Result<Self, String> {
        let hints = match value {
            Value::Null => return Ok(Hints(Vec::new())),
            Value::Object(hints) => hints,
            _ => return Err("they are not an object".to_owned()),
        };
        let hint = |(name, value): (&String, &Value)| {
            let known = KINDS.iter().find(|(known, _)| known == name);
            let (name, kind) = known.ok_or_else(|| format!("'{name}' is not a hint"))?;
            let test =
                Test::parse(*kind, value).ok_or_else(|| format!("{name} can't be {value}"))?;
            Ok(Hint { name, test })
        };
        hints.iter().map(hint).collect::<Result<_, _>>().map(Hints)
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a disk satisfies all of them.
    pub(super) fn fit(&self, disk: &Value) -> bool {
        self.0.iter().all(|hint| {
            disk.get(hint.name)
                .is_some_and(|value| hint.test.holds(value))
        })
    }
}

impl Test {
    fn parse(kind: Kind, value: &Value) -> Option<Self> {
        match kind {
            Kind::Boolean => boolean(value).map(Test::Boolean),
            Kind::Text => {
                let (operator, values) = split(value.as_str()?)?;
                let operator = if operator.is_empty() { "s==" } else { operator };
                Some(Test::Text { operator, values })
            }
            Kind::Size => {
                let text = value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned);
                let (operator, values) = split(&text)?;
                let operator = if operator.is_empty() { "==" } else { operator };
                let sizes = values.iter().map(|value| {
                    let size: u32 = value.parse().ok()?;
                    (size > 0).then_some(f64::from(size))
                });
                let values = sizes.collect::<Option<_>>()?;
                Some(Test::Size { operator, values })
            }
        }
    }

    fn holds(&self, value: &Value) -> bool {
        match self {
            Test::Boolean(wanted) => boolean(value) == Some(*wanted),
            Test::Size { operator, values } => {
                let size = value.as_f64().map(|bytes| bytes / GIB);
                let first = values.first().copied();
                size.zip(first)
                    .is_some_and(|(size, first)| match *operator {
                        "=" | ">=" => size >= first,
                        "==" => size == first,
                        "!=" => size != first,
                        "<" => size < first,
                        "<=" => size <= first,
                        ">" => size > first,
                        _ => false,
                    })
            }
            Test::Text { operator, values } => {
                let text = value.as_str().map(|text| text.trim().to_lowercase());
                let Some(text) = text.filter(|text| !text.is_empty()) else {
                    return false;
                };
                let first = values.first().map(String::as_str).unwrap_or_default();
                match *operator {
                    "s==" | "==" | "=" => text == first,
                    "s!=" | "!=" => text != first,
                    "s<" => text.as_str() < first,
                    "s<=" => text.as_str() <= first,
                    "s>" => text.as_str() > first,
                    "s>=" => text.as_str() >= first,
                    "<in>" => text.contains(first),
                    "<all-in>" => values.iter().all(|value| text.contains(value.as_str())),
                    "<or>" => values.contains(&text),
                    _ => false,
                }
            }
        }
    }
}

/// An expression's operator, empty if there is none, and its values in lower case. `None` for an
/// expression without a value.
fn split(expression: &str) -> Option<(&'static str, Vec<String>)> {
    let expression = expression.trim().to_lowercase();
    let known = OPERATORS.iter().find(|operator| {
        let rest = expression.strip_prefix(**operator);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
    });
    let values: Vec<String> = match known {
        Some(operator) => expression
            .split(operator)
            .map(|value| value.trim().to_owned())
            .filter(|value| !value.is_empty())
            .collect(),
        None => vec![expression]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect(),
    };
    (!values.is_empty()).then(|| (known.copied().unwrap_or_default(), values))
}

fn boolean(value: &Value) -> Option<bool> {
    let text = match value {
        Value::Bool(value) => return Some(*value),
        Value::String(text) => text.trim().to_lowercase(),
        other => other.to_string(),
    };
    match text.as_str() {
        "1" | "t" | "true" | "on" | "y" | "yes" => Some(true),
        "0" | "f" | "false" | "off" | "n" | "no" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn fits(hints: Value, disk: Value) -> bool {
        Hints::parse(&hints).unwrap().fit(&disk)
    }

    #[test]
    fn operators() {
        let disk = || json!({"name": "/dev/sda", "size": 64_i64 << 30, "model": "Big Disk 9000", "rotational": false});
        for hints in [
            json!({"size": 64}),
            json!({"size": "== 64"}),
            json!({"size": ">= 64", "model": "big disk 9000"}),
            json!({"model": "<in> disk"}),
            json!({"model": "<all-in> big <all-in> 9000"}),
            json!({"model": "<or> other <or> big disk 9000"}),
            json!({"model": "s!= other"}),
            json!({"rotational": "off"}),
        ] {
            assert!(fits(hints.clone(), disk()), "{hints}");
        }
        for hints in [
            json!({"size": "< 64"}),
            // Only texts have this operator.
            json!({"size": "<or> 64 <or> 100"}),
            json!({"model": "big"}),
            json!({"serial": "x"}),
            json!({"rotational": true}),
            json!({"size": 64, "model": "other"}),
        ] {
            assert!(!fits(hints.clone(), disk()), "{hints}");
        }
    }

    #[test]
    fn what_is_no_hint_is_refused() {
        for hints in [
            json!({"colour": "red"}),
            json!({"size": "big"}),
            json!({"size": 0}),
            json!({"rotational": "perhaps"}),
            json!({"model": ""}),
            json!({"model": 5}),
            json!("x"),
        ] {
            assert!(Hints::parse(&hints).is_err(), "{hints}");
        }
    }

    proptest! {
        #[test]
        fn no_expression_upsets_the_parser(text in "[<>=!sors in0-9a-z-]{0,20}", size in any::<i64>()) {
            for name in ["size", "model", "rotational"] {
                if let Ok(hints) = Hints::parse(&json!({name: text.as_str()})) {
                    let _ = hints.fit(&json!({"size": size, "model": text.as_str(), "rotational": true}));
                }
            }
        }
    }
}
