//! The operations of `dbsync` and what a process checks when it starts.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::definition::{HEAD, TABLES};
use super::{SchemaError, create};
use crate::Database;
use crate::backend::Backend;
use crate::connection::AnyConnection;
use crate::error::DbResult;
use crate::tables::alembic_version;

/// What `dbsync upgrade` did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upgrade {
    /// The schema was created.
    Created,
    /// There was nothing to do.
    AtHead,
}

impl Database {
    /// The alembic revision; `None` when nothing is recorded.
    pub async fn schema_version(&self) -> DbResult<Option<String>> {
        self.read(version).await
    }

    /// Creates the schema in an empty database.
    ///
    /// # Errors
    /// [`SchemaError::Exists`] or [`SchemaError::Unversioned`] when it is not empty.
    pub async fn create_schema(&self) -> DbResult<()> {
        self.transaction(|connection| {
            if let Some(found) = version(connection)? {
                return Err(SchemaError::Exists { found }.into());
            }
            if !tables(connection)?.is_empty() {
                return Err(SchemaError::Unversioned.into());
            }
            create(connection)
        })
        .await
    }

    /// Brings the schema to head, which is the one `revision` there is: creates it when there is
    /// none, does nothing when it is there.
    ///
    /// # Errors
    /// [`SchemaError`] for any other revision; the migrations up to head are Ironic's.
    pub async fn upgrade_to(&self, revision: &str) -> DbResult<Upgrade> {
        revision_named(revision)?;
        self.upgrade().await
    }

    /// The same to the newest revision.
    ///
    /// # Errors
    /// [`SchemaError`] for any other revision in the database.
    pub async fn upgrade(&self) -> DbResult<Upgrade> {
        self.transaction(|connection| match version(connection)? {
            Some(found) if found == HEAD => Ok(Upgrade::AtHead),
            Some(found) => Err(SchemaError::OtherRevision { found }.into()),
            None if tables(connection)?.is_empty() => {
                create(connection)?;
                Ok(Upgrade::Created)
            }
            None => Err(SchemaError::Unversioned.into()),
        })
        .await
    }

    /// Records a revision without changing anything else: `head`, its number or the beginning of
    /// that, or the whole number of an older one. `base` forgets what is recorded.
    ///
    /// # Errors
    /// [`SchemaError::UnknownRevision`] for what is no number of a revision.
    pub async fn stamp(&self, revision: &str) -> DbResult<()> {
        let is_number = revision.len() == HEAD.len()
            && revision
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let revision = match revision {
            "base" => None,
            number if is_number => Some(number.to_owned()),
            name => Some(revision_named(name)?.to_owned()),
        };
        self.transaction(move |connection| {
            if !tables(connection)?.iter().any(|t| t == "alembic_version") {
                connection.batch_execute(
                    "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, \
                     CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))",
                )?;
            }
            diesel::delete(alembic_version::table).execute(connection)?;
            if let Some(revision) = &revision {
                diesel::insert_into(alembic_version::table)
                    .values(alembic_version::version_num.eq(revision))
                    .execute(connection)?;
            }
            Ok(())
        })
        .await
    }

    /// Checks that this release can use the database: revision at head, every table and column
    /// there, whether it was created at once or migrated step by step.
    ///
    /// # Errors
    /// [`SchemaError`], which says what to do.
    pub async fn adopt(&self) -> DbResult<()> {
        self.read(|connection| {
            match version(connection)? {
                Some(found) if found == HEAD => {}
                Some(found) => return Err(SchemaError::OtherRevision { found }.into()),
                None if tables(connection)?.is_empty() => return Err(SchemaError::Empty.into()),
                None => return Err(SchemaError::Unversioned.into()),
            }
            let missing = missing(connection)?;
            if missing.is_empty() {
                Ok(())
            } else {
                Err(SchemaError::Incomplete {
                    missing: missing.join(", "),
                }
                .into())
            }
        })
        .await
    }

    /// For the embedded service: creates the schema if the database is empty, else adopts it.
    pub async fn create_or_adopt(&self) -> DbResult<()> {
        self.upgrade().await?;
        self.adopt().await
    }
}

/// The revision of a name, as alembic understands one: `head`, or the beginning of its number, of
/// at least four characters.
fn revision_named(name: &str) -> Result<&'static str, SchemaError> {
    let is_head = matches!(name, "head" | "heads") || (name.len() >= 4 && HEAD.starts_with(name));
    is_head
        .then_some(HEAD)
        .ok_or_else(|| SchemaError::UnknownRevision {
            revision: name.to_owned(),
        })
}

fn create(connection: &mut AnyConnection) -> DbResult<()> {
    for statement in create::statements(connection.backend()) {
        connection.batch_execute(&statement)?;
    }
    Ok(())
}

/// The recorded revision.
fn version(connection: &mut AnyConnection) -> DbResult<Option<String>> {
    if !tables(connection)?.iter().any(|t| t == "alembic_version") {
        return Ok(None);
    }
    Ok(alembic_version::table
        .select(alembic_version::version_num)
        .first::<String>(connection)
        .optional()?)
}

/// The tables of the current database.
fn tables(connection: &mut AnyConnection) -> DbResult<Vec<String>> {
    let mut tables: Vec<String> = columns(connection)?
        .into_iter()
        .map(|column| column.of_table)
        .collect();
    tables.dedup();
    Ok(tables)
}

#[derive(diesel::QueryableByName)]
struct ColumnName {
    #[diesel(sql_type = Text)]
    of_table: String,
    #[diesel(sql_type = Text)]
    called: String,
}

/// The columns of the current database, table by table.
fn columns(connection: &mut AnyConnection) -> DbResult<Vec<ColumnName>> {
    let query = match connection.backend() {
        Backend::Postgresql => {
            "SELECT table_name::text AS of_table, column_name::text AS called \
             FROM information_schema.columns WHERE table_schema = current_schema() \
             ORDER BY table_name"
        }
        // CAST: MySQL answers with a binary type here.
        Backend::Mysql => {
            "SELECT CAST(table_name AS CHAR) AS of_table, CAST(column_name AS CHAR) AS called \
             FROM information_schema.columns WHERE table_schema = DATABASE() \
             ORDER BY table_name"
        }
        Backend::Sqlite => {
            "SELECT m.name AS of_table, p.name AS called \
             FROM sqlite_master m JOIN pragma_table_info(m.name) p \
             WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name"
        }
    };
    Ok(diesel::sql_query(query).load(connection)?)
}

/// Tables and columns that should be there and are not.
fn missing(connection: &mut AnyConnection) -> DbResult<Vec<String>> {
    let present = columns(connection)?;
    let mut missing = Vec::new();
    for table in TABLES {
        if !present.iter().any(|column| column.of_table == table.name) {
            missing.push(format!("table {}", table.name));
            continue;
        }
        for column in table.columns {
            if !present
                .iter()
                .any(|there| there.of_table == table.name && there.called == column.name)
            {
                missing.push(format!("column {}.{}", table.name, column.name));
            }
        }
    }
    Ok(missing)
}
