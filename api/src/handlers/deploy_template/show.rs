//! `GET /v1/deploy_templates/{template}`

use schemas_rest::types::deploy_template::{DeployTemplateResource, DeployTemplateView};

use super::beside;
use crate::handlers::Answered;
use crate::request::Call;

/// One deploy template.
pub async fn show(call: &Call) -> Answered {
    let access = beside::authorised(call).await?;
    let selection = call.one_selection::<DeployTemplateResource>()?;
    Ok(call.one(&selection, &DeployTemplateView::from(&access.object)))
}
