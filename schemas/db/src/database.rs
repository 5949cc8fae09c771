//! [`Database`]: the asynchronous face of the store.
//!
//! diesel blocks, so work runs on tokio's blocking threads, behind a semaphore as wide as the pool:
//! work waits here, bounded in time, and never for a thread. Two kinds of work go another way on
//! SQLite: changes go to the one [`Writer`](crate::writer::Writer), and a look-up of a few rows by key, which
//! takes less time than waking a thread does, is done where it is asked for. A piece of work holds
//! a connection from its first statement to its last and nothing else: no connection is held across
//! an `await` of anybody.

use std::sync::Arc;
use std::time::{Duration, Instant};

use diesel::r2d2::Pool;
use schemas_model::time::Timestamp;
use tokio::sync::Semaphore;

use crate::backend::Backend;
use crate::connection::AnyConnection;
use crate::error::{DbError, DbResult};
use crate::options::ConnectOptions;
use crate::pool::{Connector, Pools, Writers, checkout};
use crate::url::Target;

/// How often a deadlock or a serialisation failure is tried again.
const ATTEMPTS: u32 = 6;
/// Rows that are read before a thread would have been woken.
const A_FEW: usize = 16;
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
    writers: Writers,
    reads_at_once: bool,
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
            let turns = Arc::new(Semaphore::new(pools.readers.max_size() as usize));
            Ok(Database {
                inner: Arc::new(Inner {
                    readers: Lane {
                        pool: pools.readers,
                        turns,
                    },
                    writers: pools.writers,
                    reads_at_once: pools.reads_at_once,
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
        self.run(true, work).await
    }

    /// Reads a few rows by key: on SQLite right here, if a connection is free and no writer can be
    /// in the way.
    pub(crate) async fn look_up<T, F>(&self, mut work: F) -> DbResult<T>
    where
        T: Send + 'static,
        F: FnMut(&mut AnyConnection) -> DbResult<T> + Send + 'static,
    {
        if self.inner.reads_at_once
            && let Some(mut session) = self.inner.readers.pool.try_get()
        {
            match work(&mut session.connection) {
                Err(DbError::Busy { .. }) => {}
                outcome => return outcome,
            }
        }
        self.read(work).await
    }

    /// Reads one row for each of so many keys.
    pub(crate) async fn look_up_each<T, F>(&self, keys: usize, work: F) -> DbResult<T>
    where
        T: Send + 'static,
        F: FnMut(&mut AnyConnection) -> DbResult<T> + Send + 'static,
    {
        if keys <= A_FEW {
            self.look_up(work).await
        } else {
            self.read(work).await
        }
    }

    /// Runs one changing statement, which is a transaction by itself.
    pub(crate) async fn write<T, F>(&self, work: F) -> DbResult<T>
    where
        T: Send + 'static,
        F: FnMut(&mut AnyConnection) -> DbResult<T> + Send + 'static,
    {
        match &self.inner.writers {
            Writers::Shared => self.run(false, work).await,
            Writers::One(writer) => self.in_time(writer.change(true, work)).await,
        }
    }

    /// Runs several statements: all of them, or none.
    pub(crate) async fn transaction<T, F>(&self, work: F) -> DbResult<T>
    where
        T: Send + 'static,
        F: FnMut(&mut AnyConnection) -> DbResult<T> + Send + 'static,
    {
        self.change(true, work).await
    }

    /// The same for what may be forgotten at a power cut, because nobody is told that it lasts: a
    /// lock, which ends with its holder anyway.
    pub(crate) async fn passing_transaction<T, F>(&self, work: F) -> DbResult<T>
    where
        T: Send + 'static,
        F: FnMut(&mut AnyConnection) -> DbResult<T> + Send + 'static,
    {
        self.change(false, work).await
    }

    async fn change<T, F>(&self, lasting: bool, mut work: F) -> DbResult<T>
    where
        T: Send + 'static,
        F: FnMut(&mut AnyConnection) -> DbResult<T> + Send + 'static,
    {
        match &self.inner.writers {
            Writers::Shared => {
                let in_transaction =
                    move |connection: &mut AnyConnection| connection.in_transaction(&mut work);
                self.run(false, in_transaction).await
            }
            Writers::One(writer) => self.in_time(writer.change(lasting, work)).await,
        }
    }

    async fn run<T, F>(&self, repeatable: bool, mut work: F) -> DbResult<T>
    where
        T: Send + 'static,
        F: FnMut(&mut AnyConnection) -> DbResult<T> + Send + 'static,
    {
        let lane = &self.inner.readers;
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
        self.in_time(work).await
    }

    /// Waits for work, but not for ever. The MySQL client library waits for a silent server for ever:
    /// its thread keeps its turn until the operating system gives the connection up; the caller does
    /// not wait for that.
    async fn in_time<T>(&self, work: impl Future<Output = DbResult<T>>) -> DbResult<T> {
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
