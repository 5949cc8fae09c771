//! Decoding of JSON bodies with a cap on nesting, checked before anything is allocated.

use serde_json::Value;

/// Why a body is not acceptable JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadJson {
    /// Nested deeper than allowed.
    TooDeep,
    /// Not JSON; the parser's words.
    Invalid(String),
}

/// Parses `body`, at most `depth` arrays and objects deep.
pub fn parse(body: &[u8], depth: usize) -> Result<Value, BadJson> {
    if deepest(body) > depth {
        return Err(BadJson::TooDeep);
    }
    // Some BMCs begin with a byte order mark.
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    serde_json::from_slice(body).map_err(|error| BadJson::Invalid(error.to_string()))
}

/// The deepest nesting of brackets outside strings. Right for valid JSON; for anything else the
/// parser decides afterwards.
fn deepest(body: &[u8]) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0_usize);
    let (mut in_string, mut escaped) = (false, false);
    for byte in body {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn depth_counts_brackets_outside_strings() {
        assert!(parse(br#"{"a": ["}]{[", {"b\"[": 1}]}"#, 3).is_ok());
        assert_eq!(parse(br#"{"a": [{"b": 1}]}"#, 2), Err(BadJson::TooDeep));
        assert_eq!(
            parse("[".repeat(100_000).as_bytes(), 64),
            Err(BadJson::TooDeep)
        );
    }

    #[test]
    fn garbage_is_named() {
        assert!(matches!(parse(b"<html>", 64), Err(BadJson::Invalid(_))));
        assert!(matches!(parse(b"", 64), Err(BadJson::Invalid(_))));
        assert!(parse(b"\xef\xbb\xbf{}", 64).is_ok());
    }

    fn real_depth(value: &Value) -> usize {
        match value {
            Value::Array(items) => 1 + items.iter().map(real_depth).max().unwrap_or(0),
            Value::Object(map) => 1 + map.values().map(real_depth).max().unwrap_or(0),
            _ => 0,
        }
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<i64>().prop_map(Value::from),
            ".{0,8}".prop_map(Value::from)
        ];
        leaf.prop_recursive(5, 40, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(".{0,4}", inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn the_scan_agrees_with_the_parser(value in any_json()) {
            prop_assert_eq!(deepest(value.to_string().as_bytes()), real_depth(&value));
        }

        #[test]
        fn no_bytes_upset_it(body in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = parse(&body, 8);
        }
    }
}
