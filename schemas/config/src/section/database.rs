//! `[database]`: oslo.db's options and Ironic's own.

use schemas_model::secret::Secret;

use crate::section::section;

section! {
    /// `[database]`: where the database is and how to use it.
    Database;

    /// Connection of Python's asyncio engine.
    asyncio_connection: Option<Secret<String>>;
    /// Read-only connection of Python's asyncio engine.
    asyncio_slave_connection: Option<Secret<String>>;
    /// Database library.
    backend: String = "sqlalchemy";
    /// Where the database is, as an SQLAlchemy URL.
    connection: Option<Secret<String>>;
    /// How much SQL to log, 0 to 100.
    connection_debug: u64 = 0, min(0.0), max(100.0);
    /// What to append to `connection`, as `a=b&c=d`.
    connection_parameters: String = "";
    /// Seconds after which a pooled connection is replaced.
    connection_recycle_time: i64 = 3600;
    /// Add Python's stack to SQL as comments.
    connection_trace: bool = false;
    /// Double the pause after each failed operation.
    db_inc_retry_interval: bool = true;
    /// How often a failed operation is tried again; -1 for ever.
    db_max_retries: i64 = 20;
    /// Longest pause between two tries of an operation, in seconds.
    db_max_retry_interval: i64 = 10;
    /// Seconds between two tries of an operation.
    db_retry_interval: i64 = 1;
    /// Connections beyond `max_pool_size`.
    max_overflow: i64 = 50;
    /// Connections kept open; 0 sets no limit.
    max_pool_size: i64 = 5;
    /// How often connecting is tried again at start; -1 for ever.
    max_retries: i64 = 10;
    /// MySQL storage engine of new tables.
    mysql_engine: String = "InnoDB";
    /// SQL mode of MySQL sessions; the server's own when empty.
    mysql_sql_mode: String = "TRADITIONAL";
    /// Galera's causality checks of each session.
    mysql_wsrep_sync_wait: Option<i64>;
    /// Seconds to wait for a pooled connection.
    pool_timeout: Option<i64>;
    /// Seconds between two tries to connect.
    retry_interval: i64 = 10;
    /// Where a read-only copy of the database is.
    slave_connection: Option<Secret<String>>;
    /// Seconds for which a locked SQLite database is tried again.
    sqlite_max_wait_for_retry: i64 = 10;
    /// Try operations again while SQLite is locked.
    sqlite_retries: bool = true;
    /// Have SQLite wait for the disk.
    sqlite_synchronous: bool = true;
    /// Let readers wait until they see earlier writes.
    synchronous_reader: bool = true;
    /// Try operations again when the connection was lost.
    use_db_reconnect: bool = false;
}
