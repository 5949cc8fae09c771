//! `GET /v1/allocations`

use schemas_db::AllocationFilter;
use schemas_model::Allocation;
use schemas_rest::Selection;
use schemas_rest::shape::Scope;
use schemas_rest::types::allocation::{AllocationResource, check_selected};

use super::beside::Beside;
use crate::handlers::{Answered, mentioned};
use crate::request::{Call, shown_page};

/// A list with all fields, or with chosen ones.
pub async fn list(call: &Call) -> Answered {
    let args = &call.args;
    let access = call.authorise_list("allocation", args.text("owner"))?;
    let selection = match args.list("fields") {
        Some(names) => {
            check_selected(names, call.version)?;
            Selection::chosen(names, call.version, Scope::List)?
        }
        None => Selection::<AllocationResource>::all(call.version),
    };
    let page = call.page::<AllocationResource>()?;
    let node_id = match args.text("node").filter(|ident| !ident.is_empty()) {
        None => None,
        Some(ident) => {
            let rule = "baremetal:node:get";
            let found = call.authorise_node_for(rule, ident).await;
            Some(found.map_err(mentioned)?.object.id)
        }
    };
    let state = args.text("state").map(str::parse);
    let allocations: Vec<Allocation> = match state {
        // No allocation is in a state that does not exist.
        Some(Err(_)) => Vec::new(),
        state => {
            let filter = AllocationFilter {
                state: state.and_then(Result::ok),
                resource_class: args.text("resource_class").map(str::to_owned),
                node_id,
                owner: access.object.clone(),
                ..AllocationFilter::default()
            };
            access
                .db()
                .allocation_list(&filter, &shown_page(&page, &selection))
                .await?
        }
    };
    let beside = Beside::of(&access, &allocations).await?;
    let last = allocations.last().map(|one| one.uuid.as_str());
    let views = allocations.iter().map(|one| beside.view(one));
    Ok(call.list(&selection, views, &page, "allocations", last, &[]))
}
