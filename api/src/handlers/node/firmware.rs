//! `GET /v1/nodes/{node}/firmware`

use schemas_rest::shape::Scope;
use schemas_rest::types::firmware_component::{FirmwareComponentResource, check_selected};
use schemas_rest::{Resource, Selection};

use crate::handlers::Answered;
use crate::request::Call;

/// The firmware components of a node and their versions.
pub async fn list(call: &Call) -> Answered {
    let access = call.authorise_node().await?;
    let selection = match call.args.list("fields") {
        None => Selection::all(call.version),
        Some(names) => {
            check_selected(names, call.version)?;
            Selection::<FirmwareComponentResource>::chosen(names, call.version, Scope::List)?
        }
    };
    let components = access
        .db()
        .firmware_component_list(access.object.id)
        .await?;
    let mut out = call.out();
    out.object(|out| {
        out.key(FirmwareComponentResource::COLLECTION)
            .array(|out| selection.write_all(components.iter(), out));
    });
    Ok(call.answer(out.finish()))
}
