//! Changing nodes.

use diesel::prelude::*;
use schemas_model::ids::NodeId;
use schemas_model::provision::State;
use schemas_model::{Node, NodeHistory};

use super::insert_destroy::duplicate;
use crate::Database;
use crate::column::Moment;
use crate::connection::AnyConnection;
use crate::error::{DbError, DbResult, Resource};
use crate::rows::{NodeChanges, NodeRow};
use crate::store::node_history::{entry_rows, insert_entries};
use crate::store::one;
use crate::tables::nodes;

impl Database {
    /// Writes the columns in which `after` differs from `before`; nothing at all when none does.
    ///
    /// `after` gets the new `updated_at`. When the provision state changes, so do
    /// `provision_updated_at` and the times of inspection, as Ironic keeps them. The reservation
    /// and the traits have functions of their own and are left alone.
    ///
    /// With `holder`, the node is only written while that host holds the lock: a conductor that
    /// lost its node (it was paused, and another one took over) writes nothing.
    ///
    /// # Errors
    /// [`DbError::ReservationLost`], [`DbError::NotFound`], [`DbError::Duplicate`] of a name or an
    /// instance.
    pub async fn node_save(
        &self,
        before: &Node,
        after: &mut Node,
        holder: Option<&str>,
    ) -> DbResult<()> {
        self.node_save_recording(before, after, holder, &[]).await
    }

    /// As [`Database::node_save`], with entries of the node's history, in one transaction.
    ///
    /// # Errors
    /// As [`Database::node_save`]; no entry is written then.
    pub async fn node_save_recording(
        &self,
        before: &Node,
        after: &mut Node,
        holder: Option<&str>,
        history: &[NodeHistory],
    ) -> DbResult<()> {
        self.save(before, after, holder, history, false).await
    }

    /// As [`Database::node_save_recording`], and gives the lock back with the same statement.
    ///
    /// # Errors
    /// As [`Database::node_save`]; the lock is still held then.
    pub async fn node_save_and_release(
        &self,
        before: &Node,
        after: &mut Node,
        holder: &str,
        history: &[NodeHistory],
    ) -> DbResult<()> {
        self.save(before, after, Some(holder), history, true)
            .await?;
        after.reservation = None;
        Ok(())
    }

    async fn save(
        &self,
        before: &Node,
        after: &mut Node,
        holder: Option<&str>,
        history: &[NodeHistory],
        release: bool,
    ) -> DbResult<()> {
        let now = self.now();
        let mut next = after.clone();
        keep_times(before, &mut next, now);
        let mut changes =
            NodeRow::changes(&NodeRow::from_model(before), NodeRow::from_model(&next));
        changes.reservation = release.then_some(None);
        if changes.is_empty() && history.is_empty() {
            return Ok(());
        }
        let changes = changes.stamped(now);
        let (id, holder, about) = (before.id, holder.map(str::to_owned), next.clone());
        let entries = entry_rows(history, now);
        if entries.is_empty() {
            self.write(move |connection| {
                update(connection, id, &changes, holder.as_deref())
                    .map_err(|error| duplicate(error, &about))
            })
            .await?;
        } else {
            self.transaction(move |connection| {
                update(connection, id, &changes, holder.as_deref())
                    .map_err(|error| duplicate(error, &about))?;
                insert_entries(connection, &entries)
            })
            .await?;
        }
        next.updated_at = Some(now);
        *after = next;
        Ok(())
    }

    /// Moves `provision_updated_at` to now: somebody still works on the node, its time-out starts
    /// again.
    ///
    /// # Errors
    /// [`DbError::NotFound`].
    pub async fn node_touch_provisioning(&self, id: NodeId) -> DbResult<()> {
        let now = Moment(self.now());
        self.write(move |connection| {
            let count = diesel::update(nodes::table.find(id.0))
                .set((
                    nodes::provision_updated_at.eq(now),
                    nodes::updated_at.eq(now),
                ))
                .execute(connection)?;
            if count == 0 {
                return Err(DbError::not_found(Resource::Node, id));
            }
            Ok(())
        })
        .await
    }
}

/// The times that follow from a change of the provision state (Ironic 39.0.0, `update_node`).
fn keep_times(before: &Node, after: &mut Node, now: schemas_model::time::Timestamp) {
    let (from, to) = (before.provision_state, after.provision_state);
    if from == to {
        return;
    }
    after.provision_updated_at = Some(now);
    let inspected = matches!(from, State::Inspecting | State::InspectWait);
    match to {
        State::Inspecting => {
            after.inspection_started_at = Some(now);
            after.inspection_finished_at = None;
        }
        State::Manageable if inspected => {
            after.inspection_finished_at = Some(now);
            after.inspection_started_at = None;
        }
        State::InspectFailed if inspected => after.inspection_started_at = None,
        _ => {}
    }
}

fn update(
    connection: &mut AnyConnection,
    id: NodeId,
    changes: &NodeChanges,
    holder: Option<&str>,
) -> DbResult<()> {
    let count = match holder {
        None => diesel::update(nodes::table.find(id.0))
            .set(changes)
            .execute(connection)?,
        Some(host) => diesel::update(
            nodes::table
                .filter(nodes::id.eq(id.0))
                .filter(nodes::reservation.eq(host)),
        )
        .set(changes)
        .execute(connection)?,
    };
    if count == 1 {
        return Ok(());
    }
    let uuid: Option<String> = one(
        nodes::table
            .find(id.0)
            .select(nodes::uuid)
            .get_result(connection),
        Resource::Node,
        id,
    )?;
    Err(DbError::ReservationLost {
        node: uuid.unwrap_or_default(),
        host: holder.unwrap_or_default().to_owned(),
    })
}
