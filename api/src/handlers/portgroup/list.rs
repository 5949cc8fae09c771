//! `GET /v1/portgroups`, `/v1/portgroups/detail`, and both below a node.

use schemas_db::PortgroupFilter;
use schemas_model::{Class, Fault, Portgroup, Uuid};
use schemas_rest::types::portgroup::PortgroupResource;
use schemas_rest::{Selection, Version};

use super::beside::Beside;
use crate::handlers::{Answered, lists};
use crate::request::{Access, Call, shown_page};

/// A short list, or one with chosen fields.
pub async fn list(call: &Call) -> Answered {
    let access = call.authorise_list_below("portgroup").await?;
    // The version decides which fields may be named; lists of port groups hide none.
    call.list_selection::<PortgroupResource>()?;
    let names = call.args.list("fields");
    let selection = Selection::of_list(names, call.args.boolean("detail"), Version::MAX)?;
    answer(access, selection, "portgroups").await
}

/// A list with all fields.
pub async fn detail(call: &Call) -> Answered {
    let access = call.authorise_list_below("portgroup").await?;
    answer(access, Selection::all(Version::MAX), "portgroups/detail").await
}

async fn answer(
    access: Access<'_, Option<String>>,
    selection: Selection<PortgroupResource>,
    path: &str,
) -> Answered {
    let page = access.page::<PortgroupResource>()?;
    let portgroups = portgroups(&access, &shown_page(&page, &selection)).await?;
    let beside = Beside::of(&access, &portgroups).await?;
    let last = portgroups.last().map(|group| group.uuid.as_str());
    let views = portgroups.iter().map(|group| beside.view(group));
    let extra = lists::detail(access.call());
    Ok(access.list(&selection, views, &page, path, last, &extra))
}

async fn portgroups(
    access: &Access<'_, Option<String>>,
    page: &schemas_db::Page,
) -> Result<Vec<Portgroup>, Fault> {
    let args = &access.call().args;
    let text = |name: &str| args.text(name).filter(|text| !text.is_empty());
    let list = |name: &str| args.list(name).filter(|list| !list.is_empty());
    let parent = access.path_maybe("node");
    if parent.is_some_and(|parent| !Uuid::is_like(parent)) {
        // Below a node, only its UUID finds it.
        return Err(Fault::new(
            Class::PortgroupNotFound,
            "Portgroups of a node can be listed by the node's UUID only.",
        ));
    }
    let node = parent.or(text("node"));
    let (address, shards) = (text("address"), list("shard"));
    let groups = list("conductor_groups");
    let given = [
        node.is_some(),
        address.is_some(),
        shards.is_some(),
        groups.is_some(),
    ];
    if given.into_iter().filter(|given| *given).count() > 1 {
        return Err(Fault::invalid(
            "Filtering by node, address, shard or conductor_groups simultaneously is not \
             supported.",
        ));
    }
    let node_id = match node {
        None => None,
        Some(ident) => {
            let rule = "baremetal:node:get";
            let found = access.call().authorise_node_for(rule, ident).await?;
            Some(found.object.id)
        }
    };
    let filter = PortgroupFilter {
        node_id,
        address: address.map(str::to_owned),
        project: access.object.clone(),
        shard_in: shards.map(<[String]>::to_vec),
        conductor_group_in: groups.map(<[String]>::to_vec),
    };
    Ok(access.db().portgroup_list(&filter, page).await?)
}
