//! `GET /v1/allocations/{allocation}`

use schemas_rest::types::allocation::check_selected;

use super::beside;
use crate::handlers::Answered;
use crate::request::Call;

/// One allocation.
pub async fn show(call: &Call) -> Answered {
    let access = beside::authorised(call).await?;
    call.late_gates()?;
    check_selected(call.args.list("fields").unwrap_or_default(), call.version)?;
    let selection = call.one_selection()?;
    beside::answer(&access, &access.object, &selection).await
}
