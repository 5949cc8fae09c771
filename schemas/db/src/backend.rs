//! The three databases.

/// Which database is behind a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Backend {
    /// PostgreSQL.
    Postgresql,
    /// MariaDB or MySQL.
    Mysql,
    /// SQLite, in a file or in memory. For one process: see [`Backend::has_clock_rules`].
    Sqlite,
}

impl Backend {
    /// Every backend.
    pub const ALL: &'static [Backend] = &[Backend::Postgresql, Backend::Mysql, Backend::Sqlite];

    /// Whether a conductor counts as dead when its heartbeat is old. With SQLite only
    /// `conductors.online` counts and no heartbeat is written (Ironic 39.0.0, observed).
    pub const fn has_clock_rules(self) -> bool {
        !matches!(self, Backend::Sqlite)
    }

    /// Whether timestamps keep microseconds.
    pub const fn keeps_microseconds(self) -> bool {
        !matches!(self, Backend::Mysql)
    }
}

impl std::fmt::Display for Backend {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Backend::Postgresql => "PostgreSQL",
            Backend::Mysql => "MariaDB/MySQL",
            Backend::Sqlite => "SQLite",
        })
    }
}
