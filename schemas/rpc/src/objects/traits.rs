//! The traits of a node on the wire: a TraitList (1.2) of Trait objects (1.1).

use schemas_model::Node;
use schemas_model::ids::NodeId;
use serde_json::{Map, Value, json};

use super::{Primitive, Row};
use crate::version::Version;
use crate::wire::{Mismatch, Wire};

const TRAIT: Version = Version::one(1);
const TRAIT_LIST: Version = Version::one(2);

/// `traits` of a node. A node in a creation request may carry `null`.
pub(super) const ROW: Row<Node> = Row {
    name: "traits",
    since: 23,
    get: |node| list(node.object.id, &node.object.traits),
    set: |node, value| {
        node.object.traits = match value {
            Value::Null => Vec::new(),
            value => names(value)?,
        };
        Ok(())
    },
};

fn list(node: NodeId, traits: &[String]) -> Value {
    let objects: Vec<Value> = traits
        .iter()
        .map(|name| {
            let data = [
                ("node_id".to_owned(), node.to_string().into()),
                ("trait".to_owned(), name.as_str().into()),
            ];
            primitive("Trait", TRAIT, data.into_iter().collect())
        })
        .collect();
    let data = [("objects".to_owned(), json!(objects))];
    primitive("TraitList", TRAIT_LIST, data.into_iter().collect())
}

fn primitive(name: &str, version: Version, data: Map<String, Value>) -> Value {
    Primitive {
        name: name.to_owned(),
        version,
        data,
        changes: Vec::new(),
    }
    .into_wire()
}

fn names(value: Value) -> Result<Vec<String>, Mismatch> {
    let mut list = read(value, "TraitList", TRAIT_LIST)?;
    let objects = Vec::<Value>::from_wire(list.data.remove("objects").unwrap_or_default())?;
    objects
        .into_iter()
        .map(|object| {
            let mut object = read(object, "Trait", TRAIT)?;
            String::from_wire(object.data.remove("trait").unwrap_or_default())
        })
        .collect()
}

fn read(value: Value, name: &'static str, supported: Version) -> Result<Primitive, Mismatch> {
    let object = Primitive::from_wire(value)?;
    if object.name != name {
        return Err(Mismatch::OtherObject {
            expected: name,
            got: object.name,
        });
    }
    if !supported.understands(object.version) {
        return Err(Mismatch::ObjectVersion {
            object: name,
            got: object.version,
            supported,
        });
    }
    Ok(object)
}

/// A node number written as text, as traits and BIOS settings have it.
pub(super) fn node_number(value: Value) -> Result<NodeId, Mismatch> {
    match value {
        Value::String(text) => text.parse().map(NodeId).map_err(|_| Mismatch::Range),
        number => NodeId::from_wire(number),
    }
}
