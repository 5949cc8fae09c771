//! `PATCH /v1/inspection_rules/{rule}`

use schemas_rest::patch::Patch;
use schemas_rest::types::inspection_rule::{
    InspectionRuleResource, check_shown, document, patched,
};
use schemas_rest::{Selection, validate};

use super::beside;
use crate::handlers::Answered;
use crate::request::Call;

/// Changes an inspection rule.
pub async fn update(call: &Call) -> Answered {
    let patch = Patch::parse(&call.document)?;
    let access = beside::authorised(call).await?;
    let before = &access.object;
    let members = patched(before, &patch)?;
    let mut after = before.clone();
    validate::store_changes::<InspectionRuleResource>(&document(before), &members, &mut after);
    let shown = check_shown(&members);
    if after != *before || shown.is_err() {
        access.db().inspection_rule_save(before, &mut after).await?;
    }
    shown?;
    let selection = Selection::<InspectionRuleResource>::all(call.version);
    Ok(call.one(&selection, &&after))
}
