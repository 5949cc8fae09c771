//! Fields of nodes and ports by the names they have on the wire.

use schemas_model::Node;
use schemas_rpc::{Object, Versioned};
use serde_json::Value;

/// Fields that the conductor keeps; no rule changes them.
const KEPT: &[&str] = &[
    "id",
    "uuid",
    "node_id",
    "node_uuid",
    "portgroup_id",
    "chassis_id",
    "allocation_id",
    "conductor_affinity",
    "reservation",
    "provision_state",
    "target_provision_state",
    "provision_updated_at",
    "power_state",
    "target_power_state",
    "traits",
    "version",
    "created_at",
    "updated_at",
];

/// A field of a node.
pub fn field(node: &Node, name: &str) -> Option<Value> {
    get(&Versioned::from(node.clone()), name)
}

fn get<T: Object>(object: &Versioned<T>, name: &str) -> Option<Value> {
    let row = T::ROWS.iter().find(|row| row.name == name)?;
    Some((row.get)(object))
}

/// Whether there is a field of this name.
pub fn is_known<T: Object>(name: &str) -> bool {
    T::ROWS.iter().any(|row| row.name == name)
}

/// Changes a field in place: `change` gets its value as JSON.
///
/// # Errors
/// When there is no such field, when rules may not change it, when `change` fails, or when the
/// result does not fit the field.
pub fn edit<T: Object>(
    object: &mut T,
    name: &str,
    change: impl FnOnce(&mut Value) -> Result<(), String>,
) -> Result<(), String> {
    if KEPT.contains(&name) {
        return Err(format!("'{name}' cannot be changed by a rule"));
    }
    let row = T::ROWS
        .iter()
        .find(|row| row.name == name)
        .ok_or_else(|| format!("there is no field '{name}'"))?;
    let mut carried = Versioned::from(object.clone());
    let mut value = (row.get)(&carried);
    change(&mut value)?;
    if let Err(mismatch) = (row.set)(&mut carried, value.clone()) {
        coerced(&value)
            .into_iter()
            .any(|other| (row.set)(&mut carried, other).is_ok())
            .then_some(())
            .ok_or_else(|| mismatch.to_string())?;
    }
    *object = carried.object;
    Ok(())
}

/// What else a field may make of a value that does not fit: text of numbers and booleans, and a
/// boolean of everything but null (Ironic 39.0.0, observed).
fn coerced(value: &Value) -> Vec<Value> {
    let truth = Value::Bool(super::python::is_truthy(value));
    match value {
        Value::Null => Vec::new(),
        Value::Number(_) | Value::Bool(_) => vec![super::python::text(value).into(), truth],
        Value::String(_) | Value::Array(_) | Value::Object(_) => vec![truth],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use schemas_model::Uuid;
    use serde_json::json;

    fn node() -> Node {
        Node::new(Uuid::from_stored("u-1".to_owned()), "ipmi")
    }

    fn set(node: &mut Node, name: &str, value: Value) -> Result<(), String> {
        edit(node, name, |old| {
            *old = value;
            Ok(())
        })
    }

    #[test]
    fn fields_are_set_by_name() {
        let mut node = node();
        set(&mut node, "resource_class", json!("gold")).unwrap();
        set(&mut node, "description", json!(5)).unwrap();
        set(&mut node, "extra", json!({"a": 1})).unwrap();
        set(&mut node, "retired", json!("no")).unwrap();
        set(&mut node, "protected", json!([])).unwrap();
        assert_eq!(node.resource_class.as_deref(), Some("gold"));
        assert_eq!(node.description.as_deref(), Some("5"));
        assert_eq!(field(&node, "extra"), Some(json!({"a": 1})));
        assert_eq!(field(&node, "retired"), Some(json!(true)));
        assert_eq!(field(&node, "protected"), Some(json!(false)));
        assert!(set(&mut node, "description", json!([1])).is_err());
    }

    #[test]
    fn what_the_conductor_keeps_cannot_be_set() {
        let mut node = node();
        for name in ["provision_state", "reservation", "uuid", "nosuch"] {
            assert!(set(&mut node, name, json!("active")).is_err(), "{name}");
        }
        assert!(set(&mut node, "extra", json!([1])).is_err());
    }
}
