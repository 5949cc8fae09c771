//! `/v1/nodes/{node}/traits`

use schemas_model::{Class, Fault, Node, Uuid};
use schemas_rest::{mask, traits as grammar};
use schemas_rpc::NodeRef;
use schemas_rpc::methods::{AddNodeTraits, RemoveNodeTraits};
use serde_json::json;

use super::beside;
use crate::handlers::Answered;
use crate::notify::{Action, Telling};
use crate::request::{Access, Call};

/// The traits of a node.
pub async fn list(call: &Call) -> Answered {
    let access = call.authorise_node().await?;
    Ok(call.json(&json!({ "traits": access.object.traits })))
}

/// Replaces all traits.
pub async fn replace(call: &Call) -> Answered {
    let traits = grammar::document(&call.document)?;
    let access = call.authorise_node().await?;
    let traits = traits.ok_or_else(either)?;
    let node = &access.object;
    let request = AddNodeTraits {
        node_id: NodeRef::from(node.id),
        traits,
        replace: true,
    };
    let told = begin(&access).await?;
    access.send_for(node, request).await?;
    told.done();
    Ok(call.done())
}

/// Adds one trait.
pub async fn add(call: &Call) -> Answered {
    let name = call.path("trait").to_owned();
    grammar::check(&name)?;
    let given = grammar::document(&call.document)?;
    let access = call.authorise_node().await?;
    if given.is_some() {
        return Err(either());
    }
    if call.has_body && mask::is_truthy(&call.document) {
        return Err(Fault::invalid(
            "No body should be provided when adding a trait",
        ));
    }
    let node = &access.object;
    let request = AddNodeTraits {
        node_id: NodeRef::from(node.id),
        traits: vec![name.clone()],
        replace: false,
    };
    let told = begin(&access).await?;
    access.send_for(node, request).await?;
    told.done();
    let place = call.location(format_args!("nodes/{}/traits/{name}", call.path("node")));
    Ok(call.done().at(place))
}

/// Removes all traits.
pub async fn clear(call: &Call) -> Answered {
    take_away(call, None).await
}

/// Removes one trait.
pub async fn remove(call: &Call) -> Answered {
    take_away(call, Some(call.path("trait"))).await
}

async fn take_away(call: &Call, name: Option<&str>) -> Answered {
    let access = call.authorise_node().await?;
    let node = &access.object;
    let request = RemoveNodeTraits {
        node_id: NodeRef::from(node.id),
        traits: name.map(|name| vec![name.to_owned()]),
    };
    let told = begin(&access).await?;
    access.send_for(node, request).await.map_err(|fault| {
        if fault.is_a(Class::NodeTraitNotFound) {
            // The conductor names the node by its number, which is nobody's business.
            Fault::new(
                Class::NodeTraitNotFound,
                format!(
                    "Node {} doesn't have a trait '{}'",
                    node.uuid,
                    name.unwrap_or_default()
                ),
            )
        } else {
            fault
        }
    })?;
    told.done();
    Ok(call.done())
}

/// Traits are told as an update of their node.
async fn begin<'c>(access: &Access<'c, Node>) -> Result<Telling<'c>, Fault> {
    let chassis_uuid = beside::chassis_uuid(access, &access.object).await?;
    let beside = [("chassis_uuid", chassis_uuid.as_ref().map(Uuid::as_str))];
    Ok(access.call().tell(Action::Update, &access.object, &beside))
}

fn either() -> Fault {
    Fault::invalid(
        "A single node trait may be added via PUT /v1/nodes/<node>/traits/<trait> with no body, \
         or all node traits may be replaced via PUT /v1/nodes/<node>/traits with the list of \
         traits in the request body.",
    )
}
