//! `PATCH /v1/portgroups/{portgroup}`

use schemas_model::provision::State;
use schemas_model::{Fault, Node};
use schemas_rest::params::not_acceptable;
use schemas_rest::patch::Patch;
use schemas_rest::types::document;
use schemas_rest::types::portgroup::{GATED, PortgroupResource};
use schemas_rest::validate::{self, client_error};
use schemas_rest::{Feature, Selection, ident};
use schemas_rpc::Versioned;
use schemas_rpc::methods::{UpdatePortgroup, UpdatePortgroupPhysicalNetwork};

use super::beside::{self, Beside};
use crate::handlers::node::parent;
use crate::handlers::{Answered, malformed_uri};
use crate::notify::Action;
use crate::request::Call;

/// Changes a port group: checks the change here, has the conductor of its node store it.
pub async fn update(call: &Call) -> Answered {
    let patch = Patch::parse(&call.document)?;
    let access = beside::authorised(call).await?;
    if call.is_below_another() {
        return Err(malformed_uri());
    }
    check_patch(call, &patch)?;
    let before = &access.object.portgroup;
    let old_node = access.object.node()?;
    let node = match patch.values("node_uuid").next() {
        None => old_node.clone(),
        Some(wanted) => {
            let wanted = wanted.as_str().unwrap_or_default();
            parent::linked(&access, old_node.owner.as_deref(), wanted, "node_uuid").await?
        }
    };
    let looked_up = Beside::of(&access, std::slice::from_ref(before)).await?;
    let original = document::<PortgroupResource>(&looked_up.view(before));
    let mut patched = patch.apply(original.clone())?;
    patched.insert("node_uuid".to_owned(), node.uuid.as_str().into());
    check_removals(&patch, &patched)?;
    let patched = validate::patched::<PortgroupResource>(patched)?;
    let mut after = before.clone();
    let mut changes = validate::store_changes::<PortgroupResource>(&original, &patched, &mut after);
    after.node_id = Some(node.id);
    if after.node_id != before.node_id {
        changes.push("node_id");
    }
    check_state(call, &node)?;

    let told_beside = [("node_uuid", Some(node.uuid.as_str()))];
    let told = call.tell(Action::Update, &after, &told_beside);
    let to = access.ring().destination(&node).await?;
    let physical_network = after.physical_network.clone();
    let object = Versioned::changed(after, changes).with_node_uuid(Some(&node.uuid));
    let request = UpdatePortgroup {
        portgroup_obj: Box::new(object),
    };
    let stored = access.send(&to, request).await?.object;
    if patch.starts_with("physical_network") {
        // The ports of the group follow it.
        let object = Versioned::from(stored.clone()).with_node_uuid(Some(&node.uuid));
        let request = UpdatePortgroupPhysicalNetwork {
            portgroup: Box::new(object),
            new_physical_network: physical_network,
        };
        access.send(&to, request).await?;
    }
    told.end(&stored, &told_beside);
    beside::answer(&access, &stored, &Selection::all(call.version)).await
}

/// What can be said against a patch without looking at the port group.
fn check_patch(call: &Call, patch: &Patch) -> Result<(), Fault> {
    if !call.allows(Feature::PortgroupModeProperties)
        && GATED.iter().any(|name| patch.starts_with(name))
    {
        return Err(not_acceptable("Request not acceptable."));
    }
    patch.check_fields::<PortgroupResource>()?;
    for name in patch.values("name").filter_map(|name| name.as_str()) {
        if !name.is_empty() && !ident::is_logical_name_at(name, call.version) {
            return Err(client_error(format!(
                "Portgroup {}: Cannot change name to invalid name '{name}'",
                call.path("portgroup")
            )));
        }
    }
    Ok(())
}

/// What cannot be taken away: the mode, and what crashes the reference.
fn check_removals(patch: &Patch, patched: &validate::Members) -> Result<(), Fault> {
    for name in ["mode", "standalone_ports_supported"] {
        if !patched.contains_key(name) {
            return Err(client_error(format!(
                "'{name}' is a mandatory attribute and can not be removed"
            )));
        }
    }
    if patch.starts_with("physical_network") && patch.values("physical_network").next().is_none() {
        return Err(client_error(
            "'physical_network' can not be removed; set it to null instead",
        ));
    }
    Ok(())
}

fn check_state(call: &Call, node: &Node) -> Result<(), Fault> {
    if node.provision_state == State::Inspecting && call.allows(Feature::InspectWait) {
        return Err(client_error(format!(
            "Cannot update portgroup \"{}\" on node \"{}\" while it is in state \"{}\".",
            call.path("portgroup"),
            node.uuid,
            State::Inspecting
        ))
        .with_code(409));
    }
    Ok(())
}
