//! Pools of connections.
//!
//! SQLite has one writer and any number of readers, so a file gets a pool for reading and a
//! [`Writer`]; changes queue there and not in SQLite's busy handler. A database in memory lives in
//! its one connection. Servers have one pool for both.

use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::r2d2::{ManageConnection, Pool, PooledConnection};

use crate::connection::AnyConnection;
use crate::error::{DbError, DbResult};
use crate::options::ConnectOptions;
use crate::url::Target;
use crate::writer::Writer;

/// A connection unused for longer than this is tried before it is handed out.
const TRUSTED_IDLE: Duration = Duration::from_secs(2);

/// A connection in the pool.
pub(crate) struct Session {
    pub(crate) connection: AnyConnection,
    used: Instant,
    /// Set when the database hung up; the pool then drops it.
    pub(crate) broken: bool,
}

/// Makes and checks connections.
pub(crate) struct Connector {
    target: Target,
    options: ConnectOptions,
}

impl ManageConnection for Connector {
    type Connection = Session;
    type Error = DbError;

    fn connect(&self) -> DbResult<Session> {
        Ok(Session {
            connection: AnyConnection::open(&self.target, &self.options)?,
            used: Instant::now(),
            broken: false,
        })
    }

    fn is_valid(&self, session: &mut Session) -> DbResult<()> {
        if session.used.elapsed() > TRUSTED_IDLE && self.target.file().is_none() {
            session.connection.batch_execute("SELECT 1")?;
        }
        session.used = Instant::now();
        Ok(())
    }

    fn has_broken(&self, session: &mut Session) -> bool {
        session.broken || session.connection.is_broken()
    }
}

/// The connections of one database.
pub(crate) struct Pools {
    pub(crate) readers: Pool<Connector>,
    pub(crate) writers: Writers,
    /// Whether a reader never waits for a writer, in this process or another.
    pub(crate) reads_at_once: bool,
}

/// What changes go through.
pub(crate) enum Writers {
    /// The readers' pool.
    Shared,
    /// The one writer of a SQLite file.
    One(Writer),
}

impl Pools {
    /// Makes the pools and the first connection, so that a wrong URL is noticed at once.
    pub(crate) fn open(target: &Target, options: &ConnectOptions) -> DbResult<Self> {
        let most = options.max_connections.max(1);
        // The first connection is made here, not in a pool's thread, to report its error as it is.
        let mut first = AnyConnection::open(target, options)?;
        if target.file().is_some() {
            return Ok(Pools {
                readers: build(target, options, most.min(sqlite_readers()))?,
                writers: Writers::One(Writer::start(target, options)?),
                reads_at_once: first.has_write_ahead_log()?,
            });
        }
        let size = if target.is_memory() { 1 } else { most };
        Ok(Pools {
            readers: build(target, options, size)?,
            writers: Writers::Shared,
            reads_at_once: false,
        })
    }
}

/// More readers than processors would only wait for each other, each with a cache of its own.
fn sqlite_readers() -> u32 {
    let processors = std::thread::available_parallelism().map_or(2, usize::from);
    u32::try_from(processors).unwrap_or(16).clamp(2, 16) + 1
}

fn build(target: &Target, options: &ConnectOptions, size: u32) -> DbResult<Pool<Connector>> {
    let lasting = target.is_memory() || target.file().is_some();
    Pool::builder()
        .max_size(size)
        .min_idle(Some(if lasting { 1 } else { 0 }))
        .max_lifetime(options.recycle_after.filter(|_| !lasting))
        .idle_timeout((!lasting).then_some(Duration::from_secs(600)))
        .connection_timeout(options.connect_timeout)
        .test_on_check_out(true)
        .error_handler(Box::new(LogErrors))
        .build(Connector {
            target: target.clone(),
            options: options.clone(),
        })
        .map_err(|error| DbError::Unavailable {
            reason: target.redact(&error.to_string()),
        })
}

/// A free connection, or why there is none.
pub(crate) fn checkout(pool: &Pool<Connector>) -> DbResult<PooledConnection<Connector>> {
    pool.get().map_err(|error| DbError::Unavailable {
        reason: error.to_string(),
    })
}

/// Logs what goes wrong when a pool makes a connection by itself.
#[derive(Debug)]
struct LogErrors;

impl diesel::r2d2::HandleError<DbError> for LogErrors {
    fn handle_error(&self, error: DbError) {
        tracing::warn!(error = %error, "cannot connect to the database");
    }
}
