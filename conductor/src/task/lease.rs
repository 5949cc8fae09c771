//! The lock of a node: `reservation` in the database, and a place in line in this process.
//!
//! Tasks of one process wait for each other in order, without asking the database; the database
//! decides between processes. A lease that is dropped (by a panic, a cancelled request) is given back
//! by a tracked queue, and the next in line gets its turn only after that.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use schemas_config::Config;
use schemas_db::{Database, DbError};
use schemas_model::{Fault, Node, NodeId, Uuid};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How often giving back is tried while the database refuses.
const RELEASE_PAUSE: Duration = Duration::from_millis(200);

/// How long to wait for somebody else's lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// Not at all.
    None,
    /// As configured (`[conductor]node_locked_retry_*`).
    Usual,
    /// Until it is free; for the continuation of work that was begun.
    Endless,
}

/// Who holds which node.
pub struct Leases {
    database: Database,
    host: Arc<str>,
    attempts: u32,
    interval: Duration,
    lines: Mutex<HashMap<Uuid, Arc<Semaphore>>>,
    dropped: mpsc::UnboundedSender<Leased>,
}

/// What there is to give back.
struct Leased {
    node: NodeId,
    uuid: Uuid,
    _turn: OwnedSemaphorePermit,
}

/// A node's lock, held. Give it back with [`Lease::release`]; dropping it does the same a little later.
pub struct Lease {
    leased: Option<Leased>,
    lost: AtomicBool,
    leases: Arc<Leases>,
}

impl Leases {
    /// Starts giving back dropped leases in `tracker`, until `stop` and the queue is empty.
    pub fn start(
        database: Database,
        host: Arc<str>,
        config: &Config,
        tracker: &TaskTracker,
        stop: CancellationToken,
    ) -> Arc<Self> {
        // Unbounded in type only: there is at most one entry for each lease that was held.
        let (dropped, queue) = mpsc::unbounded_channel();
        let conductor = &config.conductor;
        let leases = Arc::new(Leases {
            database,
            host,
            attempts: u32::try_from(conductor.node_locked_retry_attempts)
                .unwrap_or(1)
                .max(1),
            interval: Duration::from_secs(
                u64::try_from(conductor.node_locked_retry_interval).unwrap_or_default(),
            ),
            lines: Mutex::default(),
            dropped,
        });
        tracker.spawn(give_back_dropped(Arc::clone(&leases), queue, stop));
        leases
    }

    /// The host name leases are taken for.
    pub fn host(&self) -> &Arc<str> {
        &self.host
    }

    /// How many nodes are held or waited for.
    pub fn held(&self) -> usize {
        self.lines().len()
    }

    /// Takes a node's lock and reads the node as it is then.
    ///
    /// # Errors
    /// `NodeLocked` when it does not become free in time, `NodeNotFound`.
    pub async fn acquire(
        self: &Arc<Self>,
        uuid: &Uuid,
        patience: Patience,
    ) -> Result<(Node, Lease), Fault> {
        let deadline = match patience {
            Patience::None => Some(Instant::now()),
            Patience::Usual => Some(Instant::now() + self.interval * (self.attempts - 1)),
            Patience::Endless => None,
        };
        let turn = self.turn(uuid, deadline).await?;
        loop {
            match self.database.node_reserve(uuid, &self.host).await {
                Ok(node) => {
                    let lease = Lease {
                        leased: Some(Leased {
                            node: node.id,
                            uuid: uuid.clone(),
                            _turn: turn,
                        }),
                        lost: AtomicBool::new(false),
                        leases: Arc::clone(self),
                    };
                    return Ok((node, lease));
                }
                Err(locked @ DbError::Locked { .. }) => {
                    let pause = Instant::now() + self.interval;
                    if deadline.is_some_and(|deadline| pause > deadline) {
                        drop(turn);
                        self.forget(uuid);
                        return Err(locked.into());
                    }
                    tokio::time::sleep_until(pause).await;
                }
                Err(other) => {
                    drop(turn);
                    self.forget(uuid);
                    return Err(other.into());
                }
            }
        }
    }

    /// Waits for the turn among the tasks of this process.
    async fn turn(
        &self,
        uuid: &Uuid,
        deadline: Option<Instant>,
    ) -> Result<OwnedSemaphorePermit, Fault> {
        let line = Arc::clone(
            self.lines()
                .entry(uuid.clone())
                .or_insert_with(|| Arc::new(Semaphore::new(1))),
        );
        let locked = || {
            Fault::from(DbError::Locked {
                node: uuid.to_string(),
                host: self.host.to_string(),
            })
        };
        let turn = match deadline {
            None => line.acquire_owned().await.ok(),
            Some(deadline) if deadline <= Instant::now() => line.try_acquire_owned().ok(),
            Some(deadline) => tokio::time::timeout_at(deadline, line.acquire_owned())
                .await
                .ok()
                .and_then(Result::ok),
        };
        turn.ok_or_else(locked)
    }

    /// Forgets a line nobody stands in.
    fn forget(&self, uuid: &Uuid) {
        let mut lines = self.lines();
        if lines
            .get(uuid)
            .is_some_and(|line| Arc::strong_count(line) == 1)
        {
            lines.remove(uuid);
        }
    }

    fn lines(&self) -> std::sync::MutexGuard<'_, HashMap<Uuid, Arc<Semaphore>>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives a lock back, however often it takes.
    async fn give_back(&self, leased: Leased) {
        loop {
            match self.database.node_release(leased.node, &self.host).await {
                Ok(()) | Err(DbError::NotFound { .. }) => break,
                Err(DbError::NotLocked { .. } | DbError::Locked { .. }) => {
                    tracing::warn!(node.uuid = %leased.uuid, "the node's lock had been taken away");
                    break;
                }
                Err(error) => {
                    tracing::warn!(node.uuid = %leased.uuid, %error, "cannot release the node yet");
                    tokio::time::sleep(RELEASE_PAUSE).await;
                }
            }
        }
        let uuid = leased.uuid.clone();
        drop(leased);
        self.forget(&uuid);
    }
}

async fn give_back_dropped(
    leases: Arc<Leases>,
    mut queue: mpsc::UnboundedReceiver<Leased>,
    stop: CancellationToken,
) {
    loop {
        tokio::select! {
            leased = queue.recv() => match leased {
                Some(leased) => leases.give_back(leased).await,
                None => break,
            },
            () = stop.cancelled() => {
                while let Ok(leased) = queue.try_recv() {
                    leases.give_back(leased).await;
                }
                break;
            }
        }
    }
}

impl Lease {
    /// The host name the node is reserved for.
    pub fn host(&self) -> &str {
        &self.leases.host
    }

    /// Whether the lock was found to be taken away.
    pub fn is_lost(&self) -> bool {
        self.lost.load(Ordering::SeqCst)
    }

    /// Notes that the lock was taken away: nothing may be written any more.
    pub fn lose(&self) {
        self.lost.store(true, Ordering::SeqCst);
    }

    /// Gives the lock back and waits until that is done.
    pub async fn release(mut self) {
        if let Some(leased) = self.leased.take() {
            let leases = Arc::clone(&self.leases);
            leases.give_back(leased).await;
        }
    }

    /// The lock is no more in the database: it was given back with a change of the node, or the node
    /// is gone.
    pub fn is_given_back(mut self) {
        if let Some(leased) = self.leased.take() {
            let uuid = leased.uuid.clone();
            drop(leased);
            self.leases.forget(&uuid);
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(leased) = self.leased.take() {
            // After the end of the queue, the next start releases every lock of this host.
            let _ = self.leases.dropped.send(leased);
        }
    }
}
