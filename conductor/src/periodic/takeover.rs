//! Active nodes that another conductor served: this one takes them over.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use schemas_config::Config;
use schemas_db::{NodeFilter, Page};
use schemas_model::provision::State;
use schemas_model::{Class, Fault};
use schemas_rpc::{NodeRef, RequestContext};

use super::{Done, PeriodicTask, seconds, workers};
use crate::core::Core;
use crate::flow::Work;
use crate::flow::work::start;
use crate::task::Patience;
use crate::workers::Lane;

/// The task.
pub struct TakeOver;

#[async_trait]
impl PeriodicTask for TakeOver {
    fn name(&self) -> &'static str {
        "take-over"
    }

    fn interval(&self, config: &Config) -> Option<Duration> {
        seconds(config.conductor.sync_local_state_interval)
    }

    async fn run(&self, core: &Arc<Core>) -> Result<Done, Fault> {
        let id = core.id()?;
        let filter = NodeFilter {
            reserved: Some(false),
            maintenance: Some(false),
            provision_state: Some(State::Active),
            ..NodeFilter::default()
        };
        let mut nodes = core.own_nodes(&filter, &Page::all()).await?;
        nodes.retain(|node| node.conductor_affinity != Some(id));
        let mut done = Done {
            examined: nodes.len(),
            acted: 0,
        };
        let context = Arc::new(RequestContext::service());
        for node in nodes.into_iter().take(workers(core)) {
            let Ok(place) = core.workers.place(Lane::Background) else {
                break;
            };
            let reference = NodeRef::Id(node.id);
            match core.exclusive(&context, &reference, Patience::None).await {
                Ok(task) => {
                    let held = task.node();
                    let applies = !held.maintenance
                        && held.conductor_affinity != Some(id)
                        && held.provision_state == State::Active;
                    if applies {
                        start(place, task, Work::TakeOver);
                        done.acted += 1;
                    } else {
                        task.release().await;
                    }
                }
                Err(fault) if fault.is_a(Class::NodeLocked) || fault.is_a(Class::NodeNotFound) => {}
                Err(fault) => {
                    tracing::warn!(node.uuid = %node.uuid, error = %fault, "a node is not taken over");
                }
            }
        }
        Ok(done)
    }
}
