//! JSON patches (RFC 6902, the three operations Ironic takes), applied to the document of a
//! resource.
//!
//! Order, as Ironic's: the shape of the patch, the fields it touches (400), fields newer than the
//! version (406); then, with the resource at hand, the operations one by one (400).
//! Where Ironic crashes (an `add` without a value, a path through a number) the answer is 400.

use schemas_model::{Class, Fault};
use serde_json::{Map, Value};

use crate::field::{Field, Resource};
use crate::params::not_acceptable;
use crate::versions::Version;

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Sets a member, or inserts an item.
    Add,
    /// Sets what is there.
    Replace,
    /// Takes away what is there.
    Remove,
}

/// One operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What it does.
    pub action: Action,
    /// Where, e.g. `/extra/rack`.
    pub path: String,
    /// With what; `remove` needs nothing.
    pub value: Option<Value>,
}

/// A patch document.
#[derive(Clone, Debug, PartialEq)]
pub struct Patch(pub Vec<Change>);

impl Change {
    /// The field it touches.
    pub fn field(&self) -> &str {
        self.path.split('/').nth(1).unwrap_or_default()
    }
}

impl Patch {
    /// Reads a patch document.
    ///
    /// # Errors
    /// 400 when it is no list of operations on well-formed paths.
    pub fn parse(body: &Value) -> Result<Patch, Fault> {
        Patch::read(body, is_path)
    }

    /// The same with any characters in paths; `~1` and `~0` stand for `/` and `~`.
    ///
    /// # Errors
    /// 400 when it is no list of operations on absolute paths.
    pub fn parse_any_path(body: &Value) -> Result<Patch, Fault> {
        Patch::read(body, |path| path.len() > 1 && path.starts_with('/'))
    }

    fn read(body: &Value, fits: fn(&str) -> bool) -> Result<Patch, Fault> {
        let wrong =
            |what: String| Fault::invalid_parameter(format!("Schema error for patch: {what}"));
        let Value::Array(items) = body else {
            return Err(wrong(format!("{body} is not of type 'array'")));
        };
        let mut changes = Vec::with_capacity(items.len());
        for item in items {
            let Value::Object(members) = item else {
                return Err(wrong(format!("{item} is not of type 'object'")));
            };
            if let Some(name) = members
                .keys()
                .find(|name| !matches!(name.as_str(), "op" | "path" | "value"))
            {
                return Err(wrong(format!(
                    "Additional properties are not allowed ('{name}' was unexpected)"
                )));
            }
            let action = match members.get("op").and_then(Value::as_str) {
                Some("add") => Action::Add,
                Some("replace") => Action::Replace,
                Some("remove") => Action::Remove,
                _ => return Err(wrong("'op' must be one of add, replace, remove".to_owned())),
            };
            let path = members
                .get("path")
                .and_then(Value::as_str)
                .filter(|path| fits(path))
                .ok_or_else(|| wrong("'path' must be like '/field/member'".to_owned()))?;
            changes.push(Change {
                action,
                path: path.to_owned(),
                value: members.get("value").cloned(),
            });
        }
        Ok(Patch(changes))
    }

    /// Refuses changes of fields that cannot be patched.
    ///
    /// # Errors
    /// 400.
    pub fn check_fields<R: Resource>(&self) -> Result<(), Fault> {
        match self
            .0
            .iter()
            .find(|change| !R::field(change.field()).is_some_and(Field::patchable))
        {
            None => Ok(()),
            Some(change) => Err(Fault::invalid(format!(
                "Cannot patch {}. Only the following can be updated: {}",
                change.path,
                R::FIELDS
                    .iter()
                    .filter(|field| field.patchable())
                    .map(|field| field.name)
                    .collect::<Vec<_>>()
                    .join(", ")
            ))),
        }
    }

    /// Refuses values for fields that are newer than the version; taking such a field away is
    /// not noticed.
    ///
    /// # Errors
    /// 406.
    pub fn gate<R: Resource>(&self, version: Version) -> Result<(), Fault> {
        let early = R::FIELDS.iter().find(|field| {
            field.gated && !field.exists_at(version) && self.values(field.name).next().is_some()
        });
        match early {
            None => Ok(()),
            Some(field) => Err(not_acceptable(format!(
                "Request not acceptable. Field {} is not known at API version {version}.",
                field.name
            ))),
        }
    }

    /// The values given for a whole field.
    pub fn values<'a>(&'a self, field: &'a str) -> impl Iterator<Item = &'a Value> {
        self.0
            .iter()
            .filter(move |change| {
                change.action != Action::Remove && change.path.strip_prefix('/') == Some(field)
            })
            .map(|change| change.value.as_ref().unwrap_or(&Value::Null))
    }

    /// The values given for exactly a path.
    pub fn values_at<'a>(&'a self, path: &'a str) -> impl Iterator<Item = &'a Value> {
        self.0
            .iter()
            .filter(move |change| change.action != Action::Remove && change.path == path)
            .map(|change| change.value.as_ref().unwrap_or(&Value::Null))
    }

    /// Whether something at or below a field is taken away.
    pub fn removes(&self, field: &str) -> bool {
        self.0
            .iter()
            .any(|change| change.action == Action::Remove && change.field() == field)
    }

    /// Whether the first change is at or below a field. (Ironic looks at the first one only.)
    pub fn starts_with(&self, field: &str) -> bool {
        self.0.first().is_some_and(|change| change.field() == field)
    }

    /// Applies the patch.
    ///
    /// # Errors
    /// `PatchError` (400) for the first operation that cannot be done.
    pub fn apply(&self, document: Map<String, Value>) -> Result<Map<String, Value>, Fault> {
        for change in &self.0 {
            let root = !change.path[1..].contains('/');
            if change.action == Action::Add && root && !document.contains_key(change.field()) {
                return Err(crate::validate::client_error(format!(
                    "Adding a new attribute ({}) to the root of the resource is not allowed",
                    change.path
                )));
            }
        }
        let mut document = Value::Object(document);
        for change in &self.0 {
            apply_one(&mut document, change).map_err(|reason| {
                Fault::new(
                    Class::PatchError,
                    format!(
                        "Couldn't apply patch at '{}'. Reason: {reason}",
                        change.path
                    ),
                )
            })?;
        }
        match document {
            Value::Object(members) => Ok(members),
            _ => Ok(Map::new()),
        }
    }
}

/// `(/word)+`, words of letters, digits, `_` and `-`.
fn is_path(path: &str) -> bool {
    path.strip_prefix('/').is_some_and(|rest| {
        rest.split('/').all(|word| {
            !word.is_empty()
                && word
                    .chars()
                    .all(|c| c.is_alphanumeric() || c == '_' || c == '-')
        })
    })
}

fn apply_one(document: &mut Value, change: &Change) -> Result<(), String> {
    let mut words: Vec<String> = change.path.split('/').skip(1).map(unescaped).collect();
    let Some(last) = words.pop() else {
        return Err("the path is empty".to_owned());
    };
    let last = last.as_str();
    let mut parent = document;
    for word in words {
        let next = match parent {
            Value::Object(members) => members.get_mut(&word),
            Value::Array(items) => index(&word, items.len()).and_then(|at| items.get_mut(at)),
            _ => None,
        };
        parent = next.ok_or_else(|| format!("member '{word}' not found"))?;
    }
    let value = || {
        change
            .value
            .clone()
            .ok_or_else(|| "the operation has no value".to_owned())
    };
    match (parent, change.action) {
        (Value::Object(members), Action::Add) => {
            members.insert(last.to_owned(), value()?);
        }
        (Value::Object(members), Action::Replace) => match members.get_mut(last) {
            Some(slot) => *slot = value()?,
            None => return Err(format!("can't replace non-existent object '{last}'")),
        },
        (Value::Object(members), Action::Remove) => {
            members
                .shift_remove(last)
                .ok_or_else(|| format!("can't remove a non-existent object '{last}'"))?;
        }
        (Value::Array(items), Action::Add) => {
            let at = if last == "-" {
                items.len()
            } else {
                index(last, items.len() + 1).ok_or_else(|| format!("'{last}' is no index"))?
            };
            items.insert(at, value()?);
        }
        (Value::Array(items), action) => {
            let at = index(last, items.len()).ok_or_else(|| format!("'{last}' is no index"))?;
            if action == Action::Remove {
                items.remove(at);
            } else {
                items[at] = value()?;
            }
        }
        _ => return Err("the path leads into a plain value".to_owned()),
    }
    Ok(())
}

/// One word of a JSON pointer (RFC 6901).
fn unescaped(word: &str) -> String {
    word.replace("~1", "/").replace("~0", "~")
}

/// An array index below `length`: digits without leading zeros.
fn index(word: &str, length: usize) -> Option<usize> {
    let plain = word == "0" || !word.starts_with('0');
    word.parse().ok().filter(|at| plain && *at < length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn applied(document: Value, patch: Value) -> Result<Value, u16> {
        let document = document.as_object().unwrap().clone();
        Patch::parse(&patch)
            .and_then(|patch| patch.apply(document))
            .map(Value::Object)
            .map_err(|fault| fault.code())
    }

    #[test]
    fn the_three_operations() {
        assert_eq!(
            applied(
                json!({"extra": {"a": 1, "list": [1, 2]}, "name": "n"}),
                json!([
                    {"op": "add", "path": "/extra/b", "value": 2},
                    {"op": "add", "path": "/extra/list/-", "value": 3},
                    {"op": "replace", "path": "/extra/list/0", "value": 9},
                    {"op": "remove", "path": "/extra/a"},
                    {"op": "remove", "path": "/name"},
                ])
            ),
            Ok(json!({"extra": {"list": [9, 2, 3], "b": 2}}))
        );
    }

    #[test]
    fn what_cannot_be_done_is_400() {
        let document = || json!({"extra": {}, "name": "n"});
        for patch in [
            json!({}),
            json!([1]),
            json!([{"op": "test", "path": "/name", "value": 1}]),
            json!([{"op": "add", "path": "name", "value": 1}]),
            json!([{"op": "add", "path": "/name/", "value": 1}]),
            json!([{"op": "add", "path": "/name", "value": 1, "x": 1}]),
            json!([{"op": "add", "path": "/colour", "value": 1}]),
            json!([{"op": "add", "path": "/name"}]),
            json!([{"op": "replace", "path": "/extra/x", "value": 1}]),
            json!([{"op": "remove", "path": "/extra/x"}]),
            json!([{"op": "add", "path": "/name/x", "value": 1}]),
        ] {
            assert_eq!(applied(document(), patch.clone()), Err(400), "{patch}");
        }
    }

    #[test]
    fn paths_of_any_characters() {
        let patch = json!([{"op": "add", "path": "/extra/a~1b c", "value": 1}]);
        assert!(Patch::parse(&patch).is_err());
        let document = json!({"extra": {}}).as_object().unwrap().clone();
        let patched = Patch::parse_any_path(&patch).unwrap().apply(document);
        assert_eq!(patched.unwrap()["extra"], json!({"a/b c": 1}));
        let relative = json!([{"op": "remove", "path": "extra"}]);
        assert!(Patch::parse_any_path(&relative).is_err());
    }

    #[test]
    fn an_empty_patch_changes_nothing() {
        assert_eq!(applied(json!({"a": 1}), json!([])), Ok(json!({"a": 1})));
    }
}
