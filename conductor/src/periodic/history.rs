//! Old entries of node histories.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use schemas_config::Config;
use schemas_model::Fault;

use super::{Done, PeriodicTask, seconds};
use crate::core::Core;

/// The task.
pub struct HistoryPurge;

#[async_trait]
impl PeriodicTask for HistoryPurge {
    fn name(&self) -> &'static str {
        "node history purge"
    }

    fn interval(&self, config: &Config) -> Option<Duration> {
        let conductor = &config.conductor;
        if conductor.node_history_cleanup_batch_count == 0
            || conductor.node_history_max_entries == 0
        {
            return None;
        }
        seconds(conductor.node_history_cleanup_interval)
    }

    async fn run(&self, core: &Arc<Core>) -> Result<Done, Fault> {
        let conductor = &core.config.conductor;
        let count = |value: u64| usize::try_from(value).unwrap_or(usize::MAX);
        let min_age =
            Duration::from_secs(conductor.node_history_minimum_days.saturating_mul(86_400));
        let deleted = core
            .database
            .node_history_purge(
                core.id()?,
                count(conductor.node_history_max_entries),
                min_age,
                count(conductor.node_history_cleanup_batch_count),
            )
            .await?;
        Ok(Done {
            examined: deleted,
            acted: deleted,
        })
    }
}
