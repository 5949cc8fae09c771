//! Sorted lists, a page at a time.
//!
//! The order is that of oslo.db's `paginate_query` (Ironic 39.0.0): the sort key, then the number,
//! both in the same direction. NULLs come where the backend puts them (first on SQLite and
//! MariaDB, last on PostgreSQL). A page starts behind its marker; when the marker's own value is
//! NULL, the sort key is left out of the comparison and only the number counts.

use diesel::RunQueryDsl;
use diesel::dsl::sql;
use diesel::sql_types::{Integer, Nullable, Text};

use crate::connection::AnyConnection;
use crate::error::{DbError, DbResult, Resource};

/// Which part of a list, and in which order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Most rows to return; `None` for all.
    pub limit: Option<u32>,
    /// UUID (conductors: host name) of the last row of the page before.
    pub marker: Option<String>,
    /// Column to sort by; `None` for the number. A table's own columns only.
    pub sort_key: Option<String>,
    /// Whether the column orders nothing a caller may ask for: refused like one that does not
    /// exist, once what the marker names was found.
    pub unsortable: bool,
    /// Downwards.
    pub descending: bool,
    /// Only the rows themselves: what belongs to them in other tables (steps and traits of deploy
    /// templates and runbooks) is left out.
    pub bare: bool,
    /// Which columns.
    pub shown: Shown,
}

/// Which columns of its rows a list reads. What is left out is in the model as if it were NULL.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    /// All of them.
    #[default]
    Everything,
    /// Those with one of these names, and in any case what is never NULL, the UUID, what a row
    /// belongs to, whether it is sensitive, and the object version. Other names are ignored.
    Only(Vec<&'static str>),
}

impl Page {
    /// Everything, in the order of creation.
    pub fn all() -> Self {
        Self::default()
    }
}

/// A list that can be paged.
pub(crate) struct Paged {
    /// Its table.
    pub(crate) table: &'static str,
    /// What it can be sorted by, in groups.
    pub(crate) columns: &'static [&'static [&'static str]],
    /// What a marker names.
    pub(crate) marker: &'static str,
    /// What it is a list of.
    pub(crate) resource: Resource,
}

/// The SQL of one page. Holds only our own column names and a number.
pub(crate) struct Clauses {
    /// Behind the marker.
    pub(crate) after: Option<String>,
    /// The order.
    pub(crate) order: String,
    /// Most rows.
    pub(crate) limit: Option<i64>,
}

impl Page {
    /// The clauses for a list.
    ///
    /// # Errors
    /// [`DbError::InvalidSortKey`] for what is no column; [`DbError::NotFound`] when there is no
    /// row that the marker names.
    pub(crate) fn clauses(
        &self,
        connection: &mut AnyConnection,
        list: &Paged,
    ) -> DbResult<Clauses> {
        let table = list.table;
        let marker = match &self.marker {
            None => None,
            Some(marker) => Some(marker_id(connection, list, marker)?),
        };
        let key = match self.sort_key.as_deref() {
            None => "id",
            Some(key) => list
                .columns
                .iter()
                .copied()
                .flatten()
                // `type_` is `type`, which Rust keeps for itself.
                .map(|column| column.trim_end_matches('_'))
                .find(|column| *column == key && !self.unsortable)
                .ok_or_else(|| DbError::InvalidSortKey {
                    key: key.to_owned(),
                })?,
        };
        let (direction, beyond) = if self.descending {
            ("DESC", "<")
        } else {
            ("ASC", ">")
        };
        let order = if key == "id" {
            format!("{table}.id {direction}")
        } else {
            format!("{table}.{key} {direction}, {table}.id {direction}")
        };
        let after = marker.map(|id| {
            if key == "id" {
                format!("{table}.id {beyond} {id}")
            } else {
                let value = format!("(SELECT m.{key} FROM {table} m WHERE m.id = {id})");
                format!(
                    "({table}.{key} {beyond} {value} OR \
                         (({table}.{key} = {value} OR {value} IS NULL) \
                         AND {table}.id {beyond} {id}))"
                )
            }
        });
        Ok(Clauses {
            after,
            order,
            limit: self.limit.map(i64::from),
        })
    }
}

fn marker_id(connection: &mut AnyConnection, list: &Paged, marker: &str) -> DbResult<i32> {
    let Paged {
        table,
        marker: column,
        resource,
        ..
    } = list;
    let lookup = sql::<Nullable<Integer>>(&format!("(SELECT id FROM {table} WHERE {column} = "))
        .bind::<Text, _>(marker)
        .sql(")");
    diesel::select(lookup)
        .get_result::<Option<i32>>(connection)?
        .ok_or_else(|| DbError::not_found(*resource, marker))
}

/// Adds the clauses of a page to a boxed query.
macro_rules! paged {
    ($query:expr, $clauses:expr) => {{
        let clauses = $clauses;
        let mut query = $query.order(diesel::dsl::sql::<diesel::sql_types::Text>(&clauses.order));
        if let Some(after) = &clauses.after {
            query = query.filter(diesel::dsl::sql::<diesel::sql_types::Bool>(after));
        }
        if let Some(limit) = clauses.limit {
            query = query.limit(limit);
        }
        query
    }};
}
pub(crate) use paged;
