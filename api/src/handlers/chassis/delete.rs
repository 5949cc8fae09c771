//! `DELETE /v1/chassis/{chassis}`

use crate::handlers::Answered;
use crate::notify::Action;
use crate::request::Call;

/// Deletes a chassis that has no nodes.
pub async fn delete(call: &Call) -> Answered {
    let uuid = super::uuid(call)?;
    let access = call.authorise()?;
    let chassis = access.db().chassis_by_uuid(&uuid).await?;
    let told = call.tell(Action::Delete, &chassis, &[]);
    access.db().chassis_destroy(&uuid).await?;
    told.done();
    Ok(call.done())
}
