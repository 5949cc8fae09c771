//! Consoles where their nodes are. Those that run here and should not are stopped: their node is
//! gone, serves elsewhere, or was changed behind this conductor's back. Those of nodes that came from
//! another conductor are started, so that a console is away no longer than its conductor.
//!
//! Ironic 39.0.0 takes over the consoles of active nodes only, and the others' when a conductor
//! starts; here a node needs not be deployed for it.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use futures::{StreamExt, stream};
use schemas_config::Config;
use schemas_db::{Children, NodeBrief, NodeFilter, Page};
use schemas_model::provision::State;
use schemas_model::{Class, Fault, Uuid};
use schemas_rpc::{NodeRef, RequestContext};

use super::{Done, PeriodicTask, seconds};
use crate::core::Core;
use crate::flow::console::{self, Occasion};
use crate::task::Patience;

/// Consoles that are started at once: some ask their BMC, and one that does not answer delays its
/// own console only.
const AT_ONCE: usize = 16;

/// Stops what should not run here. A console is stopped when it was found twice: while it is being
/// switched on, its node does not say so yet.
#[derive(Default)]
pub struct ForeignConsoles {
    suspected: Mutex<HashSet<Uuid>>,
}

impl ForeignConsoles {
    /// Remembers suspects; returns those of before.
    fn suspect(&self, nodes: HashSet<Uuid>) -> HashSet<Uuid> {
        let mut suspected = self
            .suspected
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut suspected, nodes)
    }
}

#[async_trait]
impl PeriodicTask for ForeignConsoles {
    fn name(&self) -> &'static str {
        "foreign-consoles"
    }

    fn interval(&self, config: &Config) -> Option<Duration> {
        seconds(config.conductor.sync_local_state_interval)
    }

    async fn run(&self, core: &Arc<Core>) -> Result<Done, Fault> {
        let consoles = core.registry.consoles();
        let running: HashMap<_, _> = consoles.running().into_iter().collect();
        let mut done = Done {
            examined: running.len(),
            acted: 0,
        };
        if running.is_empty() {
            self.suspect(HashSet::new());
            return Ok(done);
        }
        let own = enabled(core).await?;
        let own: HashSet<_> = own.into_iter().map(|brief| brief.uuid).collect();
        let foreign = running.keys().filter(|node| !own.contains(*node)).cloned();
        let foreign: HashSet<Uuid> = foreign.collect();
        let before = self.suspect(foreign.clone());
        for node in foreign.intersection(&before) {
            let interface = running.get(node).copied().unwrap_or_default();
            tracing::warn!(node.uuid = %node, interface, "a console of a node that is not served here is stopped");
            consoles.stop(node).await;
            done.acted += 1;
        }
        Ok(done)
    }
}

/// Starts the consoles of nodes that were not this conductor's when it looked last.
///
/// A node that it has had all along and whose console does not run is left alone: a tear-down stops
/// the console and leaves it enabled for the next deployment.
#[derive(Default)]
pub struct MissingConsoles {
    settled: Mutex<HashSet<Uuid>>,
}

impl MissingConsoles {
    fn settled(&self) -> std::sync::MutexGuard<'_, HashSet<Uuid>> {
        self.settled.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl PeriodicTask for MissingConsoles {
    fn name(&self) -> &'static str {
        "missing-consoles"
    }

    fn interval(&self, config: &Config) -> Option<Duration> {
        seconds(config.conductor.sync_local_state_interval)
    }

    async fn run(&self, core: &Arc<Core>) -> Result<Done, Fault> {
        let own = enabled(core).await?;
        let examined = own.len();
        let known: HashSet<Uuid> = own.iter().map(|node| node.uuid.clone()).collect();
        let conductor = core.id()?;
        let missing: Vec<NodeBrief> = {
            let mut settled = self.settled();
            settled.retain(|node| known.contains(node));
            own.into_iter()
                .filter(|node| !settled.contains(&node.uuid))
                // The take-over of active nodes restores theirs.
                .filter(|node| {
                    node.provision_state != State::Active
                        || node.maintenance
                        || node.conductor_affinity == Some(conductor)
                })
                .collect()
        };
        let started = stream::iter(missing)
            .map(|node| async move {
                let outcome = restore(core, &node, Occasion::TakeOver).await;
                (node.uuid, outcome)
            })
            .buffer_unordered(AT_ONCE);
        let mut started = std::pin::pin!(started);
        let mut acted = 0;
        while let Some((node, outcome)) = started.next().await {
            match outcome {
                Ok(there) => {
                    acted += usize::from(there);
                    self.settled().insert(node);
                }
                // Somebody works on it: at the next turn.
                Err(fault) if fault.is_a(Class::NodeLocked) => {}
                Err(fault) => {
                    tracing::warn!(node.uuid = %node, error = %fault, "a console is not taken over");
                }
            }
        }
        Ok(Done { examined, acted })
    }
}

/// Starts the consoles that were on when this conductor ended last. Those of nodes that are locked
/// are left to [`MissingConsoles`].
pub async fn start(core: &Arc<Core>) {
    let nodes = match enabled(core).await {
        Ok(nodes) => nodes,
        Err(fault) => {
            tracing::error!(error = %fault, "consoles are not started");
            return;
        }
    };
    let started = stream::iter(nodes).for_each_concurrent(AT_ONCE, |node| async move {
        if let Err(fault) = restore(core, &node, Occasion::Start).await {
            tracing::warn!(node.uuid = %node.uuid, error = %fault, "a console is not started");
        }
    });
    started.await;
}

/// The nodes of this conductor whose console is enabled.
async fn enabled(core: &Arc<Core>) -> Result<Vec<NodeBrief>, Fault> {
    let filter = NodeFilter {
        console_enabled: Some(true),
        children: Children::Included,
        ..NodeFilter::default()
    };
    core.own_nodes(&filter, &Page::all()).await
}

/// Starts a console that does not run here; whether there was something to do. One that cannot be
/// started is switched off, with the reason in the node.
async fn restore(core: &Arc<Core>, node: &NodeBrief, occasion: Occasion) -> Result<bool, Fault> {
    let consoles = core.registry.consoles();
    if consoles.port(&node.uuid).is_some() {
        return Ok(false);
    }
    let context = Arc::new(RequestContext::service());
    let reference = NodeRef::Id(node.id);
    let mut task = core
        .exclusive(&context, &reference, Patience::Usual)
        .await?;
    // Under the lock nobody else starts it.
    let missing = consoles.port(&node.uuid).is_none();
    let restored = async {
        if missing {
            console::restore(&mut task, occasion).await?;
            // The port may be another one.
            task.save().await?;
        }
        Ok(())
    };
    let restored = restored.await;
    task.finish(restored).await?;
    Ok(missing)
}
