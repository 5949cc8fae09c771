//! Nodes counted, grouped and named together.

use std::collections::HashMap;

use diesel::prelude::*;
use schemas_model::Object;
use schemas_model::ids::{NodeId, Uuid};
use schemas_model::provision::State;

use crate::Database;
use crate::column::JsonObject;
use crate::error::{DbError, DbResult, Resource};
use crate::tables::nodes;

/// A shard and how many nodes are in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Its name; `None` for the nodes in no shard.
    pub name: Option<String>,
    /// How many nodes it has.
    pub count: u64,
}

impl Database {
    /// The shards, largest first.
    pub async fn shard_list(&self) -> DbResult<Vec<Shard>> {
        self.read(|connection| {
            let rows: Vec<(Option<String>, i64)> = nodes::table
                .group_by(nodes::shard)
                .select((nodes::shard, diesel::dsl::count_star()))
                .load(connection)?;
            let mut shards: Vec<Shard> = rows
                .into_iter()
                .map(|(name, count)| Shard {
                    name,
                    count: u64::try_from(count).unwrap_or_default(),
                })
                .collect();
            shards.sort_by_key(|shard| std::cmp::Reverse(shard.count));
            Ok(shards)
        })
        .await
    }

    /// How many nodes, children too, are in one of these states.
    pub async fn node_count_in_states(
        &self,
        states: &[State],
        conductor_group: Option<&str>,
    ) -> DbResult<u64> {
        let states: Vec<String> = states.iter().map(ToString::to_string).collect();
        let group = conductor_group.map(str::to_owned);
        self.read(move |connection| {
            let mut query = nodes::table
                .into_boxed()
                .filter(nodes::provision_state.eq_any(states.clone()));
            if let Some(group) = &group {
                query = query.filter(nodes::conductor_group.eq(group.clone()));
            }
            let count: i64 = query.count().get_result(connection)?;
            Ok(u64::try_from(count).unwrap_or_default())
        })
        .await
    }

    /// UUIDs for names and UUIDs of nodes, for those that a project may see.
    ///
    /// # Errors
    /// [`DbError::NotFound`] that names all that are missing.
    pub async fn node_uuids_by_ident(
        &self,
        idents: &[String],
        project: Option<&str>,
    ) -> DbResult<HashMap<String, Uuid>> {
        let (wanted, project) = (idents.to_vec(), project.map(str::to_owned));
        self.read(move |connection| {
            let (uuids, names): (Vec<String>, Vec<String>) = wanted
                .iter()
                .cloned()
                .partition(|ident| Uuid::is_like(ident));
            let mut query = nodes::table
                .into_boxed()
                .filter(nodes::uuid.eq_any(uuids).or(nodes::name.eq_any(names)))
                .select((nodes::uuid, nodes::name));
            if let Some(project) = &project {
                query = query.filter(
                    nodes::owner
                        .eq(project.clone())
                        .or(nodes::lessee.eq(project.clone())),
                );
            }
            let rows: Vec<(Option<String>, Option<String>)> = query.load(connection)?;
            let mut found = HashMap::with_capacity(rows.len());
            for (uuid, name) in rows {
                let uuid = Uuid::from_stored(uuid.unwrap_or_default());
                for ident in [Some(uuid.to_string()), name].into_iter().flatten() {
                    if wanted.contains(&ident) {
                        found.insert(ident, uuid.clone());
                    }
                }
            }
            let missing: Vec<&str> = wanted
                .iter()
                .filter(|ident| !found.contains_key(*ident))
                .map(String::as_str)
                .collect();
            if missing.is_empty() {
                Ok(found)
            } else {
                Err(DbError::not_found(Resource::Node, missing.join(", ")))
            }
        })
        .await
    }

    /// Numbers of a node's children; without those that have a power supply of their own when
    /// `sharing_power` is set.
    pub async fn node_child_ids(
        &self,
        parent: &Uuid,
        sharing_power: bool,
    ) -> DbResult<Vec<NodeId>> {
        let parent = parent.clone();
        self.read(move |connection| {
            let rows: Vec<(i32, Option<JsonObject>)> = nodes::table
                .filter(nodes::parent_node.eq(parent.as_str()))
                .order(nodes::id.asc())
                .select((nodes::id, nodes::driver_info))
                .load(connection)?;
            Ok(rows
                .into_iter()
                .filter(|(_, info)| !sharing_power || !has_dedicated_power(info.clone()))
                .map(|(id, _)| NodeId(id))
                .collect())
        })
        .await
    }
}

/// Whether `driver_info` says, in Python's sense of true, that the node has its own power supply.
fn has_dedicated_power(info: Option<JsonObject>) -> bool {
    let info: Object = JsonObject::or_empty(info);
    match info.member("has_dedicated_power_supply") {
        None | Some(serde_json::Value::Null) => false,
        Some(serde_json::Value::Bool(flag)) => *flag,
        Some(serde_json::Value::String(text)) => !text.is_empty(),
        Some(serde_json::Value::Number(number)) => number.as_f64() != Some(0.0),
        Some(serde_json::Value::Array(items)) => !items.is_empty(),
        Some(serde_json::Value::Object(members)) => !members.is_empty(),
    }
}
