//! `GET /v1/volume`, also below a node: links to what there is.

use schemas_rest::Out;

use crate::handlers::Answered;
use crate::request::Call;

/// The links; whether a node is there is not looked up.
pub async fn show(call: &Call) -> Answered {
    call.authorise()?;
    let place = match call.path_maybe("node") {
        Some(node) => format!("nodes/{node}/volume"),
        None => "volume".to_owned(),
    };
    let links = |out: &mut Out<'_>, name: &str, below: &str| {
        out.key(name).links(format_args!("{place}/{below}"));
    };
    let mut out = call.out();
    out.object(|out| {
        links(out, "links", "");
        links(out, "connectors", "connectors");
        links(out, "targets", "targets");
    });
    Ok(call.answer(out.finish()))
}
