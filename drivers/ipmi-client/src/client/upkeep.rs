//! Keeping sessions alive while they are used, and closing them when they are not.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::StreamExt;
use futures::stream;
use tokio::time::{MissedTickBehavior, interval};

use super::Shared;
use super::conversation::Link;
use super::pool::Slot;
use super::target::Key;
use crate::command::Command;
use crate::command::device_id::GetDeviceId;

/// BMCs talked to at once.
const AT_ONCE: usize = 64;
/// Longest talk with one BMC: upkeep must not delay an operation by more.
const PATIENCE: Duration = Duration::from_secs(3);
/// Longest time for closing every session at shutdown.
const SHUTDOWN: Duration = Duration::from_secs(1);

/// Starts the upkeep task with the first operation.
pub(super) fn ensure_running(shared: &Arc<Shared>) {
    if shared.upkeep.set(()).is_ok() {
        // The task must not keep the client alive, so it holds it only while it works.
        let weak = Arc::downgrade(shared);
        let stop = shared.stop.clone();
        let period = shared.config.upkeep;
        shared.tasks.spawn(async move {
            let mut ticks = interval(period);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                tokio::select! {
                    () = stop.cancelled() => return,
                    _ = ticks.tick() => {}
                }
                let Some(shared) = weak.upgrade() else { return };
                round(&shared).await;
            }
        });
    }
}

/// Looks at every unused session once.
async fn round(shared: &Shared) {
    let unused = shared.pool.unused();
    stream::iter(unused)
        .for_each_concurrent(AT_ONCE, |(key, slot)| tend(shared, key, slot))
        .await;
}

async fn tend(shared: &Shared, key: Key, slot: Arc<Slot>) {
    let Ok(mut conversation) = slot.conversation.try_lock() else {
        return;
    };
    let now = Instant::now();
    let link = link(shared, PATIENCE);
    let last = conversation
        .last_operation
        .unwrap_or(conversation.last_traffic);
    if now.saturating_duration_since(last) >= shared.config.idle {
        if shared.pool.remove_unused(key).is_some() {
            conversation.close(&link).await;
        }
        return;
    }
    let quiet = now.saturating_duration_since(conversation.last_traffic);
    if conversation.session.is_open() && quiet >= shared.config.keepalive {
        // A failure closes the session; the next operation opens another.
        if let Err(failure) = conversation.keepalive(&GetDeviceId.request(), &link).await {
            tracing::debug!(%failure, "a kept session is gone");
        }
    }
}

/// Closes the session of a slot that left the pool.
pub(super) fn close_later(shared: &Arc<Shared>, slot: Arc<Slot>) {
    let weak = Arc::downgrade(shared);
    shared.tasks.spawn(async move {
        if let Some(shared) = weak.upgrade() {
            let mut conversation = slot.conversation.lock().await;
            conversation.close(&link(&shared, PATIENCE)).await;
        }
    });
}

/// Closes every session.
pub(super) async fn close_all(shared: &Shared) {
    let link = link(shared, SHUTDOWN);
    stream::iter(shared.pool.drain())
        .for_each_concurrent(AT_ONCE, |slot| {
            let link = &link;
            async move {
                // Who still uses it notices the cancellation.
                if let Ok(mut conversation) = slot.conversation.try_lock() {
                    conversation.close(link).await;
                }
            }
        })
        .await;
}

fn link(shared: &Shared, patience: Duration) -> Link<'_> {
    Link {
        endpoints: &shared.endpoints,
        logins: &shared.logins,
        stop: &shared.stop,
        deadline: Instant::now() + patience,
    }
}
