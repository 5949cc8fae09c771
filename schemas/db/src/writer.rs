//! The one writer of a SQLite file: a thread with the one connection that writes.
//!
//! SQLite lets one transaction write at a time and makes each wait for the disk. So changes that
//! come while the disk is busy with others are carried out together: one transaction, a savepoint
//! for each change, one commit. A change is acknowledged after the commit it was in, and only then;
//! one that fails is undone alone, up to its savepoint.
//!
//! Invariants
//! * nobody is told "done" before the commit returned;
//! * a change that is undone leaves nothing of itself, and the others whole;
//! * a change that nobody waits for any more when its turn comes is not begun;
//! * the thread ends when the last [`Writer`] is dropped, after what was queued.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::JoinHandle;

use tokio::sync::{mpsc, oneshot};

use crate::connection::AnyConnection;
use crate::error::{DbError, DbResult};
use crate::options::{ConnectOptions, SqliteSynchronous};
use crate::url::Target;

/// Most changes in one commit: bounds how long the first of them waits for the last.
const TOGETHER: usize = 64;
/// Most changes that may wait; more callers wait for a place.
const QUEUE: usize = 1024;

/// A change that waits for the writer.
trait Change: Send {
    /// Whether somebody waits for it.
    fn is_wanted(&self) -> bool;
    /// Whether it has to survive a power cut (as far as the options ask for that).
    fn must_last(&self) -> bool;
    /// Carries it out; `false` when it failed and has to be undone.
    fn carry_out(&mut self, connection: &mut AnyConnection) -> bool;
    /// Tells the outcome: of the change, or why its commit failed.
    fn answer(self: Box<Self>, commit: Result<(), String>);
}

struct Typed<T, F> {
    work: F,
    lasting: bool,
    outcome: Option<DbResult<T>>,
    reply: oneshot::Sender<DbResult<T>>,
}

impl<T, F> Change for Typed<T, F>
where
    T: Send,
    F: FnMut(&mut AnyConnection) -> DbResult<T> + Send,
{
    fn is_wanted(&self) -> bool {
        !self.reply.is_closed()
    }

    fn must_last(&self) -> bool {
        self.lasting
    }

    fn carry_out(&mut self, connection: &mut AnyConnection) -> bool {
        let work = &mut self.work;
        let outcome = catch_unwind(AssertUnwindSafe(|| work(connection))).unwrap_or_else(|_| {
            Err(DbError::Internal(
                "a change of the database panicked".into(),
            ))
        });
        let done = outcome.is_ok();
        self.outcome = Some(outcome);
        done
    }

    fn answer(self: Box<Self>, commit: Result<(), String>) {
        let outcome = match (self.outcome, commit) {
            // What failed by itself failed for its own reason.
            (Some(Err(error)), _) => Err(error),
            (Some(Ok(value)), Ok(())) => Ok(value),
            (_, Err(reason)) => Err(DbError::Busy { reason }),
            (None, Ok(())) => Err(DbError::Internal("a change was not carried out".into())),
        };
        // Whoever gave up meanwhile does not want to know.
        let _ = self.reply.send(outcome);
    }
}

/// The way to the thread.
pub(crate) struct Writer {
    queue: Option<mpsc::Sender<Box<dyn Change>>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread; its connection is made first, so that what is wrong is noticed here.
    pub(crate) fn start(target: &Target, options: &ConnectOptions) -> DbResult<Self> {
        let connection = AnyConnection::open(target, options)?;
        let (queue, changes) = mpsc::channel(QUEUE);
        let mut desk = Desk {
            connection,
            target: target.clone(),
            options: options.clone(),
            synchronous: options.sqlite_synchronous,
        };
        let thread = std::thread::Builder::new()
            .name("sqlite-writer".to_owned())
            .spawn(move || desk.run(changes))
            .map_err(|error| DbError::Internal(format!("the writer did not start: {error}")))?;
        Ok(Writer {
            queue: Some(queue),
            thread: Some(thread),
        })
    }

    /// Has a change carried out and committed. One that is not `lasting` may be forgotten at a power
    /// cut, though not when the process is killed.
    pub(crate) async fn change<T, F>(&self, lasting: bool, work: F) -> DbResult<T>
    where
        T: Send + 'static,
        F: FnMut(&mut AnyConnection) -> DbResult<T> + Send + 'static,
    {
        let gone = || DbError::Internal("the writer of the database has ended".into());
        let queue = self.queue.as_ref().ok_or_else(gone)?;
        let (reply, answer) = oneshot::channel();
        let change = Box::new(Typed {
            work,
            lasting,
            outcome: None,
            reply,
        });
        queue.send(change).await.map_err(|_| gone())?;
        answer.await.unwrap_or_else(|_| Err(gone()))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take()
            && thread.thread().id() != std::thread::current().id()
        {
            // It panicked or ended; there is nothing left to do either way.
            let _ = thread.join();
        }
    }
}

/// Where the thread works.
struct Desk {
    connection: AnyConnection,
    target: Target,
    options: ConnectOptions,
    /// What the connection waits for at a commit now.
    synchronous: SqliteSynchronous,
}

/// Why changes were not committed.
enum Setback {
    /// They could not even be begun: another process writes, or there is no connection.
    NotBegun(DbError),
    /// One of them, or the commit, undid all.
    Undone(DbError),
}

impl Desk {
    fn run(&mut self, mut changes: mpsc::Receiver<Box<dyn Change>>) {
        while let Some(first) = changes.blocking_recv() {
            let mut together = vec![first];
            while together.len() < TOGETHER
                && let Ok(next) = changes.try_recv()
            {
                together.push(next);
            }
            together.retain(|change| change.is_wanted());
            if !together.is_empty() {
                self.commit(together);
            }
        }
    }

    /// Carries changes out and commits them together; one by one when one of them spoils it.
    fn commit(&mut self, mut changes: Vec<Box<dyn Change>>) {
        let commit = match self.attempt(&mut changes) {
            Ok(()) => Ok(()),
            Err(Setback::Undone(_)) if changes.len() > 1 => {
                for change in changes {
                    self.commit(vec![change]);
                }
                return;
            }
            Err(Setback::NotBegun(_)) => self.attempt(&mut changes).map_err(|setback| {
                let (Setback::NotBegun(error) | Setback::Undone(error)) = setback;
                error.to_string()
            }),
            Err(Setback::Undone(error)) => Err(error.to_string()),
        };
        for change in changes {
            change.answer(commit.clone());
        }
    }

    fn attempt(&mut self, changes: &mut [Box<dyn Change>]) -> Result<(), Setback> {
        self.begin(changes).map_err(Setback::NotBegun)?;
        let connection = &mut self.connection;
        let kept = match changes {
            [only] => Ok(only.carry_out(connection)),
            several => several
                .iter_mut()
                .try_for_each(|change| {
                    connection.in_savepoint(|connection| change.carry_out(connection))
                })
                .map(|()| true),
        };
        match kept {
            Ok(true) => connection.commit().map_err(Setback::Undone),
            Ok(false) => {
                connection.roll_back();
                Ok(())
            }
            Err(error) => {
                connection.roll_back();
                Err(Setback::Undone(error))
            }
        }
    }

    fn begin(&mut self, changes: &[Box<dyn Change>]) -> DbResult<()> {
        if self.connection.is_broken() {
            self.connection = AnyConnection::open(&self.target, &self.options)?;
            self.synchronous = self.options.sqlite_synchronous;
        }
        let needed = if changes.iter().any(|change| change.must_last()) {
            self.options.sqlite_synchronous
        } else {
            SqliteSynchronous::Normal
        };
        if needed != self.synchronous {
            self.connection.set_sqlite_synchronous(needed)?;
            self.synchronous = needed;
        }
        self.connection.begin_writing()
    }
}
