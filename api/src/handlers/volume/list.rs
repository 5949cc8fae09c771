//! Lists of volume connectors and targets.

use schemas_db::VolumeFilter;
use schemas_model::{Fault, Uuid};
use schemas_rest::Selection;
use schemas_rest::page::{Page, python_boolean};

use super::beside;
use super::kind::Kind;
use crate::handlers::Answered;
use crate::request::{Access, Call, node_not_found, shown_page};

/// A short list, one with chosen fields, or one with all.
pub async fn list<K: Kind>(call: &Call) -> Answered {
    let access = call.authorise_list_below("volume").await?;
    let names = call.args.list("fields");
    // No names at all contradict no `detail` here.
    let is_detailed = call.args.boolean("detail").filter(|_| names != Some(&[]));
    let selection = Selection::<K>::of_list(names, is_detailed, call.version)?;
    let page = call.page::<K>()?;
    let volumes = volumes::<K>(&access, &shown_page(&page, &selection)).await?;
    let nodes = beside::nodes::<K, _>(&access, &volumes).await?;
    let next = next_link::<K>(call, &selection, &page, &volumes);
    let mut out = call.out();
    out.visible = beside::visible(&access);
    out.object(|out| {
        let views = volumes.iter().map(|volume| {
            let node = K::node_id(volume).and_then(|id| nodes.get(&id));
            K::view(volume, node.map(Uuid::as_str))
        });
        out.key(K::COLLECTION)
            .array(|out| selection.write_all(views, out));
        if let Some(next) = next {
            out.key("next").text(&next);
        }
    });
    Ok(call.answer(out.finish()))
}

/// The link to the next page repeats `detail` only when it is true.
fn next_link<K: Kind>(
    call: &Call,
    selection: &Selection<K>,
    page: &Page,
    volumes: &[K::Model],
) -> Option<String> {
    let mut extra = Vec::new();
    if call.args.boolean("detail") == Some(true) {
        extra.push(("detail", python_boolean(true)));
    }
    if let Some(names) = &selection.names {
        extra.push(("fields", names.join(",")));
    }
    let last = volumes.last().map(|volume| K::uuid(volume).as_str());
    page.next(&call.base, K::PATH, volumes.len(), last, &extra)
}

async fn volumes<K: Kind>(
    access: &Access<'_, Option<String>>,
    page: &schemas_db::Page,
) -> Result<Vec<K::Model>, Fault> {
    let parent = access.path_maybe("node");
    if let Some(parent) = parent
        && !Uuid::is_like(parent)
    {
        // Below a node, only its UUID finds it.
        return Err(node_not_found(parent));
    }
    let node_id = match parent.or(access.args.text("node")) {
        None => None,
        Some(ident) => {
            let rule = "baremetal:node:get";
            let found = access.call().authorise_node_for(rule, ident).await?;
            Some(found.object.id)
        }
    };
    let filter = VolumeFilter {
        node_id,
        project: access.object.clone(),
        ..VolumeFilter::default()
    };
    Ok(K::page(access.db(), &filter, page).await?)
}
