//! `GET /v1/inspection_rules/{rule}`

use schemas_rest::types::inspection_rule::InspectionRuleResource;

use super::beside;
use crate::handlers::Answered;
use crate::request::Call;

/// One inspection rule.
pub async fn show(call: &Call) -> Answered {
    let access = beside::authorised(call).await?;
    let selection = call.one_selection::<InspectionRuleResource>()?;
    Ok(call.one(&selection, &&access.object))
}
