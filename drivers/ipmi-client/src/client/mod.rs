//! Sockets, kept sessions and deadlines: one client serves every BMC of a process.
//!
//! ```text
//! operation ──► pool ──► slot (one per BMC and credentials) ──► conversation ──► endpoint (UDP)
//!                          ▲ lock: one operation at a time
//! upkeep ──────────────────┘ keeps sessions alive, closes idle ones
//! ```
//!
//! Invariants
//! * two sockets at most, one per address family, whatever the number of BMCs;
//! * no task per BMC: the caller's future drives the session, upkeep is one task;
//! * a session is used by one operation at a time, and operations on one BMC are spaced by the
//!   caller's minimum interval;
//! * credentials that a BMC refused rest for a growing pause, whatever asks for a session;
//! * dropping a future at any await leaves the session usable.

mod conversation;
mod endpoint;
mod login;
mod operation;
mod ping;
mod pool;
mod serial;
mod target;
mod upkeep;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use login::LoginPause;
pub use operation::Operation;
pub use serial::{SerialInput, SerialLine, SerialOutput};
pub use target::{Limits, Target};

use crate::session::retry::Retry;
use endpoint::Endpoints;
use login::Logins;
use pool::Pool;

/// How the client treats BMCs in general.
#[derive(Debug, Clone, Copy)]
pub struct ClientConfig {
    /// Repetition of unanswered datagrams.
    pub retry: Retry,
    /// Repetition of a command whose session may have been lost: a BMC that restarted forgets its
    /// sessions silently, so this is impatient, and then a new session is opened. A BMC that has
    /// been slow gets twice the time it took.
    pub retry_kept: Retry,
    /// A kept session with no traffic for this long gets a Get Device ID. BMCs drop sessions after
    /// 60 s of silence (IPMI 2.0 §6.12.15).
    pub keepalive: Duration,
    /// A session without an operation for this long is closed.
    pub idle: Duration,
    /// Most BMCs with a session at once; beyond it the session that was idle longest is closed,
    /// and if none is idle the operation fails.
    pub sessions: usize,
    /// How often upkeep looks at kept sessions.
    pub upkeep: Duration,
    /// Most operations waiting for one BMC; beyond it they fail at once.
    pub waiting: usize,
    /// How long refused credentials rest.
    pub login_pause: LoginPause,
}

impl Default for ClientConfig {
    fn default() -> Self {
        ClientConfig {
            retry: Retry::default(),
            retry_kept: Retry {
                sends: 2,
                ..Retry::default()
            },
            keepalive: Duration::from_secs(45),
            idle: Duration::from_secs(180),
            sessions: 20_000,
            upkeep: Duration::from_secs(5),
            waiting: 32,
            login_pause: LoginPause::default(),
        }
    }
}

/// An IPMI client. Clones share everything.
#[derive(Debug, Clone)]
pub struct Client {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    config: ClientConfig,
    endpoints: Arc<Endpoints>,
    pool: Pool,
    logins: Logins,
    stop: CancellationToken,
    tasks: TaskTracker,
    /// Set once the upkeep task runs.
    upkeep: OnceLock<()>,
}

impl Drop for Shared {
    /// Ends the tasks of a client that nobody shut down.
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Client {
    /// A client without sockets or tasks; both are made with the first operation.
    pub fn new(config: ClientConfig) -> Self {
        let stop = CancellationToken::new();
        let tasks = TaskTracker::new();
        Client {
            shared: Arc::new(Shared {
                config,
                endpoints: Arc::new(Endpoints::new(stop.clone(), tasks.clone())),
                pool: Pool::new(config),
                logins: Logins::new(config.login_pause),
                stop,
                tasks,
                upkeep: OnceLock::new(),
            }),
        }
    }

    /// Number of BMCs with a session or waiting for one.
    pub fn kept(&self) -> usize {
        self.shared.pool.len()
    }

    /// Closes every session, as far as the BMCs answer within a second, and joins all tasks.
    pub async fn shutdown(&self) {
        upkeep::close_all(&self.shared).await;
        self.shared.stop.cancel();
        self.shared.tasks.close();
        self.shared.tasks.wait().await;
    }
}
