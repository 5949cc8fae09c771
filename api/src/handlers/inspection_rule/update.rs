//! `PATCH /v1/inspection_rules/{rule}`

use schemas_model::Array;
use schemas_rest::patch::Patch;
use schemas_rest::types::inspection_rule::{
    InspectionRuleResource, check_shown, document, patched,
};
use schemas_rest::{Selection, validate};
use serde_json::Value;

use super::beside;
use crate::handlers::Answered;
use crate::notify::Action;
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
    let mut stored = before.clone();
    if shown.is_err() {
        // Taking the conditions away counts as a change even where there were none.
        stored.conditions = Array::from_parsed(vec![Value::Null]);
    }
    let told = call.tell(Action::Update, &after, &[]);
    access
        .db()
        .inspection_rule_save(&stored, &mut after)
        .await?;
    told.end(&after, &[]);
    shown?;
    let selection = Selection::<InspectionRuleResource>::all(call.version);
    Ok(call.one(&selection, &&after))
}
