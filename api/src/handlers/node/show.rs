//! `GET /v1/nodes/{node}`

use super::beside;
use crate::handlers::Answered;
use crate::request::Call;

/// One node.
pub async fn show(call: &Call) -> Answered {
    let access = call.authorise_node().await?;
    let selection = call.one_selection()?;
    beside::answer(&access, &access.object, &selection).await
}
