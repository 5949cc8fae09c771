//! `/v1/nodes/{node}/history`

use schemas_model::Uuid;
use schemas_rest::page::Page;
use schemas_rest::types::history::{DETAILED, HistoryResource, HistoryView};
use schemas_rest::{Resource, Selection};

use crate::handlers::Answered;
use crate::request::{Call, shown_page};

/// What happened to a node, oldest first.
pub async fn list(call: &Call) -> Answered {
    let access = call.authorise_node().await?;
    let node = &access.object;
    let detail = call.args.boolean("detail") == Some(true);
    let page = Page::unchecked(&call.args, call.max_limit(), "created_at")?;
    let (selection, names) = if detail {
        (Selection::all(call.version), DETAILED)
    } else {
        (
            Selection::<HistoryResource>::short(call.version),
            HistoryResource::SHORT,
        )
    };
    let entries = access
        .db()
        .node_history_list(node.id, &shown_page(&page, &selection))
        .await?;
    let path = format!("nodes/{}/history", call.path("node"));
    let last = entries.last().map(|entry| entry.uuid.as_str());
    let extra = [("fields", names.join(","))];
    let next = page.next(&call.base, &path, entries.len(), last, &extra);
    let mut out = call.out();
    out.object(|out| {
        let views = entries.iter().map(|entry| HistoryView {
            entry,
            node_uuid: node.uuid.as_str(),
            detail,
        });
        out.key(HistoryResource::COLLECTION)
            .array(|out| selection.write_all(views, out));
        if let Some(next) = next {
            // The marker before this page comes first, as Python prints none.
            out.key("next")
                .text(&next.replacen('?', "?marker=None&", 1));
        }
    });
    Ok(call.answer(out.finish()))
}

/// One entry in full.
pub async fn show(call: &Call) -> Answered {
    let access = call.authorise_node().await?;
    let uuid = Uuid::from_stored(call.path("event").to_owned());
    let entry = access.db().node_history_by_uuid(&uuid).await?;
    let view = HistoryView {
        entry: &entry,
        node_uuid: access.object.uuid.as_str(),
        detail: true,
    };
    Ok(call.one(&Selection::<HistoryResource>::all(call.version), &view))
}
