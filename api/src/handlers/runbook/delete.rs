//! `DELETE /v1/runbooks/{runbook}`

use super::beside;
use crate::handlers::Answered;
use crate::request::Call;

/// Deletes a runbook.
pub async fn delete(call: &Call) -> Answered {
    let access = beside::authorised(call).await?;
    access.db().runbook_destroy(access.object.id).await?;
    Ok(call.done())
}
