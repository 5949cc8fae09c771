//! The end of volume connectors and targets.

use super::beside;
use super::kind::Kind;
use crate::handlers::{Answered, malformed_uri};
use crate::notify::Action;
use crate::request::Call;

/// Deletes one.
pub async fn delete<K: Kind>(call: &Call) -> Answered {
    let access = beside::authorised::<K>(call).await?;
    if call.is_below_another() {
        return Err(malformed_uri());
    }
    let found = &access.object;
    let node = found.node()?;
    let beside = [("node_uuid", Some(node.uuid.as_str()))];
    let told = call.tell(Action::Delete, &found.volume, &beside);
    K::destroy(&access, node, found.volume.clone()).await?;
    told.done();
    Ok(call.done())
}
