//! `DELETE /v1/inspection_rules/{rule}`, and of all of them, which does not exist.

use schemas_model::Fault;

use super::beside;
use crate::handlers::Answered;
use crate::notify::Action;
use crate::request::Call;

/// Deletes an inspection rule.
pub async fn delete(call: &Call) -> Answered {
    let access = beside::authorised(call).await?;
    let told = call.tell(Action::Delete, &access.object, &[]);
    access
        .db()
        .inspection_rule_destroy(&access.object.uuid)
        .await?;
    told.done();
    Ok(call.done())
}

/// 400: the reference crashes instead of deleting all rules.
pub async fn delete_all(call: &Call) -> Answered {
    call.authorise()?;
    Err(Fault::missing_parameter(
        "Missing mandatory parameter: inspection_rule_uuid",
    ))
}
