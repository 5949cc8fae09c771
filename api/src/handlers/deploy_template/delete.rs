//! `DELETE /v1/deploy_templates/{template}`

use super::beside;
use crate::handlers::Answered;
use crate::request::Call;

/// Deletes a deploy template.
pub async fn delete(call: &Call) -> Answered {
    let access = beside::authorised(call).await?;
    access
        .db()
        .deploy_template_destroy(access.object.id)
        .await?;
    Ok(call.done())
}
