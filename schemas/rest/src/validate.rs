//! Requests that create or change a resource, checked against its table of fields.
//!
//! Order, as Ironic's: the shape of the whole document, unknown members, mandatory members, types,
//! further checks (all 400); then members that are newer than the version (406).

use schemas_model::{Class, Fault, Uuid};
use serde_json::{Map, Value};

use crate::field::{Accept, Field, Json, Resource};
use crate::mask::is_truthy;
use crate::params::{self, not_acceptable};
use crate::versions::Version;

/// The members of a request, by field.
pub type Members = Map<String, Value>;

/// Checks a create request and converts its values.
///
/// # Errors
/// `InvalidParameterValue` (400).
pub fn create<R: Resource>(body: Value) -> Result<Members, Fault> {
    let members = object::<R>(body)?;
    for name in members.keys() {
        if !R::field(name).is_some_and(Field::creatable) {
            return Err(schema_fault::<R>(format!(
                "Additional properties are not allowed ('{name}' was unexpected)"
            )));
        }
    }
    checked::<R>(members, Field::creatable)
}

/// Checks the document a patch resulted in and converts its values; members that are no
/// patchable fields are dropped.
///
/// # Errors
/// `InvalidParameterValue` (400).
pub fn patched<R: Resource>(mut document: Members) -> Result<Members, Fault> {
    document.retain(|name, _| R::field(name).is_some_and(|field| field.accept.is_some()));
    checked::<R>(document, |field| field.accept.is_some())
}

/// The document of a create request.
///
/// # Errors
/// 400 when it is no object.
fn object<R: Resource>(body: Value) -> Result<Members, Fault> {
    match body {
        Value::Object(members) => Ok(members),
        other => Err(schema_fault::<R>(format!(
            "{} is not of type 'object'",
            crate::mask::mask_text(&other.to_string())
        ))),
    }
}

fn checked<R: Resource>(
    mut members: Members,
    settable: impl Fn(&Field<R>) -> bool,
) -> Result<Members, Fault> {
    for field in R::FIELDS.iter().filter(|field| settable(field)) {
        let Some(accept) = field.accept else { continue };
        match members.get(field.name) {
            None if field.required => {
                return Err(schema_fault::<R>(format!(
                    "'{}' is a required property",
                    field.name
                )));
            }
            None => {}
            Some(value) => fits(field.name, value, &accept).map_err(schema_fault::<R>)?,
        }
    }
    for field in R::FIELDS.iter().filter(|field| settable(field)) {
        let Some(check) = field.accept.and_then(|accept| accept.check) else {
            continue;
        };
        if let Some(value) = members.get_mut(field.name)
            && !value.is_null()
        {
            *value = check(field.name, value.take())?;
        }
    }
    Ok(members)
}

fn fits(name: &str, value: &Value, accept: &Accept) -> Result<(), String> {
    if !accept.types.iter().any(|json| json.fits(value)) {
        let words: Vec<&str> = accept.types.iter().copied().map(Json::word).collect();
        return Err(format!(
            "{name}: {} is not of type {}",
            crate::mask::mask_text(&value.to_string()),
            words.join(", ")
        ));
    }
    if let Value::String(text) = value {
        let length = text.chars().count();
        if length > accept.max {
            return Err(format!("{name} is longer than {} characters", accept.max));
        }
        if length < accept.min {
            return Err(format!("{name} is shorter than {} characters", accept.min));
        }
    }
    Ok(())
}

fn schema_fault<R: Resource>(message: String) -> Fault {
    Fault::invalid_parameter(format!("Schema error for {}: {message}", R::NAME))
}

/// Refuses members of a create request that are newer than the version and say something.
///
/// # Errors
/// 406.
pub fn gate<R: Resource>(members: &Members, version: Version) -> Result<(), Fault> {
    let says = |field: &Field<R>| {
        members.get(field.name).is_some_and(|value| {
            R::GATES_NULL
                || if field.blank_text {
                    value.as_str() != Some("")
                } else {
                    !value.is_null()
                }
        })
    };
    let early = R::FIELDS
        .iter()
        .find(|field| field.gated && !field.exists_at(version) && says(field));
    match early {
        None => Ok(()),
        Some(field) => Err(not_acceptable(format!(
            "Request not acceptable. Field {} is not known at API version {version}.",
            field.name
        ))),
    }
}

/// Puts the members of a create request into a model; null leaves what a new one has.
pub fn store<R: Resource>(members: &Members, model: &mut R::Model) {
    for field in R::FIELDS {
        if let (Some(store), Some(value)) = (field.store, members.get(field.name))
            && !value.is_null()
        {
            store(model, value);
        }
    }
}

/// Whether two values are the same to Python, for which `0 == False` and `1 == 1.0`: what becomes
/// only such another value is left as it was.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .all(|(name, value)| other.get(name).is_some_and(|other| same(value, other)))
        }
        _ => one == other || matches!((number(one), number(other)), (Some(a), Some(b)) if a == b),
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Bool(flag) => Some(f64::from(u8::from(*flag))),
        // Beyond 2⁵³ only what is written alike is the same.
        Value::Number(number) => number.as_f64().filter(|float| float.abs() < 9e15),
        _ => None,
    }
}

/// Puts the members that differ between two documents into a model; an absent one counts as null.
/// Returns the names of the fields that were put.
pub fn store_changes<R: Resource>(
    before: &Members,
    after: &Members,
    model: &mut R::Model,
) -> Vec<&'static str> {
    let mut changes = Vec::new();
    for field in R::FIELDS.iter().filter(|field| field.accept.is_some()) {
        let old = before.get(field.name).unwrap_or(&Value::Null);
        let new = after.get(field.name).unwrap_or(&Value::Null);
        if !same(old, new)
            && let Some(store) = field.store
        {
            store(model, new);
            changes.push(field.name);
        }
    }
    changes
}

/// Check: a boolean or oslo's word for one.
///
/// # Errors
/// 400.
pub fn boolean(name: &str, value: Value) -> Result<Value, Fault> {
    params::boolean(&value)
        .map(Value::Bool)
        .ok_or_else(|| Fault::invalid_parameter(format!("Invalid {name}: {value} is no boolean")))
}

/// Check: a UUID.
///
/// # Errors
/// 400.
pub fn uuid(name: &str, value: Value) -> Result<Value, Fault> {
    match value {
        Value::String(text) if Uuid::is_like(&text) => Ok(Value::String(text)),
        other => Err(Fault::invalid_parameter(format!(
            "Expected UUID for {name}: {other}"
        ))),
    }
}

/// Check: a MAC address; lower-cased.
///
/// # Errors
/// 400.
pub fn mac(name: &str, value: Value) -> Result<Value, Fault> {
    value
        .as_str()
        .and_then(crate::ident::mac)
        .map(Value::String)
        .ok_or_else(|| {
            Fault::invalid_parameter(format!("Expected valid MAC address for {name}: {value}"))
        })
}

/// The text of a stored value: null is none.
pub fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// The text of a stored value: null and empty are none.
pub fn filled_text(value: &Value) -> Option<String> {
    text(value).filter(|text| !text.is_empty())
}

/// The object of a stored value: null is the empty one.
pub fn doc(value: &Value) -> schemas_model::Object {
    match value {
        Value::Object(members) => members.clone().into(),
        _ => schemas_model::Object::default(),
    }
}

/// The boolean of a stored value: null is false.
pub fn flag(value: &Value) -> bool {
    is_truthy(value)
}

/// 400 for a value that makes no sense here.
pub fn client_error(message: impl Into<std::borrow::Cow<'static, str>>) -> Fault {
    Fault::new(Class::ClientSideError, message).with_code(400)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::same;

    #[test]
    fn the_same_to_python() {
        for (one, other) in [
            (json!(0), json!(false)),
            (json!({"a": [1]}), json!({"a": [1.0]})),
        ] {
            assert!(same(&one, &other));
        }
        for (one, other) in [
            (json!(0), json!(null)),
            (json!("1"), json!(1)),
            (json!([1]), json!([1, 2])),
        ] {
            assert!(!same(&one, &other));
        }
    }
}
