//! `DELETE /v1/chassis/{chassis}`

use crate::handlers::Answered;
use crate::request::Call;

/// Deletes a chassis that has no nodes.
pub async fn delete(call: &Call) -> Answered {
    let uuid = super::uuid(call)?;
    let access = call.authorise()?;
    access.db().chassis_destroy(&uuid).await?;
    Ok(call.done())
}
