//! `GET /v1/deploy_templates`

use schemas_rest::types::deploy_template::{DeployTemplateResource, DeployTemplateView};
use schemas_rest::{Resource, Selection};

use crate::handlers::Answered;
use crate::handlers::lists::{self, LateSelection};
use crate::request::Call;

/// A short list, one with chosen fields, or one with all.
pub async fn list(call: &Call) -> Answered {
    let access = call.authorise()?;
    lists::gate_names(call)?;
    let selected = call.list_selection::<DeployTemplateResource>();
    let selected = match selected {
        Err(fault) if !only_hidden_names(call) => return Err(fault),
        other => LateSelection::of(other, call)?,
    };
    let page = call.page::<DeployTemplateResource>()?;
    let rows = schemas_db::Page {
        bare: !selected.has("steps"),
        ..selected.page(&page)
    };
    let templates = access.db().deploy_template_list(&rows).await?;
    let selection: Selection<_> = selected.for_rows(templates.len(), call)?;
    let last = templates.last().map(|template| template.uuid.as_str());
    let views = templates.iter().map(DeployTemplateView::from);
    let path = DeployTemplateResource::COLLECTION;
    Ok(call.list(&selection, views, &page, path, last, &lists::detail(call)))
}

/// Whether `fields` names nothing that is unknown altogether; the hidden description is noticed
/// only when there is something to show.
fn only_hidden_names(call: &Call) -> bool {
    let names = call.args.list("fields").unwrap_or_default();
    names
        .iter()
        .all(|name| DeployTemplateResource::field(name).is_some())
}
