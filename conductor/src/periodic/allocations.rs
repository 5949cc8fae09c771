//! Allocations a dead conductor did not finish.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use schemas_config::Config;
use schemas_db::{AllocationFilter, Page};
use schemas_model::ids::ConductorId;
use schemas_model::{AllocationState, Fault};
use schemas_rpc::RequestContext;

use super::{Done, PeriodicTask, seconds};
use crate::allocation;
use crate::core::Core;

/// The task.
pub struct OrphanedAllocations;

#[async_trait]
impl PeriodicTask for OrphanedAllocations {
    fn name(&self) -> &'static str {
        "orphaned allocations"
    }

    fn interval(&self, config: &Config) -> Option<Duration> {
        seconds(config.conductor.check_allocations_interval)
    }

    async fn run(&self, core: &Arc<Core>) -> Result<Done, Fault> {
        let own = core.id()?;
        let mut done = Done::default();
        for dead in core
            .database
            .conductor_list_offline(core.rings.presence())
            .await?
        {
            if dead.id == own {
                continue;
            }
            for orphan in unfinished(core, dead.id).await? {
                done.examined += 1;
                let taken = core
                    .database
                    .allocation_take_over(orphan.id, Some(dead.id), own)
                    .await;
                if matches!(taken, Ok(true)) {
                    let context = Arc::new(RequestContext::service());
                    allocation::allocate(core, &context, orphan).await;
                    done.acted += 1;
                }
            }
        }
        Ok(done)
    }
}

/// The allocations a conductor is looking for a node for.
///
/// # Errors
/// Those of the database.
pub async fn unfinished(
    core: &Core,
    conductor: ConductorId,
) -> Result<Vec<schemas_model::Allocation>, Fault> {
    let filter = AllocationFilter {
        state: Some(AllocationState::Allocating),
        conductor_affinity: Some(conductor),
        ..AllocationFilter::default()
    };
    Ok(core.database.allocation_list(&filter, &Page::all()).await?)
}

/// Goes on with what an earlier life of this conductor began.
pub async fn resume(core: &Arc<Core>) {
    let found = match core.id() {
        Ok(own) => unfinished(core, own).await,
        Err(fault) => Err(fault),
    };
    match found {
        Ok(allocations) => {
            let context = Arc::new(RequestContext::service());
            for unfinished in allocations {
                allocation::allocate(core, &context, unfinished).await;
            }
        }
        Err(fault) => tracing::error!(error = %fault, "unfinished allocations are not resumed"),
    }
}
