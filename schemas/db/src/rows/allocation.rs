//! Rows of `allocations`.

use schemas_model::Allocation;
use schemas_model::ids::{AllocationId, ConductorId, NodeId, Uuid};

use super::record::record;
use super::version;
use crate::column::{JsonArray, JsonObject, Moment};
use crate::error::{DbError, DbResult};

const TABLE: &str = "allocations";

record! {
    /// A row of `allocations`.
    AllocationRow, AllocationChanges of allocations ("1.3") {
        uuid: String,
        name: Option<String>,
        node_id: Option<i32>,
        state: String,
        owner: Option<String>,
        last_error: Option<String>,
        resource_class: Option<String>,
        traits: Option<JsonArray>,
        candidate_nodes: Option<JsonArray>,
        extra: Option<JsonObject>,
        conductor_affinity: Option<i32>,
    }
}

impl AllocationRow {
    /// The allocation.
    pub(crate) fn into_model(self) -> DbResult<Allocation> {
        let AllocationRow {
            id,
            uuid,
            name,
            node_id,
            state,
            owner,
            last_error,
            resource_class,
            traits,
            candidate_nodes,
            extra,
            conductor_affinity,
            version,
            created_at,
            updated_at,
        } = self;
        version::check(TABLE, version.as_deref(), Self::VERSION)?;
        Ok(Allocation {
            id: AllocationId(id),
            uuid: Uuid::from_stored(uuid),
            name,
            node_id: node_id.map(NodeId),
            state: state.parse().map_err(DbError::corrupt(TABLE, "state"))?,
            owner,
            last_error,
            resource_class,
            traits: JsonArray::texts(traits),
            candidate_nodes: JsonArray::texts(candidate_nodes),
            extra: JsonObject::or_empty(extra),
            conductor_affinity: conductor_affinity.map(ConductorId),
            created_at: created_at.map(|m| m.0),
            updated_at: updated_at.map(|m| m.0),
        })
    }

    /// The row of a allocation.
    pub(crate) fn from_model(model: &Allocation) -> Self {
        let Allocation {
            id,
            uuid,
            name,
            node_id,
            state,
            owner,
            last_error,
            resource_class,
            traits,
            candidate_nodes,
            extra,
            conductor_affinity,
            created_at,
            updated_at,
        } = model.clone();
        AllocationRow {
            id: id.0,
            uuid: uuid.to_string(),
            name,
            node_id: node_id.map(|id| id.0),
            state: state.to_string(),
            owner,
            last_error,
            resource_class,
            traits: Some(JsonArray::of_texts(&traits)),
            candidate_nodes: Some(JsonArray::of_texts(&candidate_nodes)),
            extra: Some(extra.into()),
            conductor_affinity: conductor_affinity.map(|id| id.0),
            version: Some(Self::VERSION.to_owned()),
            created_at: Moment::from_domain(created_at),
            updated_at: Moment::from_domain(updated_at),
        }
    }
}
