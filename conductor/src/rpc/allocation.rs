//! Allocations.

use std::sync::Arc;

use schemas_model::{Allocation, Fault, Uuid};
use schemas_rpc::methods::{CreateAllocation, DestroyAllocation};
use schemas_rpc::{NodeRef, RequestContext, Versioned};

use crate::allocation;
use crate::core::Core;
use crate::workers::Lane;

pub async fn create_allocation(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: CreateAllocation,
) -> Result<Box<Versioned<Allocation>>, Fault> {
    let mut wanted = request.allocation.object;
    let node = wanted.node_id.take();
    if wanted.uuid.as_str().is_empty() {
        wanted.uuid = Uuid::random();
    }
    wanted.conductor_affinity = Some(core.id()?);
    let created = core.database.allocation_insert(&wanted).await?;
    if let Some(node) = node {
        let active = allocation::backfill(core, context, created, node).await?;
        return Ok(Box::new(Versioned::from(active)));
    }
    let place = core.workers.place(Lane::Request)?;
    let (searcher, context, searched) = (Arc::clone(core), Arc::clone(context), created.clone());
    core.workers.run(place, async move {
        allocation::allocate(&searcher, &context, searched).await;
    });
    Ok(Box::new(Versioned::from(created)))
}

pub async fn destroy_allocation(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: DestroyAllocation,
) -> Result<(), Fault> {
    let allocation = request.allocation.object;
    let Some(node) = allocation.node_id else {
        return Ok(core.database.allocation_destroy(allocation.id).await?);
    };
    let hold = core.hold(context, &NodeRef::Id(node)).await?;
    let destroyed = match allocation::may_deallocate(hold.node(), &allocation) {
        Ok(()) => core
            .database
            .allocation_destroy(allocation.id)
            .await
            .map_err(Fault::from),
        Err(fault) => Err(fault),
    };
    hold.release().await;
    destroyed
}
