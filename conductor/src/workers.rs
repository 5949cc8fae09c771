//! The bounded pool of workers: how many nodes are worked on at the same time.
//!
//! A place is taken before anything is changed, so a request that finds no free worker leaves no
//! trace but its error. Requests may use the reserved share; heartbeats and periodic tasks may not.

use std::future::Future;
use std::sync::Arc;

use schemas_config::Config;
use schemas_model::{Class, Fault};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::task::TaskTracker;

/// Who wants a worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// A request of an operator: may use the reserved share.
    Request,
    /// A heartbeat or a periodic task.
    Background,
}

/// The pool.
#[derive(Debug)]
pub struct Workers {
    open: Arc<Semaphore>,
    reserved: Arc<Semaphore>,
    running: TaskTracker,
}

/// A free worker, taken.
#[derive(Debug)]
pub struct Place(#[allow(dead_code, reason = "held for its Drop")] OwnedSemaphorePermit);

impl Workers {
    /// A pool of `[conductor]workers_pool_size` workers, of which a part is reserved.
    pub fn new(config: &Config) -> Self {
        let total = usize::try_from(config.conductor.workers_pool_size).unwrap_or(usize::MAX);
        let percent =
            usize::try_from(config.conductor.reserved_workers_pool_percentage).unwrap_or_default();
        let total = total.clamp(1, Semaphore::MAX_PERMITS / 100);
        let reserved = total * percent / 100;
        Workers {
            open: Arc::new(Semaphore::new(total - reserved)),
            reserved: Arc::new(Semaphore::new(reserved)),
            running: TaskTracker::new(),
        }
    }

    /// Takes a free worker.
    ///
    /// # Errors
    /// `NoFreeConductorWorker` (503).
    pub fn place(&self, lane: Lane) -> Result<Place, Fault> {
        let open = Arc::clone(&self.open).try_acquire_owned();
        let permit = match lane {
            Lane::Request => open.or_else(|_| Arc::clone(&self.reserved).try_acquire_owned()),
            Lane::Background => open,
        };
        permit.map(Place).map_err(|_| {
            Fault::new(
                Class::NoFreeConductorWorker,
                "Requested action cannot be performed due to lack of free conductor workers; \
                 try again later or raise [conductor]workers_pool_size.",
            )
        })
    }

    /// Lets the worker do its work, in a task of its own.
    pub fn run(&self, place: Place, work: impl Future<Output = ()> + Send + 'static) {
        self.running.spawn(async move {
            work.await;
            drop(place);
        });
    }

    /// How many work right now.
    pub fn busy(&self) -> usize {
        self.running.len()
    }

    /// Waits until all have ended. New work may still be given.
    pub async fn idle(&self) {
        self.running.close();
        self.running.wait().await;
        self.running.reopen();
    }
}
