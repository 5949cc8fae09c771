//! How to connect.

use std::time::Duration;

use schemas_model::secret::Secret;

/// What SQLite waits for before a change counts as stored (`PRAGMA synchronous`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SqliteSynchronous {
    /// The operating system: survives `kill -9`, may lose the last changes at a power cut; never
    /// corrupts.
    Normal,
    /// The disk: survives a power cut, too. What SQLAlchemy leaves it at.
    #[default]
    Full,
}

impl SqliteSynchronous {
    pub(crate) const fn as_sql(self) -> &'static str {
        match self {
            SqliteSynchronous::Normal => "NORMAL",
            SqliteSynchronous::Full => "FULL",
        }
    }
}

/// Where the database is and how much of it to use.
#[derive(Clone, Debug)]
pub struct ConnectOptions {
    /// `[database]connection`: a SQLAlchemy URL. It holds a password.
    pub url: Secret,
    /// Most connections at a time (`[database]max_pool_size` + `max_overflow`); for SQLite, most
    /// readers beside the one writer. At least 1.
    pub max_connections: u32,
    /// How long one waits for a free connection, and for a new one to be made.
    pub connect_timeout: Duration,
    /// How long one statement may take, and how long SQLite waits for another process's lock
    /// (`[database]sqlite_max_wait_for_retry`).
    pub statement_timeout: Duration,
    /// Connections older than this are replaced (`[database]connection_recycle_time`); none are
    /// when absent.
    pub recycle_after: Option<Duration>,
    /// `[database]mysql_sql_mode`; the server's own when empty.
    pub mysql_sql_mode: String,
    /// `[database]mysql_wsrep_sync_wait`: which statements wait until a Galera node has caught up
    /// (a set of bits); the server's own when absent.
    pub mysql_wsrep_sync_wait: Option<u32>,
    /// How durable a change on SQLite is.
    pub sqlite_synchronous: SqliteSynchronous,
}

impl ConnectOptions {
    /// Options for a URL with Ironic's defaults (oslo.db: 5 pooled + 50 more connections is more
    /// than one process can use; 16 is what the blocking threads can keep busy).
    pub fn new(url: impl Into<Secret>) -> Self {
        ConnectOptions {
            url: url.into(),
            max_connections: 16,
            connect_timeout: Duration::from_secs(10),
            statement_timeout: Duration::from_secs(10),
            recycle_after: Some(Duration::from_secs(3600)),
            mysql_sql_mode: "TRADITIONAL".to_owned(),
            mysql_wsrep_sync_wait: None,
            sqlite_synchronous: SqliteSynchronous::default(),
        }
    }
}
