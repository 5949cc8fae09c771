//! `POST /v1/continue_inspection`: what the inspection ramdisk found.

use schemas_db::{Children, NodeFilter, Page};
use schemas_model::provision::State;
use schemas_model::{Class, Fault, Node, Uuid};
use schemas_rest::{Feature, ident, schema};
use schemas_rpc::methods::{ContinueInspection, CreateNode, GetNodeWithToken};
use schemas_rpc::{Destination, NodeRef, Versioned};
use serde_json::{Value, json};

use super::{check_enabled, lookup};
use crate::handlers::{Answered, no_host_is_400};
use crate::request::{Access, Call};

/// Member of `driver_internal_info`: the BMC addresses a node was known by when its inspection began.
const BMC_ADDRESSES: &str = "lookup_bmc_addresses";

/// Member of the plugin data of nodes that were enrolled by being found.
const AUTO_DISCOVERED: &str = "auto_discovered";

/// What the ramdisk says about itself.
struct Found {
    macs: Vec<String>,
    bmc: Vec<String>,
    uuid: Option<Uuid>,
}

/// Finds the node the data are of and passes them to its conductor.
pub async fn post(call: &Call) -> Answered {
    schema::inspection_data(&call.document)?;
    check_enabled(call)?;
    let found_uuid = call.args.uuid("node_uuid");
    let complete = call.allows(Feature::ContinueInspection);
    if !call.operation.gate.passes(call.version) || (found_uuid.is_some() && !complete) {
        return Err(Fault::not_found(format!(
            "API version {} or newer is required",
            Feature::ContinueInspection
        )));
    }
    let access = call.authorise()?;
    let mut data = call.document.as_object().cloned().unwrap_or_default();
    let inventory = data.shift_remove("inventory").unwrap_or_default();
    let found = Found {
        macs: macs(&inventory),
        bmc: bmc_addresses(&inventory),
        uuid: found_uuid,
    };
    if found.macs.is_empty() && found.bmc.is_empty() && found.uuid.is_none() {
        return Err(Fault::new(
            Class::BadRequest,
            "No lookup information provided",
        ));
    }
    let (node, to) = match find(&access, &found).await? {
        Some(node) => {
            let to = access.ring().destination(&node).await;
            (node, to.map_err(no_host_is_400)?)
        }
        None if call.config().auto_discovery.enabled => {
            data.insert(AUTO_DISCOVERED.to_owned(), true.into());
            enroll(&access).await?
        }
        None => return Err(unknown()),
    };
    let node_id = NodeRef::from(&node.uuid);
    // The token needs the node's lock, which the processing of the data holds for a while.
    let node = if complete {
        let request = GetNodeWithToken {
            node_id: node_id.clone(),
        };
        access.send(&to, request).await?.object
    } else {
        node
    };
    let request = ContinueInspection {
        node_id,
        inventory,
        plugin_data: Value::Object(data),
    };
    access.send(&to, request).await?;
    if complete {
        lookup::answer(&access, &node).await
    } else {
        Ok(call.json(&json!({ "uuid": node.uuid })))
    }
}

/// One answer for everything that does not fit: nobody learns which nodes exist.
fn unknown() -> Fault {
    Fault::not_found("Resource could not be found.")
}

fn macs(inventory: &Value) -> Vec<String> {
    inventory["interfaces"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|interface| interface["mac_address"].as_str().and_then(ident::mac))
        .collect()
}

fn bmc_addresses(inventory: &Value) -> Vec<String> {
    ["bmc_address", "bmc_v6address"]
        .iter()
        .filter_map(|name| inventory[*name].as_str())
        .filter(|address| !address.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The node that waits for these data; none when nothing points to any node.
async fn find(access: &Access<'_>, found: &Found) -> Result<Option<Node>, Fault> {
    let hide = |fault: Fault| {
        if fault.is_a(Class::NotFound) {
            unknown()
        } else {
            fault
        }
    };
    let mut node = match &found.uuid {
        None => None,
        Some(uuid) => {
            let node = access.db().node_by_uuid(uuid).await;
            Some(node.map_err(Fault::from).map_err(hide)?)
        }
    };
    if !found.macs.is_empty() {
        match access
            .db()
            .node_by_port_addresses(&found.macs)
            .await
            .map_err(Fault::from)
        {
            Ok(owner) => match &node {
                Some(known) if known.uuid != owner.uuid => return Err(unknown()),
                _ => node = Some(owner),
            },
            Err(fault) if fault.class == Class::DuplicateNodeOnLookup => return Err(unknown()),
            Err(fault) if fault.is_a(Class::NotFound) => {}
            Err(fault) => return Err(fault),
        }
    }
    if node
        .as_ref()
        .is_some_and(|node| node.provision_state != State::InspectWait)
    {
        return Err(unknown());
    }
    if found.bmc.is_empty() {
        return Ok(node);
    }
    by_bmc(access, found, node).await
}

async fn by_bmc(
    access: &Access<'_>,
    found: &Found,
    known: Option<Node>,
) -> Result<Option<Node>, Fault> {
    let filter = NodeFilter {
        provision_state: Some(State::InspectWait),
        children: Children::Excluded,
        ..NodeFilter::default()
    };
    let mut matching = access.db().node_list(&filter, &Page::all()).await?;
    matching.retain(|node| {
        let addresses = node.driver_internal_info.member(BMC_ADDRESSES);
        addresses
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .any(|address| found.bmc.iter().any(|given| given == address))
    });
    match known {
        Some(known)
            if !matching.is_empty() && matching.iter().all(|node| node.uuid != known.uuid) =>
        {
            Err(unknown())
        }
        Some(known) => Ok(Some(known)),
        None if matching.len() > 1 => Err(unknown()),
        None => Ok(matching.pop()),
    }
}

/// Enrolls a machine nobody knew (`[auto_discovery]`).
async fn enroll(access: &Access<'_>) -> Result<(Node, Destination), Fault> {
    // The ramdisk is told nothing about why.
    let hide = |fault: Fault| {
        tracing::error!(reason = %fault.message, "a discovered machine could not be enrolled");
        Fault::internal("The machine could not be enrolled.")
    };
    let config = access.config();
    let driver = config.auto_discovery.driver.clone().unwrap_or_default();
    let mut node = Node::new(Uuid::random(), driver);
    node.conductor_group = config.default.default_conductor_group.clone();
    node.resource_class = config.default.default_resource_class.clone();
    let to = access.ring().destination(&node).await.map_err(hide)?;
    tracing::info!(node.uuid = %node.uuid, "enrolling a discovered machine");
    let given = [
        "uuid",
        "driver",
        "conductor_group",
        "provision_state",
        "resource_class",
    ];
    let request = CreateNode {
        node_obj: Box::new(Versioned::partial(node, given)),
    };
    let created = access.send(&to, request).await.map_err(hide)?.object;
    Ok((created, to))
}
