//! Records of conductors that have been dead for long.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use schemas_config::Config;
use schemas_model::Fault;

use super::{Done, PeriodicTask, seconds};
use crate::core::Core;

/// The task.
pub struct StaleConductors;

#[async_trait]
impl PeriodicTask for StaleConductors {
    fn name(&self) -> &'static str {
        "stale conductors"
    }

    fn interval(&self, config: &Config) -> Option<Duration> {
        seconds(config.conductor.conductor_cleanup_interval)
    }

    async fn run(&self, core: &Arc<Core>) -> Result<Done, Fault> {
        let conductor = &core.config.conductor;
        let Some(heartbeat) = u64::try_from(conductor.heartbeat_timeout)
            .ok()
            .filter(|s| *s > 0)
        else {
            return Ok(Done::default());
        };
        let age = conductor.conductor_cleanup_timeout;
        if age < heartbeat.saturating_mul(3) {
            tracing::warn!(
                "[conductor]conductor_cleanup_timeout ({age}) is less than three times \
                 heartbeat_timeout ({heartbeat}): no conductor record is deleted"
            );
            return Ok(Done::default());
        }
        let most = u32::try_from(conductor.conductor_cleanup_batch_size).unwrap_or(u32::MAX);
        let deleted = core
            .database
            .conductor_purge_stale(Duration::from_secs(age), most)
            .await?;
        if !deleted.is_empty() {
            tracing::info!(conductors = ?deleted, "records of dead conductors were deleted");
        }
        Ok(Done {
            examined: deleted.len(),
            acted: deleted.len(),
        })
    }
}
