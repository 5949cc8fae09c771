//! `GET /v1/conductors`

use schemas_rest::page::python_boolean;
use schemas_rest::types::conductor::{ConductorResource, ConductorView};

use crate::handlers::Answered;
use crate::request::{Call, db_page};

/// The conductors that ever registered, alive or not.
pub async fn list(call: &Call) -> Answered {
    let access = call.authorise()?;
    let selection = call.list_selection::<ConductorResource>()?;
    let page = call.page::<ConductorResource>()?;
    let conductors = access.db().conductor_list(&db_page(&page)).await?;
    let presence = access.ring().presence;
    let views = conductors.iter().map(|conductor| ConductorView {
        conductor,
        alive: access.db().conductor_is_alive(conductor, presence),
    });
    let extra: Vec<(&str, String)> = call
        .args
        .boolean("detail")
        .map(|detail| ("detail", python_boolean(detail)))
        .into_iter()
        .collect();
    let last = conductors
        .last()
        .map(|conductor| conductor.hostname.as_str());
    Ok(call.list(&selection, views, &page, "conductors", last, &extra))
}
