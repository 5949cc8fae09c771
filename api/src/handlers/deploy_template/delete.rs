//! `DELETE /v1/deploy_templates/{template}`

use super::beside;
use crate::handlers::Answered;
use crate::notify::Action;
use crate::request::Call;

/// Deletes a deploy template.
pub async fn delete(call: &Call) -> Answered {
    let access = beside::authorised(call).await?;
    let told = call.tell(Action::Delete, &access.object, &[]);
    access
        .db()
        .deploy_template_destroy(access.object.id)
        .await?;
    told.done();
    Ok(call.done())
}
