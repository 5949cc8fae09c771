//! `DELETE /v1/runbooks/{runbook}`

use super::beside;
use crate::handlers::Answered;
use crate::notify::Action;
use crate::request::Call;

/// Deletes a runbook.
pub async fn delete(call: &Call) -> Answered {
    let access = beside::authorised(call).await?;
    let told = call.tell(Action::Delete, &access.object, &[]);
    access.db().runbook_destroy(access.object.id).await?;
    told.done();
    Ok(call.done())
}
