//! `DELETE /v1/allocations/{allocation}`

use schemas_model::{Allocation, Fault};
use schemas_rpc::Versioned;
use schemas_rpc::methods::DestroyAllocation;

use super::beside;
use crate::handlers::Answered;
use crate::request::{Access, Call};

/// Deletes an allocation.
pub async fn delete(call: &Call) -> Answered {
    let access = beside::authorised(call).await?;
    destroy(&access, access.object.clone()).await?;
    Ok(call.done())
}

/// Has some conductor delete an allocation.
///
/// # Errors
/// What the conductor answers.
pub async fn destroy<T>(access: &Access<'_, T>, allocation: Allocation) -> Result<(), Fault> {
    let to = access.ring().any_destination().await?;
    let request = DestroyAllocation {
        allocation: Box::new(Versioned::from(allocation)),
    };
    access.send(&to, request).await
}
