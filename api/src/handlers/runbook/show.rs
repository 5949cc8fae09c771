//! `GET /v1/runbooks/{runbook}`

use schemas_rest::types::runbook::{RunbookResource, check_selected};

use super::beside;
use crate::handlers::Answered;
use crate::request::Call;

/// One runbook; a public one is shown to everybody.
pub async fn show(call: &Call) -> Answered {
    let runbook = beside::find(call).await?;
    let allowed = call.authorise_owned(call.operation.rule, runbook.owner.as_deref());
    if let Err(fault) = allowed
        && !runbook.public
    {
        return Err(fault);
    }
    call.late_gates()?;
    check_selected(call.args.list("fields").unwrap_or_default(), call.version)?;
    let selection = call.one_selection::<RunbookResource>()?;
    Ok(call.one(&selection, &&runbook))
}
