//! What signals mean, as to Ironic's services: SIGTERM and SIGINT stop, SIGUSR2 drains a conductor
//! (it takes nothing new and waits longer for its nodes), SIGHUP reads the configuration again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use schemas_config::Config;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::logging;

/// What was asked by signals so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked {
    drain: Arc<AtomicBool>,
}

impl Asked {
    /// Whether the conductor is to wait for its nodes as long as `[DEFAULT]drain_shutdown_timeout` says.
    pub(crate) fn to_drain(&self) -> bool {
        self.drain.load(Ordering::Relaxed)
    }
}

/// Waits for a signal that ends the process, or for its end; `drains`: whether SIGUSR2 does.
pub(crate) async fn listen(
    stop: CancellationToken,
    asked: Asked,
    config: Arc<Config>,
    drains: bool,
) {
    let caught = |kind| signal(kind).ok();
    let (Some(mut term), Some(mut interrupt), Some(mut hangup), Some(mut user)) = (
        caught(SignalKind::terminate()),
        caught(SignalKind::interrupt()),
        caught(SignalKind::hangup()),
        caught(SignalKind::user_defined2()),
    ) else {
        tracing::error!("signals cannot be caught; only kill -9 will end this process");
        return;
    };
    loop {
        tokio::select! {
            () = received(&mut term) => tracing::info!("stopping on SIGTERM"),
            () = received(&mut interrupt) => tracing::info!("stopping on SIGINT"),
            () = received(&mut user) => {
                if !drains {
                    tracing::info!("SIGUSR2 is for conductors; nothing is done");
                    continue;
                }
                tracing::info!("draining on SIGUSR2: nothing new is taken, and nodes are waited for");
                asked.drain.store(true, Ordering::Relaxed);
            }
            () = received(&mut hangup) => {
                reload(&config).await;
                continue;
            }
            () = stop.cancelled() => {}
        }
        stop.cancel();
        return;
    }
}

async fn received(signal: &mut Signal) {
    if signal.recv().await.is_none() {
        std::future::pending::<()>().await;
    }
}

/// Reads the configuration again, for everybody who holds it: mutable options change at once, of
/// others it is said that they take a restart.
async fn reload(running: &Arc<Config>) {
    let before = Arc::clone(running);
    let read = tokio::task::spawn_blocking(move || before.reload_mutable()).await;
    let reload = match read {
        Ok(Ok(reload)) => reload,
        Ok(Err(why)) => {
            tracing::error!("the configuration stays as it was: {why}");
            return;
        }
        Err(why) => {
            tracing::error!("the configuration stays as it was: {why}");
            return;
        }
    };
    for warning in &reload.warnings {
        tracing::warn!("{warning}");
    }
    if reload.changes.is_empty() {
        tracing::info!("the configuration was read again on SIGHUP; nothing changed");
        return;
    }
    if let Err(why) = running.replace(reload.config) {
        tracing::error!("the configuration stays as it was: {why}");
        return;
    }
    logging::change(running);
    for change in &reload.changes {
        tracing::info!("[{}]{} changed", change.section, change.option);
    }
    tracing::info!(
        changes = reload.changes.len(),
        "the configuration was read again on SIGHUP"
    );
}
