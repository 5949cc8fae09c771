//! Nodes a dead conductor left locked: unlocked, and failed when it was in the middle of something.
//!
//! Ironic fails only deployments and cleanings here and leaves everything else unlocked until some
//! conductor restarts; all working states are failed by this one, with the same messages.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use schemas_config::Config;
use schemas_db::{Children, DbError, NodeFilter, Page};
use schemas_model::Fault;
use schemas_model::provision::{OnRestart, State};
use schemas_rpc::{NodeRef, RequestContext};

use super::{Done, PeriodicTask, seconds};
use crate::core::Core;
use crate::membership;

/// The task.
pub struct OrphanedNodes;

#[async_trait]
impl PeriodicTask for OrphanedNodes {
    fn name(&self) -> &'static str {
        "orphaned nodes"
    }

    fn interval(&self, config: &Config) -> Option<Duration> {
        seconds(config.conductor.check_provision_state_interval)
    }

    async fn run(&self, core: &Arc<Core>) -> Result<Done, Fault> {
        let dead: Vec<String> = core
            .database
            .conductor_list_offline(core.rings.presence())
            .await?
            .into_iter()
            .map(|conductor| conductor.hostname)
            .filter(|host| **host != *core.host)
            .collect();
        if dead.is_empty() {
            return Ok(Done::default());
        }
        let filter = NodeFilter {
            reserved_by_any_of: Some(dead),
            children: Children::Included,
            ..NodeFilter::default()
        };
        let nodes = core.own_nodes(&filter, &Page::all()).await?;
        let mut done = Done {
            examined: nodes.len(),
            acted: 0,
        };
        let context = Arc::new(RequestContext::service());
        for node in nodes {
            let Some(host) = &node.reservation else {
                continue;
            };
            match core.database.node_release(node.id, host).await {
                Ok(()) => {}
                Err(DbError::NotLocked { .. }) => {}
                Err(error) => {
                    tracing::warn!(node.uuid = %node.uuid, %error, "a node of a dead conductor is not unlocked");
                    continue;
                }
            }
            tracing::warn!(node.uuid = %node.uuid, host, "a node of a dead conductor was unlocked");
            done.acted += 1;
            if node.maintenance {
                continue;
            }
            let reference = NodeRef::Id(node.id);
            let cleaned = async {
                membership::forget_power_change(core, &context, &reference).await?;
                let working: Vec<State> = State::ALL
                    .iter()
                    .copied()
                    .filter(|state| state.on_restart() == OnRestart::Fail)
                    .collect();
                membership::fail_taken_over(core, &context, &reference, &working).await
            };
            if let Err(fault) = cleaned.await {
                tracing::warn!(node.uuid = %node.uuid, error = %fault, "a node of a dead conductor is not failed yet");
            }
        }
        Ok(done)
    }
}
