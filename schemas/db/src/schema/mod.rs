//! The schema: what it is, how it is made, and whether a database has it.

mod checks;
mod create;
mod dbsync;
mod definition;
mod migrate;
mod table;

pub use checks::{MysqlTable, NodeWord, OwnerMismatch};
pub use dbsync::Upgrade;
pub use definition::HEAD;
pub use migrate::{Migration, Unsupported};

/// Why a database cannot be used as it is, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SchemaError {
    /// There are no tables.
    #[error("the database is empty; create the tables with 'dbsync create_schema'")]
    Empty,
    /// A revision that Ironic's migrations do not have.
    #[error("there is no revision '{revision}'; this release has one, {HEAD}, also called 'head'")]
    UnknownRevision {
        /// What was asked for.
        revision: String,
    },
    /// There are tables, but alembic never managed them.
    #[error(
        "the database has tables but no alembic version; if its schema is that of Ironic 39.0.0, run 'dbsync stamp {HEAD}'"
    )]
    Unversioned,
    /// Another revision.
    #[error(
        "the database is at alembic revision {found}, this release needs {HEAD}; bring it there with the migrations of Ironic 39.0.0 ('ironic-dbsync upgrade')"
    )]
    OtherRevision {
        /// The revision found.
        found: String,
    },
    /// The revision is right, but something is missing.
    #[error("the database says it is at alembic revision {HEAD}, but lacks {missing}")]
    Incomplete {
        /// Tables and columns.
        missing: String,
    },
    /// `create_schema` was asked for, but there is one.
    #[error("the database has a schema already (alembic revision {found}); use 'dbsync upgrade'")]
    Exists {
        /// The revision found.
        found: String,
    },
}
