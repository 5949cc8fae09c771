//! `GET /v1/ports`, `/v1/ports/detail`, and both below a node or a port group.

use schemas_db::PortFilter;
use schemas_model::{Class, Fault, Port, Uuid};
use schemas_rest::params::not_acceptable;
use schemas_rest::types::port::PortResource;
use schemas_rest::{Feature, Selection};

use super::beside::Beside;
use crate::handlers::Answered;
use crate::handlers::lists::{self, LateSelection};
use crate::handlers::portgroup::beside as portgroup;
use crate::request::{Access, Call};

/// A short list, or one with chosen fields.
pub async fn list(call: &Call) -> Answered {
    let access = allowed(call).await?;
    let selection = LateSelection::of(call.list_selection::<PortResource>(), call)?;
    answer(access, selection, "ports").await
}

/// A list with all fields.
pub async fn detail(call: &Call) -> Answered {
    let access = allowed(call).await?;
    let selection = LateSelection::of(Ok(Selection::all(call.version)), call)?;
    answer(access, selection, "ports/detail").await
}

/// The list, if it is not below something hidden.
async fn allowed(call: &Call) -> Result<Access<'_, Option<String>>, Fault> {
    let listed = call.authorise_list_below("port").await;
    if let Err(denied) = &listed
        && denied.is_a(Class::HTTPForbidden)
        && let Some(group) = call.path_maybe("portgroup")
    {
        portgroup::seen(call, group).await?;
    }
    listed
}

async fn answer(
    access: Access<'_, Option<String>>,
    selection: LateSelection<PortResource>,
    path: &str,
) -> Answered {
    let page = access.page::<PortResource>()?;
    let ports = ports(&access, &selection.page(&page)).await?;
    let selection = selection.for_rows(ports.len(), access.call())?;
    let beside = Beside::of(&access, &ports).await?;
    // A port whose node went away meanwhile is gone, too.
    let views: Vec<_> = ports
        .iter()
        .filter_map(|port| beside.view_of_existing(port))
        .collect();
    let extra = lists::detail(access.call());
    let last = views.last().map(|view| view.port.uuid.as_str());
    Ok(access.list(&selection, views.into_iter(), &page, path, last, &extra))
}

async fn ports(
    access: &Access<'_, Option<String>>,
    page: &schemas_db::Page,
) -> Result<Vec<Port>, Fault> {
    let args = &access.call().args;
    let text = |name: &str| args.text(name).filter(|text| !text.is_empty());
    let parent_node = access.path_maybe("node");
    check_parents(access)?;
    let node = parent_node.or(text("node_uuid")).or(text("node"));
    let portgroup = access.path_maybe("portgroup").or(text("portgroup"));
    let shards = args.list("shard").filter(|list| !list.is_empty());
    let groups = args
        .list("conductor_groups")
        .filter(|list| !list.is_empty());
    let address = text("address");
    if let Some(node) = node
        && !access.allows(Feature::NodeName)
        && !Uuid::is_like(node)
    {
        return Err(not_acceptable("Request not acceptable."));
    }
    let exclusive = [node.is_some(), portgroup.is_some(), shards.is_some()];
    if exclusive.into_iter().filter(|given| *given).count() > 1 {
        return Err(Fault::new(
            Class::OperationNotPermitted,
            "Operation not permitted: ports of a node, of a port group and of shards exclude each \
             other.",
        ));
    }
    if groups.is_some() && (node.is_some() || portgroup.is_some() || address.is_some()) {
        return Err(Fault::invalid(
            "Filtering by conductor_groups cannot be combined with node, port group or address.",
        ));
    }
    let mut filter = PortFilter {
        project: access.object.clone(),
        description_contains: text("description_contains").map(str::to_owned),
        ..PortFilter::default()
    };
    if let Some(ident) = portgroup {
        let group = match access.path_maybe("portgroup") {
            Some(_) => portgroup::seen(access.call(), ident).await?,
            None => portgroup::find(access.call(), ident).await?,
        };
        filter.portgroup_id = Some(group.id);
    } else if let Some(ident) = node {
        let node = access
            .call()
            .authorise_node_for("baremetal:node:get", ident)
            .await?;
        filter.node_id = Some(node.object.id);
    } else if let Some(address) = address {
        // One port at most: a page begins nowhere.
        filter.description_contains = None;
        filter.address = Some(address.to_owned());
        let page = schemas_db::Page {
            marker: None,
            ..page.clone()
        };
        return Ok(access.db().port_list(&filter, &page).await?);
    } else if let Some(shards) = shards {
        filter.shard_in = Some(shards.to_vec());
    } else {
        filter.conductor_group_in = groups.map(<[String]>::to_vec);
    }
    Ok(access.db().port_list(&filter, page).await?)
}

/// Paths through another resource work by UUID only.
fn check_parents(access: &Access<'_, Option<String>>) -> Result<(), Fault> {
    let parents = [access.path_maybe("node"), access.path_maybe("portgroup")];
    match parents
        .into_iter()
        .flatten()
        .find(|name| !Uuid::is_like(name))
    {
        None => Ok(()),
        Some(name) => Err(Fault::new(
            Class::PortgroupNotFound,
            format!("{name} could not be found."),
        )),
    }
}
