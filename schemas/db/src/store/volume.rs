//! Volume connectors and volume targets.

use diesel::prelude::*;
use schemas_model::ids::{NodeId, Uuid, VolumeConnectorId, VolumeTargetId};
use schemas_model::{VolumeConnector, VolumeTarget};

use super::crud::crud;
use crate::Database;
use crate::error::{DbError, DbResult, Resource};
use crate::page::{Page, Paged, paged};
use crate::rows::listed::Listed;
use crate::rows::{VolumeConnectorRow, VolumeTargetRow};
use crate::tables::{nodes, volume_connectors, volume_targets};
use crate::unique::Unique;

const CONNECTORS: Paged = Paged {
    table: "volume_connectors",
    columns: VolumeConnectorRow::COLUMNS,
    marker: "uuid",
    resource: Resource::VolumeConnector,
};

const TARGETS: Paged = Paged {
    table: "volume_targets",
    columns: VolumeTargetRow::COLUMNS,
    marker: "uuid",
    resource: Resource::VolumeTarget,
};

/// Which volume connectors or targets: all conditions that are given must hold.
#[derive(Clone, Debug, Default)]
pub struct VolumeFilter {
    /// Of this node.
    pub node_id: Option<NodeId>,
    /// Of this volume (targets only).
    pub volume_id: Option<String>,
    /// Of nodes with this owner or lessee.
    pub project: Option<String>,
}

impl VolumeFilter {
    /// What a node has.
    pub fn of_node(id: NodeId) -> Self {
        VolumeFilter {
            node_id: Some(id),
            ..Self::default()
        }
    }
}

crud! {
    VolumeConnector, VolumeConnectorId: VolumeConnectorRow of volume_connectors, Resource::VolumeConnector;
    insert volume_connector_insert, by_id volume_connector_by_id,
    by_uuid volume_connector_by_uuid, save volume_connector_save;
    taken taken_by_connector
}

fn taken_by_connector(connector: &VolumeConnector, unique: Unique) -> Option<String> {
    Some(match unique {
        Unique::VolumeConnectorId => format!(
            "type {} and connector ID {}",
            connector.r#type, connector.connector_id
        ),
        _ => connector.uuid.to_string(),
    })
}

crud! {
    VolumeTarget, VolumeTargetId: VolumeTargetRow of volume_targets, Resource::VolumeTarget;
    insert volume_target_insert, by_id volume_target_by_id,
    by_uuid volume_target_by_uuid, save volume_target_save;
    taken taken_by_target
}

fn taken_by_target(target: &VolumeTarget, unique: Unique) -> Option<String> {
    Some(match unique {
        Unique::VolumeTargetBootIndex => target.boot_index.to_string(),
        _ => target.uuid.to_string(),
    })
}

impl Database {
    /// A page of the volume connectors that a filter lets through.
    ///
    /// # Errors
    /// [`DbError::InvalidSortKey`]; [`DbError::NotFound`] for a marker that is none.
    pub async fn volume_connector_list(
        &self,
        filter: &VolumeFilter,
        page: &Page,
    ) -> DbResult<Vec<VolumeConnector>> {
        let (filter, page) = (filter.clone(), page.clone());
        self.read(move |connection| {
            let clauses = page.clauses(connection, &CONNECTORS)?;
            let listed = Listed::<VolumeConnectorRow>::of(&page.shown);
            let mut query = volume_connectors::table.into_boxed().select(listed);
            if let Some(node) = filter.node_id {
                query = query.filter(volume_connectors::node_id.eq(node.0));
            }
            if let Some(project) = &filter.project {
                let theirs = nodes::table
                    .filter(
                        nodes::owner
                            .eq(project.clone())
                            .or(nodes::lessee.eq(project.clone())),
                    )
                    .select(nodes::id.nullable());
                query = query.filter(volume_connectors::node_id.eq_any(theirs));
            }
            listed
                .load(connection, paged!(query, clauses))?
                .map(|row| row?.into_model())
                .collect()
        })
        .await
    }

    /// Deletes a volume connector.
    ///
    /// # Errors
    /// [`DbError::NotFound`].
    pub async fn volume_connector_destroy(&self, uuid: &Uuid) -> DbResult<()> {
        let uuid = uuid.clone();
        self.write(move |connection| {
            let count = diesel::delete(
                volume_connectors::table.filter(volume_connectors::uuid.eq(uuid.as_str())),
            )
            .execute(connection)?;
            if count == 0 {
                return Err(DbError::not_found(Resource::VolumeConnector, &uuid));
            }
            Ok(())
        })
        .await
    }

    /// A page of the volume targets that a filter lets through.
    ///
    /// # Errors
    /// [`DbError::InvalidSortKey`]; [`DbError::NotFound`] for a marker that is none.
    pub async fn volume_target_list(
        &self,
        filter: &VolumeFilter,
        page: &Page,
    ) -> DbResult<Vec<VolumeTarget>> {
        let (filter, page) = (filter.clone(), page.clone());
        self.read(move |connection| {
            let clauses = page.clauses(connection, &TARGETS)?;
            let listed = Listed::<VolumeTargetRow>::of(&page.shown);
            let mut query = volume_targets::table.into_boxed().select(listed);
            if let Some(node) = filter.node_id {
                query = query.filter(volume_targets::node_id.eq(node.0));
            }
            if let Some(volume) = &filter.volume_id {
                query = query.filter(volume_targets::volume_id.eq(volume.clone()));
            }
            if let Some(project) = &filter.project {
                let theirs = nodes::table
                    .filter(
                        nodes::owner
                            .eq(project.clone())
                            .or(nodes::lessee.eq(project.clone())),
                    )
                    .select(nodes::id.nullable());
                query = query.filter(volume_targets::node_id.eq_any(theirs));
            }
            listed
                .load(connection, paged!(query, clauses))?
                .map(|row| row?.into_model())
                .collect()
        })
        .await
    }

    /// Deletes a volume target.
    ///
    /// # Errors
    /// [`DbError::NotFound`].
    pub async fn volume_target_destroy(&self, uuid: &Uuid) -> DbResult<()> {
        let uuid = uuid.clone();
        self.write(move |connection| {
            let count = diesel::delete(
                volume_targets::table.filter(volume_targets::uuid.eq(uuid.as_str())),
            )
            .execute(connection)?;
            if count == 0 {
                return Err(DbError::not_found(Resource::VolumeTarget, &uuid));
            }
            Ok(())
        })
        .await
    }
}
