//! `GET /v1/drivers`

use std::collections::BTreeMap;

use schemas_model::Fault;
use schemas_rest::shape::{Scope, Selection};
use schemas_rest::types::driver::DriverResource;

use super::known;
use crate::handlers::Answered;
use crate::request::Call;

/// The hardware types, in short or with their interfaces.
pub async fn list(call: &Call) -> Answered {
    let fields = call.args.list("fields");
    let detail = call.args.boolean("detail");
    if fields.is_some_and(|names| !names.is_empty()) && detail == Some(true) {
        return Err(Fault::invalid_parameter(
            "Can not specify ?detail=True and fields in the same request.",
        ));
    }
    let access = call.authorise()?;
    let wanted = call.args.text("type");
    if !matches!(wanted, None | Some("classic" | "dynamic")) {
        return Err(Fault::invalid(
            "\"type\" filter must be one of \"classic\" or \"dynamic\", if specified.",
        ));
    }
    let selection = match fields {
        Some(names) => Selection::chosen(names, call.version, Scope::List)?,
        None if detail == Some(true) => Selection::all(call.version),
        None => Selection::<DriverResource>::short(call.version),
    };
    // Classic drivers are gone.
    let drivers = if wanted == Some("classic") {
        BTreeMap::new()
    } else {
        known::all(&access).await?
    };
    let mut out = call.out();
    out.object(|out| {
        out.key("drivers").array(|out| {
            for (name, driver) in &drivers {
                selection.write(&driver.view(name), out.item());
            }
        });
    });
    Ok(call.answer(out.finish()))
}
