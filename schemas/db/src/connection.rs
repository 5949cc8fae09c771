//! A connection to any of the three databases.

use diesel::connection::{
    AnsiTransactionManager, CacheSize, Connection, SimpleConnection, TransactionManager,
};
use diesel::dsl::sql;
use diesel::mysql::MysqlConnection;
use diesel::pg::PgConnection;
use diesel::sql_types::{BigInt, Text};
use diesel::sqlite::SqliteConnection;

use crate::backend::Backend;
use crate::error::{DbError, DbResult};
use crate::options::{ConnectOptions, SqliteSynchronous};
use crate::url::Target;

pub(crate) use any::{AnyConnection, MultiBackend, MultiRawValue, MultiRow};

#[allow(
    missing_docs,
    clippy::expect_used,
    unreachable_pub,
    reason = "what the derive writes is not ours to document"
)]
mod any {
    use super::{MysqlConnection, PgConnection, SqliteConnection};

    /// One connection, whichever database is behind it.
    #[derive(diesel::MultiConnection)]
    pub enum AnyConnection {
        /// PostgreSQL.
        Postgresql(PgConnection),
        /// MariaDB or MySQL.
        Mysql(MysqlConnection),
        /// SQLite.
        Sqlite(SqliteConnection),
    }
}

type Manager = <AnyConnection as Connection>::TransactionManager;

impl AnyConnection {
    /// Connects and sets the session up.
    ///
    /// MariaDB and MySQL: `utf8mb4` and, unless configured otherwise, `TRADITIONAL`, as Ironic
    /// (oslo.db) does, so that what does not fit is an error and not cut. SQLite: WAL, foreign keys on, as Ironic does; a bounded
    /// wait for the lock of another process.
    pub(crate) fn open(target: &Target, options: &ConnectOptions) -> DbResult<Self> {
        let unavailable = |error: diesel::ConnectionError| DbError::Unavailable {
            reason: target.redact(&error.to_string()),
        };
        let mut connection = match target.backend() {
            Backend::Postgresql => AnyConnection::Postgresql(
                PgConnection::establish(target.url().expose()).map_err(unavailable)?,
            ),
            Backend::Mysql => AnyConnection::Mysql(
                MysqlConnection::establish(target.url().expose()).map_err(unavailable)?,
            ),
            Backend::Sqlite => AnyConnection::Sqlite(
                SqliteConnection::establish(target.url().expose()).map_err(unavailable)?,
            ),
        };
        connection.batch_execute(&session_setup(target.backend(), options))?;
        Ok(connection)
    }

    /// Which database this is.
    pub(crate) fn backend(&self) -> Backend {
        match self {
            AnyConnection::Postgresql(_) => Backend::Postgresql,
            AnyConnection::Mysql(_) => Backend::Mysql,
            AnyConnection::Sqlite(_) => Backend::Sqlite,
        }
    }

    /// Runs `work` in a transaction: all of it, or nothing.
    ///
    /// SQLite takes the write lock at once, because a transaction that reads first and writes
    /// later cannot wait for another process.
    pub(crate) fn in_transaction<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> DbResult<T>,
    ) -> DbResult<T> {
        self.begin_writing()?;
        match work(self) {
            Ok(value) => {
                self.commit()?;
                Ok(value)
            }
            Err(error) => {
                self.roll_back();
                Err(error)
            }
        }
    }

    /// Begins a transaction that will write.
    pub(crate) fn begin_writing(&mut self) -> DbResult<()> {
        if let AnyConnection::Sqlite(sqlite) = self {
            AnsiTransactionManager::begin_transaction_sql(sqlite, "BEGIN IMMEDIATE")?;
        } else {
            Manager::begin_transaction(self)?;
        }
        Ok(())
    }

    /// Ends a transaction: what was written counts.
    pub(crate) fn commit(&mut self) -> DbResult<()> {
        Ok(Manager::commit_transaction(self)?)
    }

    /// Ends a transaction: nothing was written. Whatever led here says more than a rollback that
    /// fails; a connection that cannot roll back is broken and gets replaced.
    pub(crate) fn roll_back(&mut self) {
        let _ = Manager::rollback_transaction(self);
    }

    /// Inside a transaction: keeps what `work` wrote, or undoes it when it returns `false`.
    pub(crate) fn in_savepoint(&mut self, work: impl FnOnce(&mut Self) -> bool) -> DbResult<()> {
        Manager::begin_transaction(self)?;
        if work(self) {
            Manager::commit_transaction(self)?;
        } else {
            Manager::rollback_transaction(self)?;
        }
        Ok(())
    }

    /// Whether a transaction ended in a way nobody knows; the connection is of no use then.
    pub(crate) fn is_broken(&mut self) -> bool {
        Manager::is_broken_transaction_manager(self)
    }

    /// What SQLite waits for at the next commits.
    pub(crate) fn set_sqlite_synchronous(&mut self, level: SqliteSynchronous) -> DbResult<()> {
        Ok(self.batch_execute(&format!("PRAGMA synchronous = {}", level.as_sql()))?)
    }

    /// Whether readers of a SQLite file and its writer never wait for each other: it has a
    /// write-ahead log, which some file systems do not allow.
    pub(crate) fn has_write_ahead_log(&mut self) -> DbResult<bool> {
        use diesel::RunQueryDsl;
        if self.backend() != Backend::Sqlite {
            return Ok(false);
        }
        let mode = sql::<Text>("(SELECT journal_mode FROM pragma_journal_mode)");
        let mode: String = diesel::select(mode).get_result(self)?;
        Ok(mode.eq_ignore_ascii_case("wal"))
    }

    /// Drops the prepared statements after an error.
    ///
    /// A statement of the MySQL client library remembers its last error, and diesel asks for it
    /// before the next execution: a statement that failed once would fail for ever, unexecuted.
    pub(crate) fn forget_failed_statements(&mut self) {
        if let AnyConnection::Mysql(mysql) = self {
            mysql.set_prepared_statement_cache_size(CacheSize::Disabled);
            mysql.set_prepared_statement_cache_size(CacheSize::Unbounded);
        }
    }

    /// The number that the last insert on this connection was given.
    pub(crate) fn last_insert_id(&mut self) -> DbResult<i32> {
        use diesel::RunQueryDsl;
        let statement = match self.backend() {
            Backend::Postgresql => "lastval()",
            Backend::Mysql => "CAST(LAST_INSERT_ID() AS SIGNED)",
            Backend::Sqlite => "last_insert_rowid()",
        };
        let id: i64 = diesel::select(sql::<BigInt>(statement)).get_result(self)?;
        i32::try_from(id).map_err(|_| DbError::Internal(format!("row number {id} is too large")))
    }
}

/// Page cache of one SQLite connection, in KiB; what does not fit is in the system's cache.
const SQLITE_CACHE_KIB: u32 = 2048;

fn session_setup(backend: Backend, options: &ConnectOptions) -> String {
    match backend {
        Backend::Postgresql => format!(
            "SET TIME ZONE 'UTC'; SET statement_timeout = {}",
            options.statement_timeout.as_millis()
        ),
        // The comment is a statement to MariaDB only; MySQL has no such limit for changes.
        Backend::Mysql => format!(
            "SET NAMES utf8mb4; SET {mode}{galera}SESSION innodb_lock_wait_timeout = {seconds} \
             /*M!100101 , SESSION max_statement_time = {seconds} */",
            mode = sql_mode(&options.mysql_sql_mode),
            galera = options
                .mysql_wsrep_sync_wait
                .map(|bits| format!("SESSION wsrep_sync_wait = {bits}, "))
                .unwrap_or_default(),
            seconds = options.statement_timeout.as_secs().max(1)
        ),
        Backend::Sqlite => format!(
            "PRAGMA busy_timeout = {}; PRAGMA journal_mode = WAL; PRAGMA synchronous = {}; \
             PRAGMA foreign_keys = ON; PRAGMA cache_size = -{SQLITE_CACHE_KIB}",
            options.statement_timeout.as_millis(),
            options.sqlite_synchronous.as_sql(),
        ),
    }
}

/// Sets the SQL mode: a list of words, of which nothing else may get into a statement.
fn sql_mode(words: &str) -> String {
    let words: String = words
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | ','))
        .collect();
    if words.is_empty() {
        return String::new();
    }
    format!("SESSION sql_mode = '{words}', ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mysql_session_is_set_up_as_configured() {
        let mut options = ConnectOptions::new("mysql://db/x");
        let setup = |options: &ConnectOptions| session_setup(Backend::Mysql, options);
        assert!(setup(&options).contains("SET SESSION sql_mode = 'TRADITIONAL', SESSION innodb"));
        options.mysql_sql_mode = "ANSI, NO_ZERO_DATE'; DROP".to_owned();
        options.mysql_wsrep_sync_wait = Some(7);
        assert!(setup(&options).contains(
            "SET SESSION sql_mode = 'ANSI,NO_ZERO_DATEDROP', SESSION wsrep_sync_wait = 7, SESSION"
        ));
        options.mysql_sql_mode.clear();
        options.mysql_wsrep_sync_wait = None;
        assert!(setup(&options).contains("SET SESSION innodb_lock_wait_timeout"));
    }
}
