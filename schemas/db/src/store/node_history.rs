//! The history of nodes.

use std::collections::HashMap;
use std::time::Duration;

use diesel::prelude::*;
use schemas_model::NodeHistory;
use schemas_model::ids::{ConductorId, NodeId, Uuid};
use schemas_model::time::Timestamp;

use super::one;
use crate::Database;
use crate::column::Moment;
use crate::connection::AnyConnection;
use crate::error::{DbError, DbResult, Resource};
use crate::page::{Page, Paged, paged};
use crate::rows::NodeHistoryRow;
use crate::rows::listed::Listed;
use crate::tables::{node_history, nodes};

const LIST: Paged = Paged {
    table: "node_history",
    columns: NodeHistoryRow::COLUMNS,
    marker: "uuid",
    resource: Resource::NodeHistory,
};

/// What a TEXT column of MariaDB holds.
const MAX_EVENT_BYTES: usize = 65_535;

/// Stands where text was left out; part of what other programs may have learnt to look for.
const CUT: &str = " ... [truncated] ... ";

/// How many rows one DELETE takes.
const BATCH: usize = 1_000;

/// The rows of new entries.
pub(super) fn entry_rows(entries: &[NodeHistory], now: Timestamp) -> Vec<NodeHistoryRow> {
    entries
        .iter()
        .map(|entry| {
            let mut created = entry.clone();
            created.created_at = Some(now);
            created.updated_at = None;
            created.event = created.event.map(cut);
            NodeHistoryRow::from_model(&created)
        })
        .collect()
}

/// Adds entries, in the order in which they happened.
pub(super) fn insert_entries(
    connection: &mut AnyConnection,
    entries: &[NodeHistoryRow],
) -> DbResult<()> {
    for entry in entries {
        diesel::insert_into(node_history::table)
            .values(entry)
            .execute(connection)
            .map_err(|error| DbError::from(error).about(|_| Some(entry.uuid.clone())))?;
    }
    Ok(())
}

impl Database {
    /// Adds an entry. An event longer than 65535 bytes loses its middle.
    ///
    /// # Errors
    /// [`DbError::Duplicate`] of the UUID.
    pub async fn node_history_insert(&self, entry: &NodeHistory) -> DbResult<NodeHistory> {
        let mut created = entry.clone();
        created.created_at = Some(self.now());
        created.updated_at = None;
        created.event = created.event.map(cut);
        let row = NodeHistoryRow::from_model(&created);
        self.write(move |connection| {
            diesel::insert_into(node_history::table)
                .values(&row)
                .execute(connection)
                .map_err(|error| DbError::from(error).about(|_| Some(row.uuid.clone())))?;
            Ok(())
        })
        .await?;
        Ok(created)
    }

    /// One entry by UUID.
    ///
    /// # Errors
    /// [`DbError::NotFound`].
    pub async fn node_history_by_uuid(&self, uuid: &Uuid) -> DbResult<NodeHistory> {
        let uuid = uuid.clone();
        self.look_up(move |connection| {
            let found = node_history::table
                .filter(node_history::uuid.eq(uuid.as_str()))
                .select(NodeHistoryRow::as_select())
                .get_result(connection);
            one(found, Resource::NodeHistory, &uuid)?.into_model()
        })
        .await
    }

    /// A page of the entries of a node.
    ///
    /// # Errors
    /// [`DbError::InvalidSortKey`]; [`DbError::NotFound`] for a marker that is none.
    pub async fn node_history_list(&self, node: NodeId, page: &Page) -> DbResult<Vec<NodeHistory>> {
        let page = page.clone();
        self.read(move |connection| {
            let clauses = page.clauses(connection, &LIST)?;
            let listed = Listed::<NodeHistoryRow>::of(&page.shown);
            let query = node_history::table
                .into_boxed()
                .filter(node_history::node_id.eq(node.0))
                .select(listed);
            listed
                .load(connection, paged!(query, clauses))?
                .map(|row| row?.into_model())
                .collect()
        })
        .await
    }

    /// Deletes one entry.
    ///
    /// # Errors
    /// [`DbError::NotFound`].
    pub async fn node_history_destroy(&self, uuid: &Uuid) -> DbResult<()> {
        let uuid = uuid.clone();
        self.write(move |connection| {
            let count =
                diesel::delete(node_history::table.filter(node_history::uuid.eq(uuid.as_str())))
                    .execute(connection)?;
            if count == 0 {
                return Err(DbError::not_found(Resource::NodeHistory, &uuid));
            }
            Ok(())
        })
        .await
    }

    /// Deletes the oldest entries of the nodes of a conductor, beyond `keep` a node, when they are
    /// older than `min_age`; stops after the node with which `limit` is reached. Returns how many
    /// were deleted.
    pub async fn node_history_purge(
        &self,
        conductor: ConductorId,
        keep: usize,
        min_age: Duration,
        limit: usize,
    ) -> DbResult<usize> {
        let now = self.now();
        let before = chrono::Duration::from_std(min_age)
            .ok()
            .and_then(|age| now.checked_sub_signed(age))
            .unwrap_or(schemas_model::time::Timestamp::MIN);
        let any_age = min_age.is_zero();
        let doomed = self
            .read(move |connection| {
                let theirs = nodes::table
                    .filter(nodes::conductor_affinity.eq(conductor.0))
                    .select(nodes::id.nullable());
                let mut query = node_history::table
                    .into_boxed()
                    .filter(node_history::node_id.eq_any(theirs))
                    .order((node_history::created_at.asc(), node_history::id.asc()))
                    .select((node_history::node_id.assume_not_null(), node_history::id));
                if !any_age {
                    query = query.filter(node_history::created_at.lt(Moment(before)));
                }
                let rows: Vec<(i32, i32)> = query.load(connection)?;
                Ok(surplus(rows, keep, limit))
            })
            .await?;
        let mut deleted = 0;
        for batch in doomed.chunks(BATCH) {
            let batch = batch.to_vec();
            deleted += self
                .write(move |connection| {
                    Ok(diesel::delete(
                        node_history::table.filter(node_history::id.eq_any(batch.clone())),
                    )
                    .execute(connection)?)
                })
                .await?;
        }
        Ok(deleted)
    }
}

/// Which of (node, entry), oldest first, are beyond what a node may keep.
fn surplus(entries: Vec<(i32, i32)>, keep: usize, limit: usize) -> Vec<i32> {
    let mut order = Vec::new();
    let mut by_node: HashMap<i32, Vec<i32>> = HashMap::new();
    for (node, entry) in entries {
        let list = by_node.entry(node).or_default();
        if list.is_empty() {
            order.push(node);
        }
        list.push(entry);
    }
    let mut doomed = Vec::new();
    for node in order {
        if doomed.len() >= limit {
            break;
        }
        let list = by_node.remove(&node).unwrap_or_default();
        let too_many = list.len().saturating_sub(keep);
        doomed.extend(list.into_iter().take(too_many));
    }
    doomed
}

/// Leaves out the middle of what does not fit: how it began and how it ended is kept.
fn cut(event: String) -> String {
    if event.len() <= MAX_EVENT_BYTES {
        return event;
    }
    let room = MAX_EVENT_BYTES - CUT.len();
    let boundary = |at: &usize| event.is_char_boundary(*at);
    let head = (0..=room / 2).rev().find(boundary).unwrap_or(0);
    let tail = (event.len() - (room - room / 2)..event.len())
        .find(boundary)
        .unwrap_or(event.len());
    format!("{}{CUT}{}", &event[..head], &event[tail..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_event_loses_its_middle() {
        let event = format!("begin{}end", "é".repeat(40_000));
        let stored = cut(event);
        assert!(stored.len() <= MAX_EVENT_BYTES);
        assert!(stored.len() > MAX_EVENT_BYTES - 4);
        assert!(stored.starts_with("beginé") && stored.ends_with("éend"));
        assert!(stored.contains(CUT));
        let short = "é".repeat(32_767);
        assert_eq!(cut(short.clone()), short);
    }

    #[test]
    fn the_oldest_go_first_up_to_the_limit() {
        let entries = vec![(1, 10), (2, 11), (1, 12), (1, 13), (2, 14)];
        assert_eq!(surplus(entries.clone(), 1, 100), [10, 12, 11]);
        assert_eq!(surplus(entries.clone(), 1, 1), [10, 12]);
        assert!(surplus(entries, 3, 100).is_empty());
    }
}
