//! `GET /v1/portgroups/{portgroup}`

use super::beside;
use crate::handlers::{Answered, malformed_uri};
use crate::request::Call;

/// One port group.
pub async fn show(call: &Call) -> Answered {
    let access = beside::authorised(call).await?;
    if call.is_below_another() {
        return Err(malformed_uri());
    }
    call.late_gates()?;
    let selection = call.one_selection()?;
    beside::answer(&access, &access.object.portgroup, &selection).await
}
