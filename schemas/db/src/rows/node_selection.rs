//! The columns of [`NodeRow`](super::NodeRow) as one expression that writes itself fast.
//!
//! diesel writes the SQL of a statement anew each time it runs, also to find the prepared one, and
//! quotes every identifier on the way. For one row of 65 columns that is more work than reading
//! it. None of the names is a keyword anywhere, and behind the table's name none has to be quoted.

use diesel::deserialize::{self, FromSqlRow};
use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate,
};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::row::Row;
use diesel::sql_types::{HasSqlType, Text};

use super::NodeRow;
use super::direct::FromColumns;
use crate::connection::MultiBackend;
use crate::tables::nodes;

/// What stands behind the row's own columns: its version and its times.
const TAIL: usize = 3;

/// Selects a [`NodeRow`], like `NodeRow::as_select()`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NodeSelection;

/// All the columns as one type: a [`NodeRow`] is read from it column by column, see
/// [`super::direct`].
#[derive(Clone, Copy, Debug, diesel::sql_types::SqlType, diesel::query_builder::QueryId)]
pub(crate) struct NodeColumns;

impl Expression for NodeSelection {
    type SqlType = NodeColumns;
}

impl HasSqlType<NodeColumns> for MultiBackend {
    /// diesel asks for it in signatures only: no parameter is ever of this type.
    fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
        <Self as HasSqlType<Text>>::metadata(lookup)
    }
}

impl FromSqlRow<NodeColumns, MultiBackend> for NodeRow {
    fn build_from_row<'a>(row: &impl Row<'a, MultiBackend>) -> deserialize::Result<Self> {
        Self::from_row(row)
    }
}

impl QueryFragment<MultiBackend> for NodeSelection {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        let (own, groups) = match NodeRow::COLUMNS {
            [own, groups @ ..] => (*own, groups),
            [] => (&[][..], &[][..]),
        };
        let (head, tail) = own.split_at(own.len().saturating_sub(TAIL));
        let groups = groups.iter().flat_map(|group| group.iter());
        for (place, column) in head.iter().chain(groups).chain(tail).enumerate() {
            out.push_sql(if place == 0 { "nodes." } else { ", nodes." });
            out.push_sql(column);
        }
        Ok(())
    }
}

impl QueryId for NodeSelection {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl SelectableExpression<nodes::table> for NodeSelection {}
impl AppearsOnTable<nodes::table> for NodeSelection {}

impl ValidGrouping<()> for NodeSelection {
    type IsAggregate = is_aggregate::No;
}
