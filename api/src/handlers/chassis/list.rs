//! `GET /v1/chassis`, `/v1/chassis/detail`

use schemas_rest::Selection;
use schemas_rest::page::python_boolean;
use schemas_rest::types::chassis::ChassisResource;

use crate::handlers::Answered;
use crate::request::{Access, Call, shown_page};

/// A short list, or one with chosen fields.
pub async fn list(call: &Call) -> Answered {
    let access = call.authorise()?;
    let selection = call.list_selection::<ChassisResource>()?;
    answer(access, selection, "chassis").await
}

/// A list with all fields.
pub async fn detail(call: &Call) -> Answered {
    let access = call.authorise()?;
    answer(access, Selection::all(call.version), "chassis/detail").await
}

async fn answer(access: Access<'_>, selection: Selection<ChassisResource>, path: &str) -> Answered {
    let page = access.page::<ChassisResource>()?;
    let chassis = access
        .db()
        .chassis_list(&shown_page(&page, &selection))
        .await?;
    let extra: Vec<(&str, String)> = access
        .args
        .boolean("detail")
        .map(|detail| ("detail", python_boolean(detail)))
        .into_iter()
        .collect();
    let last = chassis.last().map(|chassis| chassis.uuid.as_str());
    Ok(access.list(&selection, chassis.iter(), &page, path, last, &extra))
}
