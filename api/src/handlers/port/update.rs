//! `PATCH /v1/ports/{port}`

use schemas_model::provision::State;
use schemas_model::{Fault, Node, Port, Portgroup};
use schemas_rest::params::not_acceptable;
use schemas_rest::patch::Patch;
use schemas_rest::types::document;
use schemas_rest::types::port::{GATED_IN_PATCHES, PortResource};
use schemas_rest::validate::{self, client_error};
use schemas_rest::{Feature, Resource, Selection};
use schemas_rpc::Versioned;
use schemas_rpc::methods::UpdatePort;
use serde_json::Value;

use super::beside::{self, Beside, Found};
use super::create::check_physical_network;
use crate::handlers::node::parent;
use crate::handlers::portgroup::beside as portgroup;
use crate::handlers::{Answered, malformed_uri, mentioned};
use crate::notify::Action;
use crate::request::{Access, Call};

/// Changes a port: checks the change here, has the conductor of its node store it.
pub async fn update(call: &Call) -> Answered {
    let patch = Patch::parse(&call.document)?;
    if call.is_below_another() {
        return Err(malformed_uri());
    }
    patch.check_fields::<PortResource>()?;
    gate(call, &patch)?;
    let access = beside::authorised(call).await?;
    let before = &access.object.port;
    let old_node = access.object.node()?;

    let node = match patch.values("node_uuid").next() {
        None => old_node.clone(),
        Some(wanted) => {
            let wanted = wanted.as_str().unwrap_or_default();
            parent::linked(&access, old_node.owner.as_deref(), wanted, "node_uuid").await?
        }
    };
    let looked_up = Beside::of(&access, std::slice::from_ref(before)).await?;
    let original = document::<PortResource>(&looked_up.view(before));
    let mut patched = patch.apply(original.clone())?;
    patched.insert("node_uuid".to_owned(), node.uuid.as_str().into());
    let group = wanted_group(&access, &patched).await?;
    let patched = validate::patched::<PortResource>(patched)?;
    if patched.get("pxe_enabled").is_none_or(Value::is_null) {
        return Err(Fault::invalid_parameter(
            "pxe_enabled must be true or false.",
        ));
    }
    let mut after = before.clone();
    let mut changes = validate::store_changes::<PortResource>(&original, &patched, &mut after);
    after.node_id = Some(node.id);
    after.portgroup_id = group.as_ref().map(|group| group.id);
    if after.node_id != before.node_id {
        changes.push("node_id");
    }
    if after.portgroup_id != before.portgroup_id {
        changes.push("portgroup_id");
    }
    check(call, &patch, &node, &after, group.as_ref())?;

    let group_uuid = group.as_ref().map(|group| group.uuid.as_str());
    let told_beside = [
        ("node_uuid", Some(node.uuid.as_str())),
        ("portgroup_uuid", group_uuid),
    ];
    let told = call.tell(Action::Update, &after, &told_beside);
    let object = Versioned::changed(after, changes).with_node_uuid(Some(&node.uuid));
    let request = UpdatePort {
        port_obj: Box::new(object),
    };
    let stored = access.send_for(&node, request).await?.object;
    told.end(&stored, &told_beside);
    beside::answer(&access, &stored, &Selection::all(call.version)).await
}

/// Only some fields are checked against the version in patches.
fn gate(call: &Call, patch: &Patch) -> Result<(), Fault> {
    let touched = |name: &str| patch.values(name).next().is_some() || patch.removes(name);
    let early = GATED_IN_PATCHES.iter().any(|name| {
        PortResource::field(name).is_some_and(|field| !field.exists_at(call.version))
            && touched(name)
    });
    let link_type = "/local_link_connection/network_type";
    let early_type = !call.allows(Feature::LocalLinkConnectionNetworkType)
        && patch
            .0
            .iter()
            .any(|change| change.path.starts_with(link_type));
    if early || early_type {
        return Err(not_acceptable("Request not acceptable."));
    }
    Ok(())
}

async fn wanted_group(
    access: &Access<'_, Found>,
    patched: &validate::Members,
) -> Result<Option<Portgroup>, Fault> {
    match patched.get("portgroup_uuid").and_then(Value::as_str) {
        None | Some("") => Ok(None),
        Some(wanted) => portgroup::find(access.call(), wanted)
            .await
            .map(Some)
            .map_err(mentioned),
    }
}

fn check(
    call: &Call,
    patch: &Patch,
    node: &Node,
    after: &Port,
    group: Option<&Portgroup>,
) -> Result<(), Fault> {
    if node.provision_state == State::Inspecting && call.allows(Feature::InspectWait) {
        return Err(client_error(format!(
            "Cannot update port \"{}\" on \"{}\" while it is in state \"{}\".",
            after.uuid,
            node.uuid,
            State::Inspecting
        ))
        .with_code(409));
    }
    if patch.starts_with("physical_network") {
        check_physical_network(after)?;
        if group.is_some() && call.allows(Feature::PortgroupPhysicalNetwork) {
            return Err(Fault::invalid(
                "physical_network cannot be changed while the port belongs to a portgroup.",
            ));
        }
    }
    Ok(())
}
