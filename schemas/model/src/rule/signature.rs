//! The arguments of a condition or an action.

use serde_json::{Map, Value};

/// Which arguments there must and can be, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Those that must be given.
    pub required: &'static [&'static str],
    /// Those that may be given.
    pub optional: &'static [&'static str],
}

/// Arguments by name.
pub type Args = Map<String, Value>;

impl Signature {
    /// A signature.
    pub const fn new(
        required: &'static [&'static str],
        optional: &'static [&'static str],
    ) -> Signature {
        Signature { required, optional }
    }

    /// Arguments by name. A list gives them in order; what it has too much is dropped.
    ///
    /// # Errors
    /// What is missing or unexpected.
    pub fn bind(self, given: &Value) -> Result<Args, String> {
        match given {
            Value::Array(items) => {
                let missing = self.required.get(items.len()..).unwrap_or_default();
                if !missing.is_empty() {
                    return Err(format!(
                        "not enough arguments, missing: {}",
                        missing.join(", ")
                    ));
                }
                let names = self.required.iter().chain(self.optional);
                Ok(names
                    .zip(items)
                    .map(|(name, value)| ((*name).to_owned(), value.clone()))
                    .collect())
            }
            Value::Object(members) => {
                let missing: Vec<&str> = self
                    .required
                    .iter()
                    .copied()
                    .filter(|name| !members.contains_key(*name))
                    .collect();
                let unexpected: Vec<&str> = members
                    .keys()
                    .map(String::as_str)
                    .filter(|name| !self.required.contains(name) && !self.optional.contains(name))
                    .collect();
                let complaints: Vec<String> = [("missing", missing), ("unexpected", unexpected)]
                    .into_iter()
                    .filter(|(_, names)| !names.is_empty())
                    .map(|(what, names)| format!("{what} argument(s): {}", names.join(", ")))
                    .collect();
                if complaints.is_empty() {
                    Ok(members.clone())
                } else {
                    Err(complaints.join("; "))
                }
            }
            _ => Err("args must be either a list or an object".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const SIGNATURE: Signature = Signature::new(&["path", "value"], &["unique"]);

    #[test]
    fn lists_give_arguments_in_order() {
        let args = SIGNATURE
            .bind(&json!(["/extra/a", 1, true, "dropped"]))
            .unwrap();
        assert_eq!(
            Value::Object(args),
            json!({"path": "/extra/a", "value": 1, "unique": true})
        );
        let wrong = SIGNATURE.bind(&json!(["/extra/a"])).unwrap_err();
        assert!(wrong.ends_with("missing: value"), "{wrong}");
    }

    #[test]
    fn objects_are_checked_by_name() {
        assert!(SIGNATURE.bind(&json!({"path": "a", "value": null})).is_ok());
        let wrong = SIGNATURE.bind(&json!({"path": "a", "x": 1})).unwrap_err();
        assert_eq!(
            wrong,
            "missing argument(s): value; unexpected argument(s): x"
        );
        assert!(SIGNATURE.bind(&json!("a")).is_err());
    }
}
