//! What an answer shows of an allocation that is not in its row, and finding the one a request
//! names.

use std::collections::HashMap;

use schemas_model::ids::NodeId;
use schemas_model::{Allocation, Class, Fault, Uuid};
use schemas_rest::types::allocation::{AllocationResource, AllocationView};
use schemas_rest::{Selection, ident};

use crate::request::{Access, Answer, Call};

/// The UUIDs of the nodes of some allocations.
pub struct Beside(HashMap<NodeId, Uuid>);

impl Beside {
    /// Looks the nodes up, in one query.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn of<T>(
        access: &Access<'_, T>,
        allocations: &[Allocation],
    ) -> Result<Beside, Fault> {
        let nodes: Vec<NodeId> = allocations.iter().filter_map(|one| one.node_id).collect();
        Ok(Beside(if nodes.is_empty() {
            HashMap::new()
        } else {
            access.db().node_uuids(nodes).await?
        }))
    }

    /// An allocation with what was looked up.
    pub fn view<'a>(&'a self, allocation: &'a Allocation) -> AllocationView<'a> {
        let node = allocation.node_id.and_then(|id| self.0.get(&id));
        AllocationView {
            allocation,
            node_uuid: node.map(Uuid::as_str),
        }
    }
}

/// The answer with one allocation.
///
/// # Errors
/// When the database does not answer.
pub async fn answer<T>(
    access: &Access<'_, T>,
    allocation: &Allocation,
    selection: &Selection<AllocationResource>,
) -> Result<Answer, Fault> {
    let beside = Beside::of(access, std::slice::from_ref(allocation)).await?;
    Ok(access.one(selection, &beside.view(allocation)))
}

/// Finds the allocation of the path and asks the rule of the operation about it.
///
/// # Errors
/// 404 when there is none or the caller may not know of it, 403 when this may not be done.
pub async fn authorised(call: &Call) -> Result<Access<'_, Allocation>, Fault> {
    let name = call.path("allocation");
    let allocation = match find(call, name).await {
        Err(fault) if call.json_suffix && fault.is_a(Class::AllocationNotFound) => {
            find(call, &format!("{name}.json")).await
        }
        other => other,
    }?;
    let owner = allocation.owner.as_deref();
    call.authorise_owned("baremetal:allocation:get", owner)
        .map_err(|_| {
            Fault::new(
                Class::AllocationNotFound,
                format!("Allocation {name} could not be found."),
            )
        })?;
    let access = call.authorise_owned(call.operation.rule, owner)?;
    Ok(access.with(allocation))
}

async fn find(call: &Call, name: &str) -> Result<Allocation, Fault> {
    if !ident::is_uuid_or_name(name) {
        return Err(Fault::new(
            Class::InvalidUuidOrName,
            format!("Expected a logical name or UUID but received {name}."),
        ));
    }
    Ok(call.before_policy().allocation_by_ident(name).await?)
}
