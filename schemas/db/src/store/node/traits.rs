//! The traits of a node.

use diesel::prelude::*;
use schemas_model::ids::NodeId;

use crate::Database;
use crate::column::Moment;
use crate::connection::AnyConnection;
use crate::error::{DbError, DbResult, Resource};
use crate::tables::{node_traits, nodes};

/// Most traits a node may have; what OpenStack's placement allows.
const MOST: usize = 50;

/// The object version that is written (Ironic 39.0.0).
pub(crate) const VERSION: &str = "1.1";

impl Database {
    /// The traits of a node, sorted.
    ///
    /// # Errors
    /// [`DbError::NotFound`] when there is no such node.
    pub async fn node_traits(&self, node: NodeId) -> DbResult<Vec<String>> {
        self.look_up(move |connection| {
            let there: i64 = nodes::table.find(node.0).count().get_result(connection)?;
            if there == 0 {
                return Err(DbError::not_found(Resource::Node, node));
            }
            Ok(node_traits::table
                .filter(node_traits::node_id.eq(node.0))
                .order(node_traits::trait_.asc())
                .select(node_traits::trait_)
                .load(connection)?)
        })
        .await
    }

    /// Replaces the traits of a node; duplicates count once.
    ///
    /// # Errors
    /// [`DbError::TooManyTraits`], [`DbError::NotFound`] when there is no such node.
    pub async fn node_traits_set(&self, node: NodeId, traits: &[String]) -> DbResult<()> {
        let mut traits = traits.to_vec();
        traits.sort_unstable();
        traits.dedup();
        let now = Moment(self.now());
        self.transaction(move |connection| {
            within_limit(node, traits.len())?;
            lock(connection, node)?;
            diesel::delete(node_traits::table.filter(node_traits::node_id.eq(node.0)))
                .execute(connection)?;
            for name in &traits {
                insert(connection, node, name, now)?;
            }
            Ok(())
        })
        .await
    }

    /// Adds a trait; nothing happens when the node has it already.
    ///
    /// # Errors
    /// [`DbError::TooManyTraits`], [`DbError::NotFound`] when there is no such node.
    pub async fn node_trait_add(&self, node: NodeId, name: &str) -> DbResult<()> {
        let (name, now) = (name.to_owned(), Moment(self.now()));
        self.transaction(move |connection| {
            lock(connection, node)?;
            let present: Vec<String> = node_traits::table
                .filter(node_traits::node_id.eq(node.0))
                .select(node_traits::trait_)
                .load(connection)?;
            if present.contains(&name) {
                return Ok(());
            }
            within_limit(node, present.len() + 1)?;
            insert(connection, node, &name, now)
        })
        .await
    }

    /// Takes a trait away.
    ///
    /// # Errors
    /// [`DbError::NotFound`] of the node or of the trait.
    pub async fn node_trait_remove(&self, node: NodeId, name: &str) -> DbResult<()> {
        let name = name.to_owned();
        self.transaction(move |connection| {
            lock(connection, node)?;
            let count = diesel::delete(
                node_traits::table
                    .filter(node_traits::node_id.eq(node.0))
                    .filter(node_traits::trait_.eq(&name)),
            )
            .execute(connection)?;
            if count == 0 {
                return Err(DbError::not_found(Resource::NodeTrait, &name));
            }
            Ok(())
        })
        .await
    }
}

/// Makes others wait who change the traits of the same node.
fn lock(connection: &mut AnyConnection, node: NodeId) -> DbResult<()> {
    // An UPDATE that changes nothing: it locks the row on all backends, where `FOR UPDATE` is
    // unknown to SQLite.
    let count = diesel::update(nodes::table.find(node.0))
        .set(nodes::uuid.eq(nodes::uuid))
        .execute(connection)?;
    if count == 0 {
        return Err(DbError::not_found(Resource::Node, node));
    }
    Ok(())
}

fn within_limit(node: NodeId, count: usize) -> DbResult<()> {
    if count > MOST {
        return Err(DbError::TooManyTraits {
            node: node.0,
            count,
            limit: MOST,
        });
    }
    Ok(())
}

fn insert(connection: &mut AnyConnection, node: NodeId, name: &str, now: Moment) -> DbResult<()> {
    diesel::insert_into(node_traits::table)
        .values((
            node_traits::node_id.eq(node.0),
            node_traits::trait_.eq(name),
            node_traits::version.eq(VERSION),
            node_traits::created_at.eq(now),
        ))
        .execute(connection)?;
    Ok(())
}
