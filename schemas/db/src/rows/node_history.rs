//! Rows of `node_history`.

use schemas_model::NodeHistory;
use schemas_model::ids::{NodeId, Uuid};

use super::record::record;
use super::version;
use crate::column::Moment;
use crate::error::DbResult;

const TABLE: &str = "node_history";

record! {
    /// A row of `node_history`.
    NodeHistoryRow of node_history ("1.3") {
        uuid: String,
        conductor: Option<String>,
        event_type: Option<String>,
        severity: Option<String>,
        event: Option<String>,
        user: Option<String>,
        project: Option<String>,
        node_id: Option<i32>,
        state: Option<String>,
        target_provision_state: Option<String>,
        duration_seconds: Option<i32>,
    }
}

impl NodeHistoryRow {
    /// The node history.
    pub(crate) fn into_model(self) -> DbResult<NodeHistory> {
        let NodeHistoryRow {
            id: _,
            uuid,
            conductor,
            event_type,
            severity,
            event,
            user,
            project,
            node_id,
            state,
            target_provision_state,
            duration_seconds,
            version,
            created_at,
            updated_at,
        } = self;
        version::check(TABLE, version.as_deref(), Self::VERSION)?;
        Ok(NodeHistory {
            uuid: Uuid::from_stored(uuid),
            node_id: NodeId(node_id.unwrap_or_default()),
            conductor,
            event_type,
            severity,
            event,
            user,
            project,
            state,
            target_provision_state,
            duration_seconds,
            created_at: created_at.map(|m| m.0),
            updated_at: updated_at.map(|m| m.0),
        })
    }

    /// The row of a node history.
    pub(crate) fn from_model(model: &NodeHistory) -> Self {
        let NodeHistory {
            uuid,
            node_id,
            conductor,
            event_type,
            severity,
            event,
            user,
            project,
            state,
            target_provision_state,
            duration_seconds,
            created_at,
            updated_at,
        } = model.clone();
        NodeHistoryRow {
            id: 0,
            uuid: uuid.to_string(),
            node_id: Some(node_id.0),
            conductor,
            event_type,
            severity,
            event,
            user,
            project,
            state,
            target_provision_state,
            duration_seconds,
            version: Some(Self::VERSION.to_owned()),
            created_at: Moment::from_domain(created_at),
            updated_at: Moment::from_domain(updated_at),
        }
    }
}
