//! What `ironic-status upgrade check` looks for in a database. Nothing is changed.

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use schemas_model::interface::InterfaceKind;

use crate::Database;
use crate::backend::Backend;
use crate::connection::AnyConnection;
use crate::error::DbResult;

/// Indexes of `nodes` without which lists are slow (the ones Ironic 39.0.0 looks for).
const INDEXES: &[&str] = &[
    "reservation_idx",
    "driver_idx",
    "provision_state_idx",
    "conductor_group_idx",
    "resource_class_idx",
    "owner_idx",
    "lessee_idx",
];

/// A node and one of the words in it that name code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeWord {
    /// The node's UUID.
    pub node: String,
    /// The kind of interface; none for the driver.
    pub kind: Option<InterfaceKind>,
    /// What the node says.
    pub word: String,
}

/// A node that belongs to somebody else than its parent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnerMismatch {
    /// The node's UUID.
    pub child: String,
    /// Its owner.
    pub child_owner: Option<String>,
    /// The UUID of its parent.
    pub parent: String,
    /// The owner of that.
    pub parent_owner: Option<String>,
}

/// What `allocations` is made of on MariaDB and MySQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MysqlTable {
    /// Its text is `utf8mb4`, so that any character fits.
    pub is_utf8mb4: bool,
    /// Its engine is InnoDB.
    pub is_innodb: bool,
}

#[derive(diesel::QueryableByName)]
struct Word {
    #[diesel(sql_type = Nullable<Text>)]
    node: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    word: Option<String>,
}

#[derive(diesel::QueryableByName)]
struct Pair {
    #[diesel(sql_type = Nullable<Text>)]
    child: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    child_owner: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    parent: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    parent_owner: Option<String>,
}

#[derive(diesel::QueryableByName)]
struct Fact {
    #[diesel(sql_type = Nullable<Text>)]
    fact: Option<String>,
}

impl Database {
    /// The indexes that make lists of nodes fast and are not there.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn missing_indexes(&self) -> DbResult<Vec<&'static str>> {
        self.read(|connection| {
            let query = match connection.backend() {
                Backend::Postgresql => {
                    "SELECT indexname::text AS fact FROM pg_indexes \
                     WHERE schemaname = current_schema() AND tablename = 'nodes'"
                }
                Backend::Mysql => {
                    "SELECT CAST(index_name AS CHAR) AS fact FROM information_schema.statistics \
                     WHERE table_schema = DATABASE() AND table_name = 'nodes'"
                }
                Backend::Sqlite => {
                    "SELECT name AS fact FROM sqlite_master \
                     WHERE type = 'index' AND tbl_name = 'nodes'"
                }
            };
            let there = facts(connection, query)?;
            let missing = INDEXES.iter().copied();
            Ok(missing
                .filter(|index| !there.iter().any(|known| known == index))
                .collect())
        })
        .await
    }

    /// What `allocations` is made of; none on other databases.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn mysql_table(&self) -> DbResult<Option<MysqlTable>> {
        if self.backend() != Backend::Mysql {
            return Ok(None);
        }
        self.read(|connection| {
            let engine = facts(
                connection,
                "SELECT CAST(engine AS CHAR) AS fact FROM information_schema.tables \
                 WHERE table_schema = DATABASE() AND table_name = 'allocations'",
            )?;
            let collations = facts(
                connection,
                "SELECT CAST(table_collation AS CHAR) AS fact FROM information_schema.tables \
                 WHERE table_schema = DATABASE() AND table_name = 'allocations'",
            )?;
            Ok(Some(MysqlTable {
                is_utf8mb4: collations.iter().any(|name| name.starts_with("utf8mb4")),
                is_innodb: engine
                    .iter()
                    .any(|name| name.eq_ignore_ascii_case("innodb")),
            }))
        })
        .await
    }

    /// The drivers and interfaces that nodes say they use, by node; `is_known` says which are left out.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn unknown_words(
        &self,
        is_known: impl Fn(Option<InterfaceKind>, &str) -> bool + Send + Sync + 'static,
    ) -> DbResult<Vec<NodeWord>> {
        self.read(move |connection| {
            let kinds = std::iter::once(None).chain(InterfaceKind::ALL.iter().copied().map(Some));
            let mut found = Vec::new();
            for kind in kinds {
                let column = kind.map_or("driver".to_owned(), |kind| format!("{kind}_interface"));
                let rows: Vec<Word> = diesel::sql_query(format!(
                    "SELECT uuid AS node, {column} AS word FROM nodes ORDER BY id"
                ))
                .load(connection)?;
                let words = rows
                    .into_iter()
                    .filter_map(|row| Some((row.node?, row.word?)));
                let unknown = words.filter(|(_, word)| {
                    // A kind that is new to an old database is filled in later.
                    let filled_in_later = kind.is_some() && word.is_empty();
                    !filled_in_later && !is_known(kind, word)
                });
                found.extend(unknown.map(|(node, word)| NodeWord { node, kind, word }));
            }
            Ok(found)
        })
        .await
    }

    /// Nodes that belong to somebody else than their parents.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn owner_mismatches(&self) -> DbResult<Vec<OwnerMismatch>> {
        self.read(|connection| {
            let rows: Vec<Pair> = diesel::sql_query(
                "SELECT c.uuid AS child, c.owner AS child_owner, \
                        p.uuid AS parent, p.owner AS parent_owner \
                 FROM nodes c JOIN nodes p ON c.parent_node = p.uuid \
                 WHERE c.owner <> p.owner \
                    OR (c.owner IS NULL AND p.owner IS NOT NULL) \
                    OR (c.owner IS NOT NULL AND p.owner IS NULL) \
                 ORDER BY c.id",
            )
            .load(connection)?;
            Ok(rows
                .into_iter()
                .map(|row| OwnerMismatch {
                    child: row.child.unwrap_or_default(),
                    child_owner: row.child_owner,
                    parent: row.parent.unwrap_or_default(),
                    parent_owner: row.parent_owner,
                })
                .collect())
        })
        .await
    }
}

fn facts(connection: &mut AnyConnection, query: &str) -> DbResult<Vec<String>> {
    let rows: Vec<Fact> = diesel::sql_query(query).load(connection)?;
    Ok(rows.into_iter().filter_map(|row| row.fact).collect())
}
