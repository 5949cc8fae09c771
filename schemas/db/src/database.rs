//! [`Database`]: the asynchronous face of the store.
//!
//! diesel blocks, so every piece of work runs on tokio's blocking threads, behind a semaphore as
//! wide as the pool: work waits here, bounded in time, and never for a thread. A piece of work
//! holds a connection from its first statement to its last and nothing else: no connection is held
//! across an `await` of anybody.

use std::sync::Arc;
use std::time::{Duration, Instant};

use diesel::r2d2::Pool;
use schemas_model::time::Timestamp;
use tokio::sync::Semaphore;

use crate::backend::Backend;
use crate::connection::AnyConnection;
use crate::error::{DbError, DbResult};
use crate::options::ConnectOptions;
use crate::pool::{Connector, Pools, checkout};
use crate::url::Target;

/// How often a deadlock or a serialisation failure is tried again.
const ATTEMPTS: u32 = 6;
/// The first pause between attempts; each is twice the one before.
const FIRST_PAUSE: Duration = Duration::from_millis(10);

/// A database. Cheap to clone; all clones share the pools.
#[derive(Clone)]
pub struct Database {
    inner: Arc<Inner>,
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Database").field(&self.backend()).finish()
    }
}

struct Inner {
    target: Target,
    readers: Lane,
    writers: Lane,
    /// How long work may wait for its turn.
    patience: Duration,
    /// How long work is tried again.
    persistence: Duration,
    /// How long one waits for work, whatever it waits for.
    deadline: Duration,
}

/// A pool and the queue in front of it.
struct Lane {
    pool: Pool<Connector>,
    turns: Arc<Semaphore>,
}

impl Database {
    /// Connects.
    ///
    /// # Errors
    /// [`DbError::Url`] for a URL that is not understood, [`DbError::Unavailable`] when the
    /// database cannot be reached within the options' deadline.
    pub async fn connect(options: &ConnectOptions) -> DbResult<Self> {
        let target = Target::parse(options.url.expose())?;
        let options = options.clone();
        blocking(move || {
            let pools = Pools::open(&target, &options)?;
            let turns = |pool: &Pool<Connector>| Arc::new(Semaphore::new(pool.max_size() as usize));
            let write_turns = turns(&pools.writers);
            let read_turns = if pools.shared {
                Arc::clone(&write_turns)
            } else {
                turns(&pools.readers)
            };
            Ok(Database {
                inner: Arc::new(Inner {
                    readers: Lane {
                        pool: pools.readers,
                        turns: read_turns,
                    },
                    writers: Lane {
                        pool: pools.writers,
                        turns: write_turns,
                    },
                    patience: options.connect_timeout + options.statement_timeout,
                    persistence: options.statement_timeout,
                    deadline: (options.connect_timeout + options.statement_timeout)
                        .saturating_mul(4),
                    target,
                }),
            })
        })
        .await
    }

    /// Which database this is.
    pub fn backend(&self) -> Backend {
        self.inner.target.backend()
    }

    /// Now, with the precision that the database keeps, so that what is written compares equal to
    /// what is read back.
    pub fn now(&self) -> Timestamp {
        use chrono::SubsecRound;
        let now = schemas_model::time::now();
        if self.backend().keeps_microseconds() {
            now
        } else {
            now.trunc_subsecs(0)
        }
    }

    /// Runs reading statements.
    pub(crate) async fn read<T, F>(&self, work: F) -> DbResult<T>
    where
        T: Send + 'static,
        F: FnMut(&mut AnyConnection) -> DbResult<T> + Send + 'static,
    {
        self.run(&self.inner.readers, true, work).await
    }

    /// Runs one changing statement, which is a transaction by itself.
    pub(crate) async fn write<T, F>(&self, work: F) -> DbResult<T>
    where
        T: Send + 'static,
        F: FnMut(&mut AnyConnection) -> DbResult<T> + Send + 'static,
    {
        self.run(&self.inner.writers, false, work).await
    }

    /// Runs several statements: all of them, or none.
    pub(crate) async fn transaction<T, F>(&self, mut work: F) -> DbResult<T>
    where
        T: Send + 'static,
        F: FnMut(&mut AnyConnection) -> DbResult<T> + Send + 'static,
    {
        self.run(&self.inner.writers, false, move |connection| {
            connection.in_transaction(&mut work)
        })
        .await
    }

    async fn run<T, F>(&self, lane: &Lane, repeatable: bool, mut work: F) -> DbResult<T>
    where
        T: Send + 'static,
        F: FnMut(&mut AnyConnection) -> DbResult<T> + Send + 'static,
    {
        let turn =
            tokio::time::timeout(self.inner.patience, Arc::clone(&lane.turns).acquire_owned())
                .await
                .map_err(|_| DbError::Busy {
                    reason: format!("no connection was free for {:?}", self.inner.patience),
                })?
                .map_err(|_| DbError::Internal("the queue of the database is closed".into()))?;
        let pool = lane.pool.clone();
        let persistence = self.inner.persistence;
        let work = blocking(move || {
            let result = attempt(&pool, persistence, repeatable, &mut work);
            drop(turn);
            result
        });
        // The MySQL client library waits for a silent server for ever. Its thread keeps its turn
        // until the operating system gives the connection up; the caller does not wait for that.
        let deadline = self.inner.deadline;
        tokio::time::timeout(deadline, work)
            .await
            .unwrap_or_else(|_| {
                Err(DbError::Unavailable {
                    reason: format!("no answer within {deadline:?}"),
                })
            })
    }
}

/// Runs work until it succeeds, fails for good, or has been tried often enough.
fn attempt<T>(
    pool: &Pool<Connector>,
    persistence: Duration,
    repeatable: bool,
    work: &mut impl FnMut(&mut AnyConnection) -> DbResult<T>,
) -> DbResult<T> {
    let started = Instant::now();
    let mut pause = FIRST_PAUSE;
    for number in 1.. {
        let error = {
            let mut session = checkout(pool)?;
            match work(&mut session.connection) {
                Ok(value) => return Ok(value),
                Err(error) => {
                    session.connection.forget_failed_statements();
                    session.broken |= matches!(error, DbError::Unavailable { .. });
                    error
                }
            }
        };
        let again = match error {
            DbError::Busy { .. } => number < ATTEMPTS && started.elapsed() < persistence,
            // The server hung up while the connection was idle: once more, on a new one.
            DbError::Unavailable { .. } => repeatable && number == 1,
            _ => false,
        };
        if !again {
            return Err(error);
        }
        tracing::debug!(error = %error, attempt = number, "the database asks to try again");
        std::thread::sleep(pause + jitter(pause));
        pause *= 2;
    }
    Err(DbError::Internal("no attempt was made".into()))
}

/// Up to half of the pause, so that two that met once do not meet again.
fn jitter(pause: Duration) -> Duration {
    let nanos = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| since.subsec_nanos());
    pause.mul_f64(f64::from(nanos % 1_000_000) / 2_000_000.0)
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> DbResult<T> + Send + 'static,
) -> DbResult<T> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|error| Err(DbError::Internal(error.to_string())))
}
