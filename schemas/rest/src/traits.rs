//! Traits: the standard ones (os-traits 3.x, as Ironic 39.0.0 ships it) and `CUSTOM_` ones.

use std::collections::HashSet;
use std::sync::LazyLock;

use schemas_model::Fault;
use serde_json::Value;

/// Longest trait, in characters.
pub const LIMIT: usize = 255;

static STANDARD: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("standard_traits.txt").lines().collect());

/// Whether a text is a trait: a standard one, or `CUSTOM_` and capitals, digits, underscores.
pub fn is_trait(text: &str) -> bool {
    text.len() <= LIMIT
        && (STANDARD.contains(text)
            || text.strip_prefix("CUSTOM_").is_some_and(|rest| {
                !rest.is_empty()
                    && rest
                        .bytes()
                        .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
            }))
}

/// Checks a trait.
///
/// # Errors
/// `InvalidParameterValue` (400).
pub fn check(text: &str) -> Result<(), Fault> {
    if is_trait(text) {
        Ok(())
    } else {
        Err(Fault::invalid_parameter(format!(
            "Schema error for trait: '{text}' is neither a standard trait nor CUSTOM_[A-Z0-9_]+"
        )))
    }
}

/// Reads `{"traits": [...]}`; `None` when there is no such member.
///
/// # Errors
/// `InvalidParameterValue` (400).
pub fn document(body: &Value) -> Result<Option<Vec<String>>, Fault> {
    let wrong = |what: String| Fault::invalid_parameter(format!("Schema error for body: {what}"));
    let members = match body {
        Value::Null => return Ok(None),
        Value::Object(members) => members,
        other => return Err(wrong(format!("{other} is not of type 'object'"))),
    };
    if let Some(name) = members.keys().find(|name| *name != "traits") {
        return Err(wrong(format!(
            "Additional properties are not allowed ('{name}' was unexpected)"
        )));
    }
    let Some(given) = members.get("traits") else {
        return Ok(None);
    };
    let items = given
        .as_array()
        .ok_or_else(|| wrong(format!("{given} is not of type 'array'")))?;
    let mut traits = Vec::with_capacity(items.len());
    for item in items {
        let text = item
            .as_str()
            .ok_or_else(|| wrong(format!("{item} is not of type 'string'")))?;
        check(text)?;
        traits.push(text.to_owned());
    }
    Ok(Some(traits))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn traits() {
        assert!(is_trait("HW_CPU_X86_VMX"));
        assert!(is_trait("CUSTOM_GOLD_2"));
        for bad in ["CUSTOM_", "CUSTOM_a", "FOO", ""] {
            assert!(!is_trait(bad), "{bad}");
        }
    }

    #[test]
    fn documents() {
        assert_eq!(document(&json!({})).unwrap(), None);
        assert_eq!(document(&json!({"traits": []})).unwrap(), Some(vec![]));
        assert!(document(&json!({"traits": ["x"]})).is_err());
        assert!(document(&json!({"traits": [], "x": 1})).is_err());
        assert!(document(&json!([])).is_err());
    }
}
