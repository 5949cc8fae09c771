//! `GET /v1/shards`

use super::Answered;
use crate::request::Call;

/// The shards and how many nodes are in each, largest first. Nodes in none are counted under the
/// name Python has for it.
pub async fn list(call: &Call) -> Answered {
    let access = call.authorise()?;
    let shards = access.db().shard_list().await?;
    let mut out = call.out();
    out.object(|out| {
        out.key("shards").array(|out| {
            for shard in &shards {
                out.item().object(|out| {
                    out.key("name")
                        .text(shard.name.as_deref().unwrap_or("None"));
                    let count = i64::try_from(shard.count).unwrap_or(i64::MAX);
                    out.key("count").integer(count);
                });
            }
        });
    });
    Ok(call.answer(out.finish()))
}
