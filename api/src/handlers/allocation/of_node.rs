//! `/v1/nodes/{node}/allocation`

use schemas_db::{AllocationFilter, Page};
use schemas_model::{Allocation, Class, Fault, Node};
use schemas_rest::Selection;
use schemas_rest::shape::Scope;

use super::{beside, delete};
use crate::handlers::{Answered, mentioned};
use crate::request::{Access, Call};

/// The allocation of a node; the node not being there is 400.
pub async fn show(call: &Call) -> Answered {
    let node = call
        .authorise_seen_node(call.path("node"), mentioned)
        .await?;
    let allocation = find(call, &node).await?;
    let access = call.authorise_owned(call.operation.rule, allocation.owner.as_deref())?;
    let selection = match call.args.list("fields") {
        Some(names) => Selection::chosen(names, call.version, Scope::List)?,
        None => Selection::all(call.version),
    };
    beside::answer(&access, &allocation, &selection).await
}

/// Deletes the allocation of a node.
pub async fn remove(call: &Call) -> Answered {
    let rule = "baremetal:node:get";
    let node = call.authorise_node_for(rule, call.path("node")).await?;
    let allocation = find(call, &node).await?;
    let access = call.authorise_owned(call.operation.rule, allocation.owner.as_deref())?;
    delete::destroy(&access, allocation, Some(node.object.uuid.as_str())).await?;
    Ok(call.done())
}

async fn find(call: &Call, node: &Access<'_, Node>) -> Result<Allocation, Fault> {
    let filter = AllocationFilter {
        node_id: Some(node.object.id),
        ..AllocationFilter::default()
    };
    let mut found = node.db().allocation_list(&filter, &Page::all()).await?;
    if found.is_empty() {
        return Err(Fault::new(
            Class::AllocationNotFound,
            format!("Allocation for node {} was not found", call.path("node")),
        ));
    }
    Ok(found.swap_remove(0))
}
