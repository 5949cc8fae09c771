//! How a request names its node.

use schemas_model::ids::{NodeId, Uuid};
use serde_json::Value;

use crate::wire::{Mismatch, Wire, kind};

/// A node by UUID (most methods) or by number (trait methods).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum NodeRef {
    /// By UUID, as text.
    Uuid(String),
    /// By number.
    Id(NodeId),
}

impl std::fmt::Display for NodeRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            NodeRef::Uuid(uuid) => f.write_str(uuid),
            NodeRef::Id(id) => id.fmt(f),
        }
    }
}

impl From<&Uuid> for NodeRef {
    fn from(uuid: &Uuid) -> Self {
        NodeRef::Uuid(uuid.as_str().to_owned())
    }
}

impl From<NodeId> for NodeRef {
    fn from(id: NodeId) -> Self {
        NodeRef::Id(id)
    }
}

impl Wire for NodeRef {
    fn to_wire(&self) -> Value {
        match self {
            NodeRef::Uuid(uuid) => uuid.to_wire(),
            NodeRef::Id(id) => id.to_wire(),
        }
    }

    fn from_wire(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::String(uuid) => Ok(NodeRef::Uuid(uuid)),
            Value::Number(_) => NodeId::from_wire(value).map(NodeRef::Id),
            other => Err(Mismatch::Type {
                expected: "a node's UUID or number",
                got: kind(&other),
            }),
        }
    }
}
