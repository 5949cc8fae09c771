//! `PATCH /v1/deploy_templates/{template}`

use schemas_rest::patch::Patch;
use schemas_rest::types::deploy_template::{
    DeployTemplateResource, DeployTemplateView, check_patched, forget_unknown,
};
use schemas_rest::types::document;
use schemas_rest::{Selection, validate};

use super::beside;
use crate::handlers::Answered;
use crate::notify::Action;
use crate::request::Call;

/// Changes a deploy template.
pub async fn update(call: &Call) -> Answered {
    let patch = Patch::parse(&call.document)?;
    patch.check_fields::<DeployTemplateResource>()?;
    let access = beside::authorised(call).await?;
    let before = &access.object;
    let original = document::<DeployTemplateResource>(&DeployTemplateView::from(before));
    let mut patched = patch.apply(original.clone())?;
    forget_unknown(&mut patched);
    let patched = validate::patched::<DeployTemplateResource>(patched)?;
    check_patched(&original, &patched)?;
    let mut after = before.clone();
    validate::store_changes::<DeployTemplateResource>(&original, &patched, &mut after);
    let told = call.tell(Action::Update, &after, &[]);
    access.db().deploy_template_save(before, &mut after).await?;
    told.end(&after, &[]);
    let selection = Selection::<DeployTemplateResource>::all(call.version);
    Ok(call.one(&selection, &DeployTemplateView::from(&after)))
}
