//! Lists, dicts and options that may be repeated.

use std::collections::BTreeMap;

use super::OptionValue;
use crate::error::ValueProblem;
use crate::row::{Kind, OptionRow};

/// `a,b,c`. A part that is no valid item by itself is tried together with the next one, so that
/// items may have commas where their type allows it.
impl<T: OptionValue> OptionValue for Vec<T> {
    const KIND: Kind = Kind::List;
    const CHOICES: &'static [&'static str] = T::CHOICES;

    fn parse(text: &str, row: &OptionRow) -> Result<Self, ValueProblem> {
        let text = text.trim().trim_end_matches(',');
        if text.is_empty() {
            return Ok(Vec::new());
        }
        parts(text, |part| T::parse(part.trim(), row))
    }
}

/// `k:v,k:v`. As for lists, a part that is no pair by itself is tried together with the next one.
impl<T: OptionValue> OptionValue for BTreeMap<String, T> {
    const KIND: Kind = Kind::Dict;
    const CHOICES: &'static [&'static str] = T::CHOICES;

    fn parse(text: &str, row: &OptionRow) -> Result<Self, ValueProblem> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(BTreeMap::new());
        }
        let pairs = parts(text, |part| {
            let (key, value) = part.split_once(':').ok_or(ValueProblem::NotPairs)?;
            Ok((key.trim().to_owned(), T::parse(value.trim(), row)?))
        })?;
        let mut map = BTreeMap::new();
        for (key, value) in pairs {
            if key.is_empty() {
                return Err(ValueProblem::EmptyDictKey);
            }
            if map.contains_key(&key) {
                return Err(ValueProblem::DuplicateDictKey(key));
            }
            map.insert(key, value);
        }
        Ok(map)
    }
}

/// An option that may be repeated: one value for each time, in the order of the files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Multi<T>(pub Vec<T>);

impl<T> std::ops::Deref for Multi<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T: Clone> Multi<BTreeMap<String, T>> {
    /// All dicts as one; what comes later wins.
    pub fn merged(&self) -> BTreeMap<String, T> {
        self.0
            .iter()
            .flatten()
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect()
    }
}

impl<T: OptionValue> OptionValue for Multi<T> {
    const KIND: Kind = match T::KIND {
        Kind::String => Kind::MultiString,
        other => other,
    };
    const CHOICES: &'static [&'static str] = T::CHOICES;
    const MULTI: bool = true;

    fn parse(text: &str, row: &OptionRow) -> Result<Self, ValueProblem> {
        Ok(Multi(vec![T::parse(text, row)?]))
    }

    fn parse_all(texts: &[String], row: &OptionRow) -> Result<Self, ValueProblem> {
        texts
            .iter()
            .map(|text| T::parse(text, row))
            .collect::<Result<_, _>>()
            .map(Multi)
    }

    fn unset() -> Option<Self> {
        Some(Multi(Vec::new()))
    }
}

/// Splits at commas, but where `read` refuses a part, joins it with those after it until it is
/// accepted. The refusal reported is that of the longest part tried.
fn parts<T>(
    text: &str,
    read: impl Fn(&str) -> Result<T, ValueProblem>,
) -> Result<Vec<T>, ValueProblem> {
    let mut done = Vec::new();
    let mut start = 0;
    let ends = text
        .match_indices(',')
        .map(|(end, _)| end)
        .chain([text.len()]);
    let mut refused = None;
    for end in ends {
        let Some(part) = text.get(start..end) else {
            continue;
        };
        match read(part) {
            Ok(item) => {
                done.push(item);
                start = end + 1;
                refused = None;
            }
            Err(problem) => refused = Some(problem),
        }
    }
    match refused {
        Some(problem) => Err(problem),
        None => Ok(done),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Quoted;
    use super::*;

    const ROW: OptionRow = OptionRow::new("x", Kind::List, None, "");

    #[test]
    fn lists() {
        for (text, expected) in [
            ("", vec![]),
            ("a", vec!["a"]),
            ("a, b ,c", vec!["a", "b", "c"]),
            ("a,b,", vec!["a", "b"]),
            ("a,,b", vec!["a", "", "b"]),
            ("a,\nb", vec!["a", "b"]),
        ] {
            let got = Vec::<String>::parse(text, &ROW).unwrap();
            assert_eq!(got, expected, "{text:?}");
        }
        assert_eq!(
            Vec::<i64>::parse("1,x", &ROW),
            Err(ValueProblem::NotInteger)
        );
    }

    #[test]
    fn dicts() {
        let read = |text: &str| BTreeMap::<String, String>::parse(text, &ROW);
        let pairs = |text: &str| {
            read(text)
                .unwrap()
                .into_iter()
                .map(|(k, v)| format!("{k}={v}"))
                .collect::<Vec<_>>()
        };
        assert_eq!(pairs("a:1, b : 2"), ["a=1", "b=2"]);
        assert_eq!(pairs("a:http://x:1/"), ["a=http://x:1/"]);
        assert_eq!(
            pairs("x86_64:a.efi,aarch64:b.efi"),
            ["aarch64=b.efi", "x86_64=a.efi"]
        );
        assert!(read("").unwrap().is_empty());
        assert_eq!(read("a"), Err(ValueProblem::NotPairs));
        assert_eq!(read("a:1,b"), Err(ValueProblem::NotPairs));
        assert_eq!(read(":1"), Err(ValueProblem::EmptyDictKey));
        assert_eq!(
            read("a:1,a:2"),
            Err(ValueProblem::DuplicateDictKey("a".to_owned()))
        );
    }

    #[test]
    fn quoted_values_may_have_commas() {
        let read = |text: &str| BTreeMap::<String, Quoted>::parse(text, &ROW);
        let map = read("a:\"1,2\",b:'3',c:4").unwrap();
        assert_eq!(map["a"].0, "1,2");
        assert_eq!(map["b"].0, "3");
        assert_eq!(map["c"].0, "4");
        assert_eq!(read("a:\"1,2"), Err(ValueProblem::UnclosedQuote));
    }

    #[test]
    fn repeated_options_append() {
        let texts = ["a:1".to_owned(), "b:2,a:3".to_owned()];
        let all = Multi::<BTreeMap<String, String>>::parse_all(&texts, &ROW).unwrap();
        assert_eq!(all.len(), 2);
        assert_eq!(all.merged()["a"], "3");
    }
}
