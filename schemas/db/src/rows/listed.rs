//! Reading the rows of a list: only the columns that somebody will look at, each decoded by the
//! database's own types.
//!
//! What a list does not show stays as if it were NULL: neither the database nor this process takes
//! it out of its row. The enum of the three databases is matched once a row and not once a column.

use std::marker::PhantomData;

use diesel::backend::Backend;
use diesel::connection::LoadConnection;
use diesel::expression::{
    AppearsOnTable, Expression, QueryMetadata, SelectableExpression, ValidGrouping, is_aggregate,
};
use diesel::mysql::Mysql;
use diesel::pg::Pg;
use diesel::query_builder::{AsQuery, AstPass, Query, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types::{HasSqlType, SqlType, Text, is_nullable};
use diesel::sqlite::Sqlite;

use super::direct::{Columns, FromColumns, Wanted};
use crate::connection::{AnyConnection, MultiBackend, MultiRow};
use crate::error::DbResult;
use crate::page::Shown;

/// A row of which there are lists.
pub(crate) trait ListedRow:
    FromColumns<Sqlite> + FromColumns<Pg> + FromColumns<Mysql>
{
    /// Its table.
    type Table;
    /// The table's name.
    const TABLE: &'static str;
    /// Its columns, in the order in which [`FromColumns`] reads them.
    const COLUMNS: &'static [Column];
}

/// A column of a row.
pub(crate) struct Column {
    /// What the database calls it.
    pub(crate) name: &'static str,
    /// Whether it can be left out.
    pub(crate) nullable: bool,
}

impl Column {
    /// What the table says of a column.
    pub(crate) const fn of<C>() -> Self
    where
        C: diesel::Column,
        <C as Expression>::SqlType: SqlType<IsNull: Nullability>,
    {
        Column {
            name: C::NAME,
            nullable: <<<C as Expression>::SqlType as SqlType>::IsNull as Nullability>::NULLABLE,
        }
    }
}

/// Whether a type has NULL.
pub(crate) trait Nullability {
    /// Whether it has.
    const NULLABLE: bool;
}

impl Nullability for is_nullable::IsNullable {
    const NULLABLE: bool = true;
}

impl Nullability for is_nullable::NotNull {
    const NULLABLE: bool = false;
}

/// Selects the columns of a row that a page shows.
pub(crate) struct Listed<R> {
    wanted: Wanted,
    row: PhantomData<fn() -> R>,
}

impl<R> Clone for Listed<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for Listed<R> {}

impl<R: ListedRow> Listed<R> {
    /// The columns that are shown, and those that a row cannot be without.
    pub(crate) fn of(shown: &Shown) -> Self {
        let wanted = match shown {
            Shown::Everything => Wanted::ALL,
            Shown::Only(names) => Wanted::those(R::COLUMNS, |column| {
                !column.nullable || ALWAYS.contains(&column.name) || names.contains(&column.name)
            }),
        };
        Listed {
            wanted,
            row: PhantomData,
        }
    }

    /// The rows of a statement that selects these columns.
    ///
    /// # Errors
    /// When the statement cannot be run; each row may fail by itself.
    pub(crate) fn load<'c, Q>(
        self,
        connection: &'c mut AnyConnection,
        query: Q,
    ) -> DbResult<impl Iterator<Item = DbResult<R>>>
    where
        Q: AsQuery<SqlType = Text>,
        Q::Query: Query<SqlType = Text> + QueryFragment<MultiBackend> + QueryId + 'c,
        MultiBackend: HasSqlType<Text>,
    {
        load(connection, query, self.wanted)
    }
}

/// The rows of a statement that selects the wanted columns of a row.
///
/// # Errors
/// When the statement cannot be run; each row may fail by itself.
pub(crate) fn load<'c, R, Q, ST>(
    connection: &'c mut AnyConnection,
    query: Q,
    wanted: Wanted,
) -> DbResult<impl Iterator<Item = DbResult<R>>>
where
    R: FromColumns<Sqlite> + FromColumns<Pg> + FromColumns<Mysql>,
    Q: AsQuery<SqlType = ST>,
    Q::Query: Query<SqlType = ST> + QueryFragment<MultiBackend> + QueryId + 'c,
    MultiBackend: QueryMetadata<ST>,
{
    let rows = LoadConnection::load(connection, query.as_query())?;
    Ok(rows.map(move |row| {
        Ok(match row? {
            MultiRow::Sqlite(row) => decoded::<_, Sqlite>(&row, wanted),
            MultiRow::Postgresql(row) => decoded::<_, Pg>(&row, wanted),
            MultiRow::Mysql(row) => decoded::<_, Mysql>(&row, wanted),
        }?)
    }))
}

/// What is read of every row: what it is, what it belongs to, whether it hides something, which
/// release wrote it.
const ALWAYS: &[&str] = &["uuid", "node_id", "portgroup_id", "sensitive", "version"];

fn decoded<'a, R: FromColumns<DB>, DB: Backend>(
    row: &impl diesel::row::Row<'a, DB>,
    wanted: Wanted,
) -> QueryResult<R> {
    R::from_columns(&mut Columns::new(row, wanted))
        .map_err(diesel::result::Error::DeserializationError)
}

impl<R> Expression for Listed<R> {
    /// Stands for all of them: diesel asks for it in signatures only.
    type SqlType = Text;
}

impl<R: ListedRow> QueryFragment<MultiBackend> for Listed<R> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        let shown = R::COLUMNS
            .iter()
            .enumerate()
            .filter(|(place, _)| self.wanted.has(*place));
        for (number, (_, column)) in shown.enumerate() {
            if number > 0 {
                out.push_sql(", ");
            }
            out.push_identifier(R::TABLE)?;
            out.push_sql(".");
            out.push_identifier(column.name)?;
        }
        Ok(())
    }
}

impl<R> QueryId for Listed<R> {
    type QueryId = ();
    // The columns differ.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<R: ListedRow> SelectableExpression<R::Table> for Listed<R> {}
impl<R: ListedRow> AppearsOnTable<R::Table> for Listed<R> {}

impl<R> ValidGrouping<()> for Listed<R> {
    type IsAggregate = is_aggregate::No;
}

/// Makes a row one of which there are lists: its columns in the order in which it is read.
macro_rules! listed_row {
    ($row:ident of $table:ident { $($column:ident),+ $(,)? }) => {
        impl $crate::rows::listed::ListedRow for $row {
            type Table = $crate::tables::$table::table;
            const TABLE: &'static str = stringify!($table);
            const COLUMNS: &'static [$crate::rows::listed::Column] = &[
                $($crate::rows::listed::Column::of::<$crate::tables::$table::$column>(),)+
            ];
        }
    };
    // Nodes select their groups of columns in a way of their own.
    ($row:ident of $table:ident { $($column:ident),+ $(,)? } groups $($group:ident)+) => {};
}
pub(crate) use listed_row;
