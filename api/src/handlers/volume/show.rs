//! One volume connector or target.

use super::beside;
use super::kind::Kind;
use crate::handlers::{Answered, malformed_uri};
use crate::request::Call;

/// Shows the one of the path.
pub async fn show<K: Kind>(call: &Call) -> Answered {
    let access = beside::authorised::<K>(call).await?;
    if call.is_below_another() {
        return Err(malformed_uri());
    }
    call.late_gates()?;
    let selection = call.one_selection::<K>()?;
    beside::answer(&access, &access.object.volume, &selection).await
}
