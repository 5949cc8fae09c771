//! `GET /v1/nodes`, `/v1/nodes/detail`, and both below a chassis.

use schemas_db::{Children, NodeFilter, NodeSummary};
use schemas_model::fault::FaultKind;
use schemas_model::provision::State;
use schemas_model::{Fault, Node, Uuid};
use schemas_rest::page::{Page, python_boolean};
use schemas_rest::types::node::{NodeResource, NodeView};
use schemas_rest::validate::client_error;
use schemas_rest::{Arguments, Out, Selection};
use serde_json::Value;

use super::beside::Beside;
use crate::handlers::{Answered, lists};
use crate::request::{Access, Call, db_page};

/// A short list, or one with chosen fields.
pub async fn list(call: &Call) -> Answered {
    let access = call.authorise_list("node", call.args.text("project"))?;
    let selection = call.list_selection::<NodeResource>()?;
    answer(access, selection, "nodes").await
}

/// A list with all fields.
pub async fn detail(call: &Call) -> Answered {
    let access = call.authorise_list("node", call.args.text("project"))?;
    let selection = Selection::all(call.version);
    answer(access, selection, "nodes/detail").await
}

async fn answer(
    access: Access<'_, Option<String>>,
    selection: Selection<NodeResource>,
    path: &str,
) -> Answered {
    let args = &access.call().args;
    let page = access.page::<NodeResource>()?;
    let filter = filter(&access)?;
    if selection.is_within(NodeSummary::FIELDS) && wanted_conductor(args).is_none() {
        return short(&access, &selection, path, &filter, &page).await;
    }
    let mut nodes = access.db().node_list(&filter, &db_page(&page)).await?;
    if let Some(wanted) = wanted_conductor(args) {
        let rings = access.ring().rings().await?;
        nodes.retain(|node| {
            rings
                .host_for(&node.conductor_group, &node.driver, node.uuid.as_str())
                .is_ok_and(|host| host == wanted)
        });
    }
    let beside = Beside::of(&access, &nodes, &selection).await?;
    let last = nodes.last().map(|node| node.uuid.as_str());
    let next = next_link(&access, &selection, &page, path, nodes.len(), last);
    let shared = access.visibility(None);
    let per_node = shared != schemas_rest::out::Visibility::PLAIN;
    let write_all = |out: &mut Out<'_>| {
        for (node, view) in beside.views(&nodes) {
            out.visible = if per_node {
                access.visibility(Some(node))
            } else {
                shared
            };
            selection.write(&view, out.item());
        }
    };
    let bytes = nodes.len() * BYTES_IN_FULL;
    Ok(access.collection::<NodeResource>(next, bytes, write_all))
}

/// What a node takes in an answer, as a first guess.
const BYTES_IN_FULL: usize = 3_000;
/// The same in a short list.
const BYTES_IN_SHORT: usize = 450;

/// A list that shows nothing but what a summary has.
async fn short(
    access: &Access<'_, Option<String>>,
    selection: &Selection<NodeResource>,
    path: &str,
    filter: &NodeFilter,
    page: &Page,
) -> Answered {
    let nodes = access
        .db()
        .node_summary_list(filter, &db_page(page))
        .await?;
    let count = nodes.len();
    let last = nodes.last().map(|node| node.uuid.as_str());
    let next = next_link(access, selection, page, path, count, last);
    // One node stands for all of them in turn.
    let mut node = Node::new(Uuid::from_stored(String::new()), "");
    let write_all = |out: &mut Out<'_>| {
        for summary in nodes {
            summary.put_into(&mut node);
            let view = NodeView {
                node: &node,
                chassis_uuid: None,
                allocation_uuid: None,
                conductor: None,
            };
            selection.write(&view, out.item());
        }
    };
    Ok(access.collection::<NodeResource>(next, count * BYTES_IN_SHORT, write_all))
}

/// The link to the next page repeats a few filters only.
fn next_link(
    access: &Access<'_, Option<String>>,
    selection: &Selection<NodeResource>,
    page: &Page,
    path: &str,
    count: usize,
    last: Option<&str>,
) -> Option<String> {
    let args = &access.call().args;
    if args.text("instance_uuid").is_some() {
        return None;
    }
    let mut extra: Vec<(&str, String)> = ["associated", "maintenance", "retired"]
        .into_iter()
        .filter(|name| args.boolean(name) == Some(true))
        .map(|name| (name, python_boolean(true)))
        .collect();
    extra.extend(lists::detail(access.call()));
    access.next_link(selection, page, path, count, last, extra)
}

fn filter(access: &Access<'_, Option<String>>) -> Result<NodeFilter, Fault> {
    let args = &access.call().args;
    let text = |name: &str| args.text(name).map(str::to_owned);
    let provision_state: Option<State> = match args.text("provision_state") {
        None => None,
        Some(word) => Some(word.parse().map_err(|_| {
            Fault::invalid_parameter(format!("Provision state \"{word}\" is not valid"))
        })?),
    };
    if let Some(word) = args.text("fault")
        && word.parse::<FaultKind>().is_err()
    {
        return Err(client_error(format!("Unrecognized fault \"{word}\"")));
    }
    let chassis = access
        .path_maybe("chassis")
        .map(|given| {
            Uuid::parse(given).map_err(|_| {
                Fault::invalid_parameter(format!("Expected UUID for chassis_uuid: {given}"))
            })
        })
        .transpose()?;
    Ok(NodeFilter {
        associated: args.boolean("associated"),
        maintenance: args.boolean("maintenance"),
        retired: args.boolean("retired"),
        sharded: args.boolean("sharded"),
        driver: text("driver"),
        resource_class: text("resource_class"),
        provision_state,
        fault: text("fault"),
        conductor_group: text("conductor_group"),
        owner: text("owner"),
        lessee: text("lessee"),
        project: access.object.clone(),
        shard_in: args.list("shard").map(<[String]>::to_vec),
        instance_uuid: text("instance_uuid"),
        instance_name: text("instance_name"),
        chassis_uuid: chassis.or_else(|| args.uuid("chassis_uuid")),
        description_contains: text("description_contains"),
        children: children(args),
        ..NodeFilter::default()
    })
}

/// Which children are listed. Detailed lists take the parameters as they come: there any text
/// asks for children.
fn children(args: &Arguments) -> Children {
    let as_given = |name: &str| args.json(name).and_then(Value::as_str);
    let included = args.boolean("include_children") == Some(true)
        || as_given("include_children").is_some_and(|word| !word.is_empty());
    match args.text("parent_node").or_else(|| as_given("parent_node")) {
        Some(_) if included && args.json("include_children").is_some() => Children::Included,
        Some(parent) => Children::Of(Uuid::from_stored(parent.to_owned())),
        None if included => Children::Included,
        None => Children::Excluded,
    }
}

/// The conductor whose nodes are wanted; an empty name wants all.
fn wanted_conductor(args: &Arguments) -> Option<&str> {
    args.text("conductor").filter(|name| !name.is_empty())
}
