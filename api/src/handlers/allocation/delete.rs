//! `DELETE /v1/allocations/{allocation}`

use schemas_model::{Allocation, Fault};
use schemas_rpc::Versioned;
use schemas_rpc::methods::DestroyAllocation;

use super::beside::{self, Beside};
use crate::handlers::Answered;
use crate::notify::Action;
use crate::request::{Access, Call};

/// Deletes an allocation.
pub async fn delete(call: &Call) -> Answered {
    let access = beside::authorised(call).await?;
    let looked_up = Beside::of(&access, std::slice::from_ref(&access.object)).await?;
    let node_uuid = looked_up.view(&access.object).node_uuid;
    destroy(&access, access.object.clone(), node_uuid).await?;
    Ok(call.done())
}

/// Has some conductor delete an allocation.
///
/// # Errors
/// What the conductor answers.
pub async fn destroy<T>(
    access: &Access<'_, T>,
    allocation: Allocation,
    node_uuid: Option<&str>,
) -> Result<(), Fault> {
    let beside = [("node_uuid", node_uuid)];
    let told = access.call().tell(Action::Delete, &allocation, &beside);
    let to = access.ring().any_destination().await?;
    let request = DestroyAllocation {
        allocation: Box::new(Versioned::from(allocation)),
    };
    access.send(&to, request).await?;
    told.done();
    Ok(())
}
