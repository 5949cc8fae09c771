//! The end of volume connectors and targets.

use super::beside;
use super::kind::Kind;
use crate::handlers::{Answered, malformed_uri};
use crate::request::Call;

/// Deletes one.
pub async fn delete<K: Kind>(call: &Call) -> Answered {
    let access = beside::authorised::<K>(call).await?;
    if call.is_below_another() {
        return Err(malformed_uri());
    }
    let found = &access.object;
    K::destroy(&access, found.node()?, found.volume.clone()).await?;
    Ok(call.done())
}
