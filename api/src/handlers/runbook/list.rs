//! `GET /v1/runbooks`

use schemas_db::RunbookFilter;
use schemas_rest::types::runbook::{RunbookResource, check_selected};
use schemas_rest::{Resource, Selection};

use crate::handlers::Answered;
use crate::handlers::lists::{self, LateSelection};
use crate::request::Call;

/// What the reference makes of `project=true`: the runbooks of a project of this name.
const TRUE_PROJECT: &str = "1";

/// A short list, one with chosen fields, or one with all.
pub async fn list(call: &Call) -> Answered {
    let asked = call.args.boolean("project") == Some(true);
    let access = call.authorise_list("runbook", asked.then_some(TRUE_PROJECT))?;
    lists::gate_names(call)?;
    let names = call.args.list("fields").unwrap_or_default();
    let selected = match check_selected(names, call.version) {
        Err(fault) => Err(fault),
        Ok(()) => call.list_selection::<RunbookResource>(),
    };
    let selected = LateSelection::of(selected, call)?;
    let page = call.page::<RunbookResource>()?;
    let filter = RunbookFilter {
        project: access.object.clone(),
        ..RunbookFilter::default()
    };
    let rows = schemas_db::Page {
        bare: !selected.has("steps") && !selected.has("traits"),
        ..selected.page(&page)
    };
    let runbooks = access.db().runbook_list(&filter, &rows).await?;
    let selection: Selection<_> = selected.for_rows(runbooks.len(), call)?;
    let last = runbooks.last().map(|runbook| runbook.uuid.as_str());
    let path = RunbookResource::COLLECTION;
    let extra = lists::detail(call);
    Ok(call.list(&selection, runbooks.iter(), &page, path, last, &extra))
}
