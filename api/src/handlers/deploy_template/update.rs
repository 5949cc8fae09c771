//! `PATCH /v1/deploy_templates/{template}`

use schemas_rest::patch::Patch;
use schemas_rest::types::deploy_template::{
    DeployTemplateResource, DeployTemplateView, check_patched,
};
use schemas_rest::types::document;
use schemas_rest::{Selection, validate};

use super::beside;
use crate::handlers::Answered;
use crate::request::Call;

/// Changes a deploy template.
pub async fn update(call: &Call) -> Answered {
    let patch = Patch::parse(&call.document)?;
    patch.check_fields::<DeployTemplateResource>()?;
    let access = beside::authorised(call).await?;
    let before = &access.object;
    let original = document::<DeployTemplateResource>(&DeployTemplateView::from(before));
    let patched = patch.apply(original.clone())?;
    let patched = validate::patched::<DeployTemplateResource>(patched)?;
    check_patched(&original, &patched)?;
    let mut after = before.clone();
    validate::store_changes::<DeployTemplateResource>(&original, &patched, &mut after);
    access.db().deploy_template_save(before, &mut after).await?;
    let selection = Selection::<DeployTemplateResource>::all(call.version);
    Ok(call.one(&selection, &DeployTemplateView::from(&after)))
}
