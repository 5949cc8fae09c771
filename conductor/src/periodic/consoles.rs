//! Consoles that run here and should not: their node is gone, serves elsewhere, or was changed
//! behind this conductor's back.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use schemas_config::Config;
use schemas_db::{Children, NodeFilter, Page};
use schemas_model::{Fault, Uuid};

use super::{Done, PeriodicTask, seconds};
use crate::core::Core;

/// The task. One is stopped when it was found twice: while a console is being switched on, its node
/// does not say so yet.
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
        let filter = NodeFilter {
            console_enabled: Some(true),
            children: Children::Included,
            ..NodeFilter::default()
        };
        let own = core.own_nodes(&filter, &Page::all()).await?;
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
