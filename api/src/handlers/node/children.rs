//! `GET /v1/nodes/{node}/children`

use schemas_db::{Children, NodeFilter, Page};

use crate::handlers::Answered;
use crate::request::Call;

/// The UUIDs of a node's children.
pub async fn list(call: &Call) -> Answered {
    let parent = call.authorise_node().await?;
    let access = call.authorise_list("node", None)?;
    let filter = NodeFilter {
        children: Children::Of(parent.object.uuid.clone()),
        project: access.object.clone(),
        ..NodeFilter::default()
    };
    let children = access.db().node_brief_list(&filter, &Page::all()).await?;
    let mut out = call.out();
    out.object(|out| {
        out.key("children")
            .texts(children.iter().map(|child| child.uuid.as_str()));
        out.key("links").object(|out| {
            let uuid = &parent.object.uuid;
            let href = call.location(format_args!("nodes?parent_node={uuid}"));
            out.key("href").text(&href);
            out.key("rel").text("children");
        });
    });
    Ok(call.answer(out.finish()))
}
