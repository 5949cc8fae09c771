//! `PATCH /v1/allocations/{allocation}`

use schemas_model::Fault;
use schemas_rest::patch::Patch;
use schemas_rest::types::allocation::{AllocationResource, check_patch_values};
use schemas_rest::types::document;
use schemas_rest::{Selection, ident, validate};

use super::beside::{self, Beside};
use crate::handlers::Answered;
use crate::notify::Action;
use crate::request::Call;

/// Changes name and extra; no conductor is asked.
pub async fn update(call: &Call) -> Answered {
    check_patch_values(&call.document)?;
    let patch = Patch::parse_any_path(&call.document)?;
    let access = beside::authorised(call).await?;
    patch.check_fields::<AllocationResource>()?;
    for name in patch.values("name").filter_map(|name| name.as_str()) {
        if !name.is_empty() && !ident::is_logical_name_at(name, call.version) {
            return Err(Fault::invalid(format!(
                "Cannot update allocation with invalid name '{name}'"
            )));
        }
    }
    let before = &access.object;
    let looked_up = Beside::of(&access, std::slice::from_ref(before)).await?;
    let original = document::<AllocationResource>(&looked_up.view(before));
    let patched = patch.apply(original.clone())?;
    let patched = validate::patched::<AllocationResource>(patched)?;
    let mut after = before.clone();
    validate::store_changes::<AllocationResource>(&original, &patched, &mut after);
    let view = looked_up.view(before);
    let told_beside = [("node_uuid", view.node_uuid)];
    let told = call.tell(Action::Update, &after, &told_beside);
    if after != *before {
        access.db().allocation_save(before, &mut after).await?;
    }
    told.end(&after, &told_beside);
    beside::answer(&access, &after, &Selection::all(call.version)).await
}
