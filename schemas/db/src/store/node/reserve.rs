//! The lock of a node: the host name in `nodes.reservation`, taken and given back by
//! compare-and-swap. Not re-entrant; two tasks of one host exclude each other by it, too.

use diesel::prelude::*;
use schemas_model::Node;
use schemas_model::ids::NodeId;

use super::insert_destroy::number;
use super::lookup::{NodeIdent, find};
use crate::Database;
use crate::column::Moment;
use crate::connection::AnyConnection;
use crate::error::{DbError, DbResult, Resource};
use crate::store::one;
use crate::tables::nodes;

impl Database {
    /// Takes the lock of a node for `host` and returns the node as it is then.
    ///
    /// # Errors
    /// [`DbError::Locked`] with the host that holds it, [`DbError::NotFound`].
    pub async fn node_reserve(&self, ident: impl Into<NodeIdent>, host: &str) -> DbResult<Node> {
        let ident = match ident.into() {
            ident @ (NodeIdent::Id(_) | NodeIdent::Uuid(_)) => ident,
            other => NodeIdent::Id(NodeId(self.number_of(other).await?)),
        };
        let (host, now) = (host.to_owned(), Moment(self.now()));
        // The change comes first: a transaction that begins with reading would not see who was
        // faster (MariaDB, REPEATABLE READ).
        self.passing_transaction(move |connection| {
            if take(connection, &ident, &host, now)? == 1 {
                return find(connection, &ident);
            }
            let id = number(connection, &ident)?;
            match holder(connection, id)? {
                (node, Some(host)) => Err(DbError::Locked { node, host }),
                // Given back in between: worth another attempt.
                (node, None) => Err(DbError::Busy {
                    reason: format!("node {node} was released meanwhile"),
                }),
            }
        })
        .await
    }

    /// Gives the lock back.
    ///
    /// # Errors
    /// [`DbError::NotLocked`] when nobody holds it, [`DbError::Locked`] when another host does,
    /// [`DbError::NotFound`].
    pub async fn node_release(&self, ident: impl Into<NodeIdent>, host: &str) -> DbResult<()> {
        // The number comes first and by itself: a transaction that begins with reading would not
        // see who was faster (MariaDB, REPEATABLE READ).
        let id = self.number_of(ident.into()).await?;
        let (host, now) = (host.to_owned(), Moment(self.now()));
        self.passing_transaction(move |connection| {
            let count = diesel::update(
                nodes::table
                    .filter(nodes::id.eq(id))
                    .filter(nodes::reservation.eq(&host)),
            )
            .set((
                nodes::reservation.eq(None::<String>),
                nodes::updated_at.eq(now),
            ))
            .execute(connection)?;
            if count == 1 {
                return Ok(());
            }
            match holder(connection, id)? {
                (node, Some(host)) => Err(DbError::Locked { node, host }),
                (node, None) => Err(DbError::NotLocked { node }),
            }
        })
        .await
    }
}

impl Database {
    async fn number_of(&self, ident: NodeIdent) -> DbResult<i32> {
        match ident {
            NodeIdent::Id(id) => Ok(id.0),
            other => {
                self.look_up(move |connection| number(connection, &other))
                    .await
            }
        }
    }
}

/// Writes the host into a node that nobody holds; how many nodes that were.
fn take(
    connection: &mut AnyConnection,
    ident: &NodeIdent,
    host: &str,
    now: Moment,
) -> DbResult<usize> {
    let values = (nodes::reservation.eq(host), nodes::updated_at.eq(now));
    let free = nodes::table.filter(nodes::reservation.is_null());
    Ok(match ident {
        NodeIdent::Uuid(uuid) => diesel::update(free.filter(nodes::uuid.eq(uuid.as_str())))
            .set(values)
            .execute(connection)?,
        NodeIdent::Id(id) => diesel::update(free.filter(nodes::id.eq(id.0)))
            .set(values)
            .execute(connection)?,
        // Looked up before the transaction.
        NodeIdent::Name(_) | NodeIdent::Instance(_) => 0,
    })
}

/// UUID of a node and who holds it.
fn holder(connection: &mut AnyConnection, id: i32) -> DbResult<(String, Option<String>)> {
    let (uuid, host): (Option<String>, Option<String>) = one(
        nodes::table
            .find(id)
            .select((nodes::uuid, nodes::reservation))
            .get_result(connection),
        Resource::Node,
        id,
    )?;
    Ok((uuid.unwrap_or_default(), host))
}
