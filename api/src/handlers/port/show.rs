//! `GET /v1/ports/{port}`

use super::beside;
use crate::handlers::{Answered, malformed_uri};
use crate::request::Call;

/// One port.
pub async fn show(call: &Call) -> Answered {
    if call.is_below_another() {
        return Err(malformed_uri());
    }
    let access = beside::authorised(call).await?;
    call.late_gates()?;
    let selection = call.one_selection()?;
    beside::answer(&access, &access.object.port, &selection).await
}
