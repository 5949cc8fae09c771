//! Finding a node for an allocation.
//!
//! Behaviour: Ironic 39.0.0, `conductor.allocations`.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use rand::seq::SliceRandom;
use schemas_db::{DbError, NodeFilter, Page};
use schemas_model::provision::State;
use schemas_model::{Allocation, AllocationState, Class, Fault, Node, NodeId, Uuid};
use schemas_rpc::{NodeRef, RequestContext};

use crate::core::Core;

fn failed(allocation: &Allocation, why: impl std::fmt::Display) -> Fault {
    Fault::new(
        Class::AllocationFailed,
        format!("Failed to process allocation {}: {why}.", allocation.uuid),
    )
}

/// Looks for a node and takes it; a failure is written into the allocation.
pub async fn allocate(core: &Arc<Core>, context: &Arc<RequestContext>, allocation: Allocation) {
    let found = async {
        let candidates = candidates(core, &allocation).await?;
        take_one(core, context, &allocation, candidates).await
    };
    if let Err(fault) = found.await {
        tracing::error!(allocation.uuid = %allocation.uuid, error = %fault, "allocation failed");
        note_failure(core, &allocation, &fault).await;
    }
}

async fn note_failure(core: &Core, allocation: &Allocation, fault: &Fault) {
    let mut after = allocation.clone();
    after.node_id = None;
    after.state = AllocationState::Error;
    after.last_error = Some(fault.message.clone().into_owned());
    match core.database.allocation_save(allocation, &mut after).await {
        Ok(()) | Err(DbError::NotFound { .. }) => {}
        Err(error) => {
            tracing::error!(allocation.uuid = %allocation.uuid, %error, "a failed allocation is not saved");
        }
    }
}

fn has_traits(node: &Node, allocation: &Allocation) -> bool {
    allocation
        .traits
        .iter()
        .all(|wanted| node.traits.contains(wanted))
}

async fn candidates(core: &Core, allocation: &Allocation) -> Result<Vec<Node>, Fault> {
    let named = !allocation.candidate_nodes.is_empty();
    let filter = NodeFilter {
        resource_class: allocation.resource_class.clone(),
        provision_state: Some(State::Available),
        associated: Some(false),
        with_power_state: Some(true),
        maintenance: Some(false),
        uuid_in: named.then(|| {
            let uuids = allocation.candidate_nodes.iter();
            uuids.map(|uuid| Uuid::from_stored(uuid.clone())).collect()
        }),
        project: allocation.owner.clone(),
        ..NodeFilter::default()
    };
    let class = allocation.resource_class.as_deref().unwrap_or("None");
    let mut nodes = core.database.node_list(&filter, &Page::all()).await?;
    if nodes.is_empty() {
        return Err(failed(
            allocation,
            if named {
                format!(
                    "none of the requested nodes are available and match the resource class {class}"
                )
            } else {
                format!("no available nodes match the resource class {class}")
            },
        ));
    }
    nodes.retain(|node| has_traits(node, allocation));
    if nodes.is_empty() {
        let traits: BTreeSet<_> = allocation.traits.iter().map(String::as_str).collect();
        let traits: Vec<_> = traits.into_iter().collect();
        let why = format!(
            "no suitable nodes have the requested traits {}",
            traits.join(", ")
        );
        return Err(failed(allocation, why));
    }
    nodes.shuffle(&mut rand::rng());
    // A node of the same name is what was most likely meant.
    if let Some(name) = &allocation.name
        && let Some(same) = nodes
            .iter()
            .position(|node| node.name.as_ref() == Some(name))
    {
        let node = nodes.remove(same);
        nodes.insert(0, node);
    }
    Ok(nodes)
}

fn still_fits(node: &Node, allocation: &Allocation) -> bool {
    !node.maintenance
        && node.instance_uuid.is_none()
        && node.provision_state == State::Available
        && node.resource_class == allocation.resource_class
        && has_traits(node, allocation)
}

async fn take_one(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    allocation: &Allocation,
    mut nodes: Vec<Node>,
) -> Result<Allocation, Fault> {
    let conductor = &core.config.conductor;
    let attempts = conductor.node_locked_retry_attempts.max(1);
    let pause = u64::try_from(conductor.node_locked_retry_interval).unwrap_or_default();
    for attempt in 1..=attempts {
        let mut locked = Vec::new();
        for node in nodes {
            let hold = match core.try_hold(context, &node.uuid).await {
                Ok(hold) => hold,
                Err(fault) if fault.is_a(Class::NodeLocked) => {
                    locked.push(node);
                    continue;
                }
                Err(fault) if fault.is_a(Class::NodeNotFound) => continue,
                Err(fault) => return Err(fault),
            };
            let taken = if still_fits(hold.node(), allocation) {
                associate(core, allocation, node.id).await.map(Some)
            } else {
                Ok(None)
            };
            hold.release().await;
            match taken {
                Ok(Some(active)) => return Ok(active),
                Ok(None) => {}
                Err(fault) if fault.is_a(Class::NodeAssociated) => {}
                Err(fault) => return Err(fault),
            }
        }
        nodes = locked;
        if nodes.is_empty() {
            return Err(failed(
                allocation,
                "all nodes were filtered out during reservation",
            ));
        }
        if attempt < attempts {
            tokio::time::sleep(Duration::from_secs(pause)).await;
        }
    }
    Err(failed(
        allocation,
        format!("could not reserve any of {} suitable nodes", nodes.len()),
    ))
}

async fn associate(
    core: &Core,
    allocation: &Allocation,
    node: NodeId,
) -> Result<Allocation, Fault> {
    let mut active = allocation.clone();
    active.node_id = Some(node);
    active.state = AllocationState::Active;
    core.database
        .allocation_associate(allocation, &mut active)
        .await?;
    tracing::info!(allocation.uuid = %allocation.uuid, "a node was allocated");
    Ok(active)
}

/// Makes an allocation for a node that is deployed already.
///
/// # Errors
/// `AllocationFailed`, `InstanceAssociated`, `NodeAssociated`, `NodeNotFound`; the allocation is in
/// `error` then.
pub async fn backfill(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    allocation: Allocation,
    node: NodeId,
) -> Result<Allocation, Fault> {
    let filled = async {
        let hold = core.hold(context, &NodeRef::Id(node)).await?;
        let result = match check_backfill(hold.node(), &allocation) {
            Ok(()) => associate(core, &allocation, node).await,
            Err(fault) => Err(fault),
        };
        hold.release().await;
        result
    };
    match filled.await {
        Ok(active) => Ok(active),
        Err(fault) => {
            note_failure(core, &allocation, &fault).await;
            Err(fault)
        }
    }
}

fn check_backfill(node: &Node, allocation: &Allocation) -> Result<(), Fault> {
    let mut reasons = Vec::new();
    if node.provision_state != State::Active {
        reasons.push(format!(
            "Node must be in the \"active\" state, but the current state is \"{}\"",
            node.provision_state
        ));
    }
    if allocation.resource_class.is_some() && node.resource_class != allocation.resource_class {
        reasons.push(format!(
            "Resource class {} does not match the requested resource class {}",
            node.resource_class.as_deref().unwrap_or("None"),
            allocation.resource_class.as_deref().unwrap_or("None")
        ));
    }
    if !has_traits(node, allocation) {
        reasons.push(format!(
            "List of traits {} does not match the requested traits {}",
            node.traits.join(", "),
            allocation.traits.join(", ")
        ));
    }
    let named = &allocation.candidate_nodes;
    if !named.is_empty() && !named.iter().any(|uuid| uuid == node.uuid.as_str()) {
        reasons.push(format!(
            "Candidate nodes must be empty or contain the target node, but got {}",
            named.join(", ")
        ));
    }
    if reasons.is_empty() {
        return Ok(());
    }
    let why = format!(
        "Cannot backfill an allocation for node {}: {}",
        node.uuid,
        reasons.join("; ")
    );
    Err(failed(allocation, why))
}

/// Whether an allocation may be taken from its node.
///
/// # Errors
/// `InvalidState`.
pub fn may_deallocate(node: &Node, allocation: &Allocation) -> Result<(), Fault> {
    if node.maintenance {
        return Ok(());
    }
    let refuse = |why: String| {
        Err(Fault::new(
            Class::InvalidState,
            format!(
                "Cannot remove allocation {} for node {}, because {why} (and maintenance mode is off)",
                allocation.uuid, node.uuid
            ),
        ))
    };
    if node.target_provision_state.is_some() && !node.provision_state.update_allowed() {
        return refuse(format!(
            "the node is in state {} where updates are not allowed",
            node.provision_state
        ));
    }
    if node.provision_state == State::Active {
        return refuse("the node is active".to_owned());
    }
    Ok(())
}
