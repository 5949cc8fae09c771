//! `GET /v1/allocations/{allocation}`

use super::beside;
use crate::handlers::Answered;
use crate::request::Call;

/// One allocation.
pub async fn show(call: &Call) -> Answered {
    let access = beside::authorised(call).await?;
    call.late_gates()?;
    let selection = call.one_selection()?;
    beside::answer(&access, &access.object, &selection).await
}
